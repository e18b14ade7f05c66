/** What a binary says of how it was built, as a go command that builds it again. Nothing is looked up here. */
import {type BuildInfo, isSameVersion, stampOf} from '../go/binary/build-info.ts'
import {goVersionName} from '../go/command/go-env.ts'
import {isLevelVariable} from '../go/command/level-variables.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import {type FlagKind, refusedFlag} from './allowed-flags.ts'

/** What a person adds to what the binary says. */
export type Wishes = {
  /** A Git repository with the source; undefined for a module from the proxy. */
  source?: string
  /** Whether the C compiler may run. */
  cgo?: true
  /** Link flags that -trimpath hides. */
  ldflags?: string
  /** A toolchain that is installed, in place of the published one. */
  goroot?: string
}

export type Recipe = {
  origin:
    | {kind: 'module'; path: string; version: string}
    /** `revision` is undefined where the binary names none. */
    | {kind: 'source'; module: string; revision: string | undefined}
  package: string
  /** `go1.26.8` */
  goVersion: string
  /** The toolchain that the stamp names; undefined without one. */
  stamp: ToolchainHash | undefined
  env: Record<string, string>
  /** Without -ldflags where those are hidden. */
  flags: string[]
  /** Whether -trimpath kept go from recording -ldflags, and nobody has said them. */
  hidesLinkFlags: boolean
  /** Whether -buildmode is exe, which go records where it was named and where it was not. */
  isPlainExe: boolean
  hasCgo: boolean
}

/** 'call': the person can say what is missing. 'refused': nobody can rebuild it here. */
export type RecipeOrNot =
  | {kind: 'recipe'; recipe: Recipe}
  | {kind: 'call'; reason: string; hint: string}
  | {kind: 'refused'; reason: string; hint?: string}

export function recipeOf(info: BuildInfo, wishes: Wishes): RecipeOrNot {
  const refused = (reason: string, hint?: string): RecipeOrNot => ({
    kind: 'refused',
    reason,
    ...(hint === undefined ? {} : {hint}),
  })
  const setting = (key: string) => info.settings.find(each => each.key === key)?.value
  const {path, main} = info
  if (info.settings.length === 0)
    return refused('it records no build settings, as Go before 1.18 did, or a build without go build')
  if (path === undefined || main === undefined) return refused('it names no package and module')
  if (path === 'command-line-arguments')
    return refused('it was built from files named on the command line, and does not say which')
  if (path.endsWith('.test')) return refused('it is a test binary (go test -c), which go builds differently')
  if (!isWord(path) || !isWord(main.path) || !isWord(main.version))
    return refused('the names of its package or module are none that go writes')
  const compiler = setting('-compiler') ?? 'gc'
  if (compiler !== 'gc') return refused(`it was compiled by ${compiler}`)
  const stamp = stampOf(info)
  if (stamp?.kind === 'stamped' && stamp.standIns !== undefined)
    return refused(
      `its stamp says that -${stamp.standIns[0]?.kind} stood in for the toolchain: that is not run again`,
    )
  for (const {key, value} of info.settings) {
    if (!isFlagKind(key)) continue
    const flag = refusedFlag(key, value, wishes.cgo === true)
    if (flag !== undefined)
      return refused(`it asks for ${key} ${flag}: a flag that a binary does not get to choose here`)
  }
  const env = environment(info, setting)
  if (typeof env === 'string') return refused(env)
  const origin = originOf(info, wishes, setting)
  if ('reason' in origin) return origin

  const isTrimmed = setting('-trimpath') === 'true'
  return {
    kind: 'recipe',
    recipe: {
      origin,
      package: path,
      goVersion: goVersionName(info.goVersion),
      stamp:
        stamp?.kind === 'stamped' && isSameVersion(stamp.version, info.goVersion)
          ? parseToolchainHash(stamp.hash)?.hash
          : undefined,
      env,
      flags: flagsOf(info, wishes, setting),
      hidesLinkFlags: isTrimmed && wishes.ldflags === undefined,
      isPlainExe: setting('-buildmode') === 'exe',
      hasCgo: setting('CGO_ENABLED') === '1',
    },
  }
}

/** A module that came whole from a proxy has its hash beside it; everything else was built in a folder of somebody's. */
function originOf(
  {main, path}: BuildInfo,
  {source}: Wishes,
  setting: (key: string) => string | undefined,
): Recipe['origin'] | Exclude<RecipeOrNot, {kind: 'recipe'}> {
  if (main?.sum !== undefined) {
    if (source !== undefined)
      return {
        kind: 'call',
        reason: `it was built from ${main.path}@${main.version}, which the proxy has`,
        hint: 'call it without --source',
      }
    return {kind: 'module', path: main.path, version: main.version}
  }
  const vcs = setting('vcs')
  const revision = setting('vcs.revision')
  if (vcs !== undefined && vcs !== 'git') return {kind: 'refused', reason: `its source is in ${vcs}, not Git`}
  if (revision !== undefined && !/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision))
    return {kind: 'refused', reason: 'its revision is none of Git'}
  if (source === undefined)
    return {
      kind: 'call',
      reason:
        revision === undefined
          ? `it was built from a folder with the module ${main?.path ?? path}, and names no revision`
          : `it was built from revision ${revision} of a repository with the module ${main?.path ?? path}`,
      hint: 'name a clone of it: gowarden rebuild --source DIR FILE',
    }
  return {kind: 'source', module: main?.path ?? '', revision}
}

const passedOn = ['CGO_ENABLED', 'GOOS', 'GOARCH', 'GOEXPERIMENT', 'GOFIPS140']

/** What go reads from the environment; or which of it nobody would write. */
function environment(
  {settings}: BuildInfo,
  setting: (key: string) => string | undefined,
): Record<string, string> | string {
  const env: Record<string, string> = {}
  for (const {key, value} of settings) {
    if (!passedOn.includes(key) && !isLevelVariable(key)) continue
    if (!/^[A-Za-z0-9_.,-]*$/.test(value)) return `its ${key} is none that go knows`
    env[key] = value
  }
  return setting('GOOS') === undefined || setting('GOARCH') === undefined
    ? 'it names no GOOS and GOARCH'
    : env
}

const switches = ['-asan', '-cover', '-msan', '-race', '-trimpath']

function flagsOf(
  {settings}: BuildInfo,
  {ldflags}: Wishes,
  setting: (key: string) => string | undefined,
): string[] {
  const flags = settings.flatMap(({key, value}) => {
    if (key === '-buildmode') return value === 'exe' ? [] : [`${key}=${value}`]
    if (key === '-tags' || key === '-gcflags' || key === '-asmflags') return [`${key}=${value}`]
    if (key === '-ldflags' && ldflags === undefined) return [`${key}=${value}`]
    return switches.includes(key) && value === 'true' ? [key] : []
  })
  return [
    ...flags,
    ...(ldflags === undefined ? [] : [`-ldflags=${ldflags}`]),
    // A profile beside package main counts by itself, and where none is recorded none counted.
    ...(setting('-pgo') === undefined ? ['-pgo=off'] : []),
    `-buildvcs=${setting('vcs') !== undefined}`,
  ]
}

/** A name that is no flag and no command of a shell's: module.CheckPath allows less. */
function isWord(text: string): boolean {
  return /^[A-Za-z0-9(][^\s\p{C}]*$/u.test(text)
}

function isFlagKind(key: string): key is FlagKind {
  return key === '-gcflags' || key === '-asmflags' || key === '-ldflags'
}
