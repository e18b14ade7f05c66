/** Every value that decides a build, with what set it. */
import type {Situation} from '../build/situation.ts'
import type {CacheInUse} from '../cache/in-use.ts'
import {goDefault} from '../findings/facts-of-doctor.ts'
import {goEnvNames} from '../go/command/go-env.ts'
import {levelVariables} from '../go/command/level-variables.ts'
import type {Resolution} from '../launcher/launcher.ts'
import {describeOrigin, type Setting} from '../policy/policy.ts'
import type {System} from '../system/system.ts'
import {goEnvSetting} from '../toolchain/go-env-origin.ts'
import {goEnvFiles, type Here, sourced} from './go.ts'
import type {ModuleFacts} from './probes/module.ts'

/** `origin` says what set it; '' where there is nothing to say. `isUsual`: it is as go ships it, and shown only when all is asked for. */
export type Value = {name: string; value: string; origin: string; isUsual: boolean}

/** What go reads from the environment or its files, in the order of a build: what for, by what, from where, with which modules. */
const fromGo = [
  'GOTOOLCHAIN',
  'GOFLAGS',
  'GOOS',
  'GOARCH',
  ...levelVariables,
  'CGO_ENABLED',
  'CC',
  'CXX',
  'CGO_CFLAGS',
  'CGO_CPPFLAGS',
  'CGO_CXXFLAGS',
  'CGO_LDFLAGS',
  'PKG_CONFIG',
  'GOEXPERIMENT',
  'GOFIPS140',
  'GODEBUG',
  'GO111MODULE',
  'GOPATH',
  'GOBIN',
  'GOMODCACHE',
  'GOCACHEPROG',
  'GOTMPDIR',
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOINSECURE',
  'GOAUTH',
  'GOVCS',
]

/** For these go would make its cache and a working folder (cmd/go/internal/envcmd ExtraEnvVarsCostly); what they are where nobody sets them. */
const costly: Record<string, string> = {
  CGO_CFLAGS: '-O2 -g',
  CGO_CPPFLAGS: '',
  CGO_CXXFLAGS: '-O2 -g',
  CGO_LDFLAGS: '-O2 -g',
  PKG_CONFIG: 'pkg-config',
}

/** All that is asked of go, by name. */
export const askedNames = [...new Set([...goEnvNames, ...fromGo, 'GOTELEMETRY', 'GOTELEMETRYDIR'])].filter(
  name => !Object.hasOwn(costly, name),
)

/** What GOROOT/go.env holds as it comes from go.dev. */
const shipped: Record<string, string> = {
  GOPROXY: 'https://proxy.golang.org,direct',
  GOSUMDB: 'sum.golang.org',
  GOTOOLCHAIN: 'auto',
}

/** `situation` is undefined where go does not say what it would build with. */
export function listValues(
  here: Here,
  resolution: Resolution,
  module: ModuleFacts,
  situation: Situation | undefined,
): Value[] {
  const {system, go, env} = here
  const isGuarded = resolution.first?.isLauncher ?? false
  const shown = (name: string, value: string, origin: string): Value => ({
    name,
    value,
    origin,
    isUsual: false,
  })
  const usual = (name: string, value: string, origin: string): Value => ({name, value, origin, isUsual: true})
  return [
    shown(
      'go',
      resolution.first?.path ?? 'none',
      isGuarded ? 'gowarden, first on PATH' : 'first on PATH, not gowarden',
    ),
    ...(isGuarded || situation?.go.ownGoroot === undefined
      ? [
          shown(
            'real go',
            go,
            situation?.go.ownGoroot === undefined
              ? 'may choose another go'
              : resolution.isInstalled
                ? 'installed by gowarden'
                : 'next on PATH',
          ),
        ]
      : []),
    {...variable(here, 'GOROOT'), isUsual: false},
    shown('GOVERSION', env['GOVERSION'] ?? '', versionOrigin(here, module, situation)),
    usual('GOTOOLDIR', env['GOTOOLDIR'] ?? '', 'GOROOT'),
    ...(situation === undefined
      ? []
      : [
          shown('ToolchainHash', situation.toolchain.hash, 'every byte of GOROOT, just now'),
          usual('stamp flag', situation.toolchain.stampFlag, 'asked of the compiler'),
        ]),
    {...variable(here, 'GOCACHE'), isUsual: false},
    ...(situation === undefined ? [] : cacheValues(situation.cache)),
    ...fromGo.filter(name => !isOfOther(env, name) || system.env[name]).map(name => variable(here, name)),
    temporaryValue(system),
    ...telemetryValue(here),
    {...moduleValue(env['GOMOD'] ?? ''), isUsual: (env['GOMOD'] ?? '') === ''},
    workspaceValue(here),
    usual('GOENV', env['GOENV'] ?? '', ''),
    ...(situation === undefined ? [] : policyValues(situation)),
  ]
}

/** GOARM and its like are empty where go compiles for another architecture. */
function isOfOther(env: Here['env'], name: string): boolean {
  return env[name] === '' && /^GO(386|AMD64|ARM|ARM64|MIPS|MIPS64|PPC64|RISCV64|WASM)$/.test(name)
}

function variable(here: Here, name: string): Value {
  const {value, source} = sourced(here, name)
  const setting = goEnvSetting(here.system, goEnvFiles(here.env), name)
  const isShipped = setting?.source === 'go.env' && setting.value === shipped[name]
  const isUsual = setting === undefined || isShipped
  return {
    name,
    value: here.system.env[name] || value || (costly[name] ?? ''),
    origin: source === goDefault ? 'default' : source,
    isUsual,
  }
}

/** Which line or variable made go switch to this version; 'go' where it did not. */
function versionOrigin(
  {env}: Here,
  {toolchainLine, goLine}: ModuleFacts,
  situation: Situation | undefined,
): string {
  if (situation === undefined || situation.goroot.origin.kind !== 'chosen') return 'go'
  if (situation.go.ownGoroot === undefined) return `${situation.go.path}, which chooses`
  const named = env['GOTOOLCHAIN'] ?? ''
  if (/^go\d/.test(named)) return `GOTOOLCHAIN=${named}`
  const version = env['GOVERSION'] ?? ''
  const line = toolchainLine?.version === version ? toolchainLine : goLine
  return line === undefined ? 'go' : `switched by ${line.place}`
}

function temporaryValue(system: System): Value {
  const value = system.env['TMPDIR'] ?? ''
  return value === ''
    ? {name: 'TMPDIR', value: '/tmp', origin: 'default', isUsual: true}
    : {name: 'TMPDIR', value, origin: 'the environment', isUsual: false}
}

/** No variable sets it: `go telemetry` writes a file. */
function telemetryValue({env}: Here): Value[] {
  const value = env['GOTELEMETRY'] ?? ''
  const folder = env['GOTELEMETRYDIR'] ?? ''
  // Go before 1.23 has neither, and without a home it is off.
  if (value === '' || folder === '') return []
  return [{name: 'GOTELEMETRY', value, origin: `${folder}/mode`, isUsual: value === 'local'}]
}

function moduleValue(goMod: string): Omit<Value, 'isUsual'> {
  return {name: 'GOMOD', value: goMod, origin: goMod === '' ? '' : upwards}
}

function workspaceValue({system, env}: Here): Value {
  const value = env['GOWORK'] ?? ''
  const isSet = (system.env['GOWORK'] ?? '') !== ''
  return {
    name: 'GOWORK',
    value,
    origin: isSet ? 'the environment' : value === '' ? '' : upwards,
    isUsual: value === '',
  }
}

const upwards = 'from the working directory upwards'

/** Who set a value; that a policy file lowered the default is said. */
function originOf<T>({value, origin}: Setting<T>, lowered: T): string {
  const lowers = value === lowered && origin.kind === 'file'
  return `${describeOrigin(origin)}${lowers ? ', which lowers the default' : ''}`
}

function policyValues({policy, folder}: Situation): Value[] {
  const {cache, stamp} = policy
  return [
    {
      name: 'policy cache',
      value: cache.value,
      origin: originOf(cache, 'share'),
      isUsual: cache.origin.kind === 'default',
    },
    {
      name: 'policy stamp',
      value: stamp.value,
      origin: originOf(stamp, 'off'),
      isUsual: stamp.origin.kind === 'default',
    },
    {
      name: 'remembered in',
      value: folder.path,
      origin: folder.kind === 'usable' ? '' : folder.reason,
      isUsual: folder.kind === 'usable',
    },
  ]
}

function cacheValues(cache: CacheInUse): Value[] {
  if (cache.kind !== 'directory') return []
  const {record} = cache.contents
  const owners = record.kind === 'owned' ? record.owners : []
  const shown = (name: string, value: string, origin: string): Value => ({
    name,
    value,
    origin,
    isUsual: false,
  })
  return [
    ...(cache.isIsolated ? [shown('own cache', cache.path, 'policy cache: isolate')] : []),
    ...(owners.length === 0 ? [shown('cache owner', 'none recorded', '')] : []),
    ...owners.map(owner => shown('cache owner', owner.hash, owner.goroot)),
  ]
}
