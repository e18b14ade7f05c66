/**
 * `gowarden doctor`: whether `go build`, typed here, is guarded, whether it can build, and every value and finding that decides
 * it. Writes nothing, and downloads nothing that go itself would not at once.
 */
import {judge} from '../build/judge.ts'
import {readSituation, type Situation, type SituationAnswer} from '../build/situation.ts'
import type {DoctorFound, Finding} from '../findings/finding.ts'
import {goVersionName, parseGoEnv, parseGoroot} from '../go/command/go-env.ts'
import {levelVariables} from '../go/command/level-variables.ts'
import {findRealGo, type Resolution, resolveGo} from '../launcher/launcher.ts'
import {applyBuildLevels, applyDoctorLevels} from '../policy/apply-levels.ts'
import {findPolicy} from '../policy/find.ts'
import {reasonOf, storeFolder} from '../store/folder.ts'
import {isSystemError, isWorldError} from '../system/errors.ts'
import {withScratch} from '../system/node.ts'
import type {System} from '../system/system.ts'
import {withoutSecretsIn} from '../text/secrets.ts'
import {goEnvFile, goEnvSetting} from '../toolchain/go-env-origin.ts'
import {isRememberedProof} from '../toolchain/proof-memo.ts'
import {checkClock} from './checks/clock.ts'
import {checkFolders} from './checks/folders.ts'
import {foreignFiles} from './checks/foreign.ts'
import {checkGorootParts} from './checks/goroot.ts'
import {checkModule} from './checks/module.ts'
import {checkRefusal} from './checks/refusal.ts'
import {checkTarget} from './checks/target.ts'
import {checkTools} from './checks/tools.ts'
import {checkVcs} from './checks/vcs.ts'
import {type Answer, askGo, goEnvFiles, type Here, parseVariables, sourced} from './go.ts'
import {type Guard, probeGuard} from './guard.ts'
import {lenient} from './lenient.ts'
import {probeClock} from './probes/clock.ts'
import {probeFolders} from './probes/folders.ts'
import {compiledAmong, type GorootParts, probeGorootParts} from './probes/goroot.ts'
import {probeIndex} from './probes/index.ts'
import {probeModule} from './probes/module.ts'
import {probeRefusal, type Refusal} from './probes/refusal.ts'
import {probeTarget} from './probes/target.ts'
import {probeTools} from './probes/tools.ts'
import {probeVcs} from './probes/vcs.ts'
import {askedNames, listValues, type Value} from './values.ts'

export type Diagnosis = {
  values: Value[]
  findings: Finding[]
  guard: {kind: Guard['kind']; reason: string; fix: string}
  /** Whether nothing that was looked at keeps `go build` from working here. */
  canBuild: boolean
}

/** A diagnosis with what it rests on: the situation of `go build` where that is known, and what a build would be told of it. */
export type Examined = {diagnosis: Diagnosis; situation: Situation | undefined; judged: readonly Finding[]}

/**
 * Looks at everything a `go build` in this directory rests on. With `everyByte` the toolchain is read whole, and nothing
 * remembered counts.
 */
export async function doctor(system: System, options: {everyByte: boolean}): Promise<Diagnosis> {
  return (await examine(system, options)).diagnosis
}

/** The same, for who goes on from there. The diagnosis alone holds no secret. */
export async function examine(system: System, options: {everyByte: boolean}): Promise<Examined> {
  try {
    const examined = await examineHere(system, options)
    return {...examined, diagnosis: withoutSecretsIn(examined.diagnosis)}
  } catch (error) {
    if (!isSystemError(error)) throw error
    const guard = {kind: 'refused' as const, reason: placedReason(error), fix: ''}
    return only(withoutSecretsIn({values: [], findings: [], guard, canBuild: false}))
  }
}

/** Where nothing is known of a build. */
function only(diagnosis: Diagnosis): Examined {
  return {diagnosis, situation: undefined, judged: []}
}

async function examineHere(system: System, {everyByte}: {everyByte: boolean}): Promise<Examined> {
  const resolution = resolveGo(system)
  const asked = {system: lenient(system), go: findRealGo(system), asking: {}}
  const answer = await askGo(asked, ['env', '-json', ...askedNames], {GOPROXY: system.env['GOPROXY']})
  const env = answer.status === 0 ? parseVariables(answer.stdout) : undefined
  if (env === undefined) return only(await diagnoseRefusing(system, asked, resolution, answer))
  return await withCache(asked.system, env['GOCACHE'] ?? '', asking =>
    diagnose(system, {...asked, env, asking}, resolution, everyByte),
  )
}

/** go makes its cache when it is asked anything of packages: where there is none yet, it gets one that is removed again. */
async function withCache<T>(
  {files, env}: System,
  cache: string,
  body: (asking: Here['asking']) => Promise<T>,
): Promise<T> {
  const temporary = env['TMPDIR'] || '/tmp'
  if (!cache.startsWith('/') || files.stat(cache) !== undefined || files.stat(temporary) === undefined)
    return await body({})
  return await withScratch(async GOCACHE => await body({GOCACHE}))
}

/** Where go names no GOROOT there is nothing to look at. */
const noParts: GorootParts = {
  missing: [],
  tools: [],
  unbuilt: [],
  asksOuter: undefined,
  source: {files: [], versionNs: undefined, release: undefined},
}

/** Where go says what it would build with. */
async function diagnose(
  system: System,
  here: Here,
  resolution: Resolution,
  everyByte: boolean,
): Promise<Examined> {
  const {go, env} = here
  const goroot = parseGoroot(env['GOROOT'])
  // Before go is asked anything of packages: it writes anew when it trimmed its cache.
  const clock = probeClock(here)
  // go runs while GOROOT is read here.
  const probes = Promise.all([
    probeRefusal(here),
    probeModule(here),
    probeTarget(here),
    goroot === undefined ? noParts : probeGorootParts(here, goroot),
    probeVcs(here),
    probeTools(here.system),
    probeIndex(here),
  ])
  probes.catch(() => undefined)
  const situated = await situate(system, here, everyByte)
  const [refusal, module, target, parts, vcs, tools, index] = await probes

  const version = goVersionName(env['GOVERSION'] ?? '')
  const isProven =
    situated.kind === 'known' &&
    isRememberedProof(system, situated.situation.folder, situated.situation.toolchain.hash)
  const foreign = isProven ? undefined : await foreignIn(here, parts)
  const ofGoroot =
    situated.kind === 'left-to-go' ? [] : checkGorootParts(sourced(here, 'GOROOT'), version, parts, foreign)
  const found = [
    ...ofGoroot,
    ...checkModule(module, version, sourced(here, 'GOTOOLCHAIN')),
    ...checkFolders(probeFolders(here, system.files)),
    ...checkClock(clock),
    ...(index === undefined ? [] : [{code: 'INDEX_KEEPS_ERROR' as const, facts: index}]),
    ...checkTarget(target),
    ...checkVcs(vcs),
    ...checkTools(tools, module.goLine, version),
  ]
  const situation = situated.kind === 'known' ? situated.situation : undefined
  const judged =
    situation === undefined ? [] : (await judge(system, situation, {isOnlyLooking: true})).findings
  const policy = situation?.policy ?? (await findPolicy(system, system.cwd))
  const guard = situated.kind === 'unreadable' ? refusedFor(situated) : probeGuard(system, resolution)
  const left = situated.kind === 'left-to-go' ? applyBuildLevels(situated.found, policy).findings : []
  const named = applyDoctorLevels(
    [...found, ...(guard.kind === 'guarded' ? guard.findings : [])],
    policy.levels,
  )
  const refused = withoutExplained(applyDoctorLevels(checkRefusal(go, refusal), policy.levels), [
    ...left,
    ...named,
  ])
  const findings = [...judged, ...left, ...named, ...refused]
  const diagnosis = {
    values: listValues(here, resolution, module, situation),
    findings,
    guard: verdict(
      situated.kind === 'left-to-go' && guard.kind === 'guarded'
        ? {kind: 'unguarded', reason: `GOROOT ${goroot} holds no Go toolchain`, fix: ''}
        : guard,
    ),
    canBuild:
      findings.every(({level}) => level !== 'error') && !['left-to-go', 'unreadable'].includes(situated.kind),
  }
  return {diagnosis, situation, judged}
}

/** The files of another release in GOROOT, and which of them go compiles. */
async function foreignIn(here: Here, {source}: GorootParts): Promise<Parameters<typeof checkGorootParts>[3]> {
  const found = foreignFiles(source)
  return found && {...found, compiled: await compiledAmong(here, found.paths)}
}

/** What the system refused, with the path where it says it. */
function placedReason(error: unknown): string {
  const path = error instanceof Error && 'path' in error ? `${error.path}: ` : ''
  return `${path}${reasonOf(error)}`
}

type Situated =
  | Exclude<SituationAnswer, {kind: 'go-failed'}>
  | {kind: 'unreadable'; reason: string; hint: string}
  | {kind: 'go-failed'}

/** The situation of `go build`. A GOROOT that cannot be read is an answer: it may be a finding. */
async function situate(system: System, {go, env}: Here, everyByte: boolean): Promise<Situated> {
  const known = parseGoEnv(JSON.stringify(env))
  try {
    return await readSituation(system, go, storeFolder(system), ['build'], {
      everyByte,
      ...(known === undefined ? {} : {asked: {kind: 'known', env: known}}),
    })
  } catch (error) {
    if (isWorldError(error)) return {kind: 'unreadable', reason: error.message, hint: error.hint ?? ''}
    if (!isSystemError(error)) throw error
    return {kind: 'unreadable', reason: placedReason(error), hint: ''}
  }
}

/** What the launcher would say before anything runs. */
function refusedFor({reason, hint}: {reason: string; hint: string}): Guard {
  return {kind: 'refused', reason, fix: hint}
}

/** go's words are left out where a finding says what is behind them. */
function withoutExplained(refusal: Finding[], found: readonly Finding[]): Finding[] {
  const isExplained = found.some(({level, code}) => level === 'error' || code === 'GOROOT_NO_TOOLCHAIN')
  return refusal.filter(
    finding =>
      finding.code !== 'GO_REFUSES' ||
      !isExplained ||
      !['GOCACHE', 'GOROOT', undefined].includes(finding.facts.variable?.name),
  )
}

/** Where go does not even say what it would build with: its words, what makes it say them, and what it says without that. */
async function diagnoseRefusing(
  system: System,
  asked: Omit<Here, 'env'>,
  resolution: Resolution,
  answer: Answer,
): Promise<Diagnosis> {
  const {go} = asked
  const unset = Object.fromEntries(['GOROOT', 'GOFLAGS', ...levelVariables].map(name => [name, undefined]))
  const harmless = {...unset, GOTOOLCHAIN: 'local', GOEXPERIMENT: 'none'}
  const words = ['env', '-json', ...askedNames]
  const answers = await Promise.all(
    [harmless, {...harmless, GOENV: 'off'}].map(async more => await askGo(asked, words, more)),
  )
  const env = parseVariables(answers.find(({status}) => status === 0)?.stdout ?? '') ?? {}
  if (!env['GOENV']?.startsWith('/')) env['GOENV'] = goEnvFile(system)
  for (const name of askedNames) {
    const setting = goEnvSetting(asked.system, goEnvFiles(env), name)
    if (setting !== undefined) env[name] = setting.value
  }
  const here: Here = {...asked, env}
  const refusal = (await probeRefusal(here, ['env', ...askedNames])) ?? {
    said: answer.stderr.trim(),
    variable: undefined,
  }
  const module = await probeModule(here)
  const policy = await findPolicy(system, system.cwd)
  const own = [
    ...checkUnavailable(here, module.toolchainLine ?? module.goLine, refusal, go),
    // What go did not say is not known.
    ...checkFolders(probeFolders(here, system.files)).filter(
      found => found.code !== 'CACHE_UNUSABLE' || found.facts.value !== '',
    ),
  ]
  return {
    values: listValues(here, resolution, module, undefined),
    findings: applyDoctorLevels(own, policy.levels),
    guard: verdict(probeGuard(system, resolution)),
    canBuild: false,
  }
}

/** A toolchain that a module asks for and go cannot get is told apart from every other refusal. */
function checkUnavailable(
  here: Here,
  line: {version: string; place: string} | undefined,
  refusal: Refusal,
  go: string,
): DoctorFound[] {
  const isMissing = /toolchain not available|cannot find "go\d[^"]*" in PATH/.test(refusal.said)
  const toolchain = sourced(here, 'GOTOOLCHAIN')
  if (!isMissing || line === undefined || /^go\d/.test(toolchain.value)) return checkRefusal(go, refusal)
  const facts = {
    version: goVersionName(here.env['GOVERSION'] ?? ''),
    asked: line.version.replace(/^go/, ''),
    place: line.place,
    why: 'unavailable' as const,
    toolchain,
    said: refusal.said,
  }
  return [{code: 'GO_TOO_OLD', facts}]
}

function verdict(guard: Guard): Diagnosis['guard'] {
  return guard.kind === 'guarded' ? {kind: guard.kind, reason: '', fix: ''} : guard
}
