/**
 * Entry for bin/go: reads one go command, prints its plan as sh text, and stores a plan for the next plain command of the
 * same directory. Everything a person should read goes to stderr; the launcher gets either a plan or a refusal.
 */

import {type Judgement, judge, judgePlainBuild, readSituation, type Situation} from './build/judge.ts'
import {conditionText, plainPlanText, planText, refusalText} from './build/shell-text.ts'
import {
  filesAbove,
  isPlainCommand,
  type PlanGrounds,
  planPlaces,
  readGrounds,
  storedPlanText,
  sweepPlans,
  writePlan,
} from './build/stored-plan.ts'
import {ownerPath} from './cache/owner.ts'
import {type Finding, hasErrors} from './findings/finding.ts'
import {applyLevels} from './policy/apply-levels.ts'
import type {Policy} from './policy/find.ts'
import {whyNotWritten} from './store/folder.ts'
import {exitCode, WorldError} from './system/errors.ts'
import {nodeSystem} from './system/node.ts'
import type {System} from './system/system.ts'
import {lookUpOnPath, parseGoEnvAnswer} from './toolchain/go.ts'

async function main(system: System, go: string, words: string[]): Promise<number> {
  const startedMs = system.nowMs()
  const above = filesAbove(system, system.cwd)
  const answer = await readSituation(system, go, system.env['GOWARDEN_STORE'] ?? '', words, {
    everyByte: false,
    asked: parseGoEnvAnswer(system.stdin()),
  })
  if (answer.kind === 'go-failed') {
    // go has said why on stderr, and the command itself would end the same way.
    if (answer.result.exitCode !== 0) {
      system.stdout(refusalText())
      return answer.result.exitCode ?? exitCode.findings
    }
    throw new WorldError(`${go} env -json ended well and printed something else than what go prints`, {
      hint: 'see what that go is: gowarden doctor, or run it without gowarden: GOWARDEN=off',
    })
  }
  const judgement = await judge(system, answer.situation, {isOnlyLooking: false})
  await tell(system, judgement.findings)
  if (hasErrors(judgement.findings)) {
    system.stdout(refusalText())
    return exitCode.findings
  }
  const unrecorded = await passLowered(system, answer.situation, judgement)
  if (unrecorded !== undefined) system.stderr(`gowarden: warning: ${unrecorded}\n`)
  const kept = await keepPlan(system, answer.situation, judgement, words, above, startedMs)
  const unkept = applyLevels(kept, answer.situation.policy.levels).findings
  await tell(system, unkept)
  if (hasErrors(unkept)) {
    system.stdout(refusalText())
    return exitCode.findings
  }
  const {listedHash} = judgement.plan
  const filter =
    listedHash === undefined ? undefined : [process.execPath, `${__dirname}/list-json.cjs`, listedHash]
  system.stdout(planText(judgement.plan, words.length, filter))
  return exitCode.ok
}

/** Most plans find nothing, and load no sentence. */
async function tell(system: System, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return
  const {findingText} = await import('./findings/text.ts')
  for (const finding of findings) system.stderr(findingText(finding))
}

/** Findings that the person's own levels lower are a bypass, too. What is returned, and thrown, is as of passBypass. */
async function passLowered(
  system: System,
  {policy, words, directory}: Situation,
  {lowered}: Judgement,
): Promise<string | undefined> {
  if (lowered.length === 0 || policy.bypass.value === 'free') return undefined
  const {passBypass} = await import('./policy/bypass.ts')
  const levels = lowered.map(code => `${code}=${policy.levels[code]?.own?.value ?? 'off'}`)
  const event = {what: `GOWARDEN_LEVELS=${levels.join(',')}`, command: ['go', ...words], directory}
  return passBypass(system, system.env['GOWARDEN_STORE'] ?? '', policy.bypass, event)
}

/**
 * Keeps a plan for the next plain command here. What takes no stamp itself (`go tool`, which `go test -coverprofile` starts for
 * each package; `go env` where caches are isolated) keeps that of a build, where nothing is to be said of one.
 */
async function keepPlan(
  system: System,
  situation: Situation,
  judgement: Judgement,
  words: readonly string[],
  above: string[],
  startedMs: number,
): Promise<Finding[]> {
  if (!isPlainCommand(words)) return []
  if (situation.kind === 'builds') return storePlan(system, situation, judgement, above, startedMs)
  const build = await judgePlainBuild(system, situation)
  const {findings} = build.judgement
  // It is said when a toolchain is met for the first time, and this command was first.
  await tell(
    system,
    findings.filter(({code, level}) => code === 'STAMP_UNSUPPORTED' && level === 'warn'),
  )
  if (build.situation.kind !== 'builds' || findings.length > 0) return []
  return storePlan(system, build.situation, build.judgement, above, startedMs)
}

/**
 * Keeps the plan for the next plain command here, when it is sure to be noticed once something it rests on changes. The
 * findings say why nothing could be written.
 */
function storePlan(
  system: System,
  situation: Situation,
  {plan, isCacheRecorded, lowered}: Judgement,
  above: string[],
  startedMs: number,
): Finding[] {
  const {go, env, goroot, folder, toolchain, cache, policy} = situation
  const places = planPlaces(system, system.env['GOWARDEN_PLAN'] ?? '', above)
  const path = places.pop() ?? ''
  const key = system.env['GOWARDEN_KEY'] ?? ''
  // A shim may choose another go next time, for reasons that only it knows.
  if (go.ownGoroot === undefined || folder.kind === 'unusable' || path === '' || key === '') return []
  if (!isCacheRecorded || !toolchain.isSettled) return []

  // What a person has lowered is said each time.
  if (lowered.length > 0) return []

  const isSwitched = goroot.origin.kind === 'chosen'
  const trim = `${env.GOCACHE}/trim.txt`
  const grounds: PlanGrounds = {
    go: go.path,
    goroot: env.GOROOT,
    tools: toolchain.tools,
    others: [
      ...policyFiles(policy).filter(path => !above.includes(path)),
      ...(env.GOENV.startsWith('/') ? [env.GOENV] : []),
      ...(env.GOWORK.startsWith('/') && !above.includes(env.GOWORK) ? [env.GOWORK] : []),
      ...(isSwitched ? [`${go.ownGoroot}/go.env`] : []),
      ...(cache.kind === 'directory' ? [ownerPath(cache.path)] : []),
      // Go rewrites it once a day, at the end of a build: so every plan is made anew as often.
      ...(system.files.stat(trim) ? [trim] : []),
    ],
    above,
    condition: conditionOf(system, policy),
    switched: isSwitched
      ? {name: toolchain.version, file: lookUpOnPath(system, toolchain.version)}
      : undefined,
  }
  const text = readGrounds(system, grounds, startedMs)
  const stored = text.isSettled
    ? storedPlanText(key, grounds, text, plainPlanText(plan.cache, plan.inserted))
    : undefined
  if (stored === undefined) return []
  try {
    writePlan(system, path, stored)
    for (const hiding of places) system.files.remove(hiding)
    sweepPlans(system, folder.path)
  } catch (error) {
    const reason = whyNotWritten(error)
    if (reason === undefined || toolchain.notRemembered !== undefined) return []
    return [{code: 'STORE_UNUSABLE', level: 'warn', facts: {directory: folder.path, reason}}]
  }
  return []
}

/** What a plan rests on where a policy denies flags or variables: words without the flags, and these variables as they are. */
function conditionOf({env}: System, {file}: Policy): string {
  if (file === undefined) return ''
  const names = [...new Set(file.env.map(({value}) => value.name))]
  return conditionText(
    file.flags.map(({value}) => value.name),
    names.map(name => [name, env[name] ?? '']),
  )
}

/** What the policy was read from, and where a file that appears would be read in its place. */
function policyFiles({file}: Policy): string[] {
  return file === undefined ? [] : [...file.files, ...file.absent]
}

async function run(): Promise<number> {
  const [go = '', ...words] = process.argv.slice(2)
  try {
    return await main(nodeSystem(), go, words)
  } catch (error) {
    const {endOf} = await import('./findings/text.ts')
    const {text, code} = endOf(error)
    process.stderr.write(text)
    process.stdout.write(refusalText())
    return code
  }
}

run().then(code => {
  process.exit(code)
})
