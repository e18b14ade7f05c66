/**
 * Entry for bin/go: reads one go command, prints its plan as sh text, and stores a plan for the next plain command of the
 * same directory. Everything a person should read goes to stderr; the launcher gets either a plan or a refusal.
 */

import {resolve} from 'node:path'
import {type Judgement, judge} from './build/judge.ts'
import {keepPlan} from './build/keep-plan.ts'
import {untouched} from './build/plan.ts'
import {planText, refusalText} from './build/shell-text.ts'
import {readSituation, type Situation} from './build/situation.ts'
import {filesAbove} from './build/stored-plan.ts'
import {recording} from './events/record.ts'
import {countFound, type Finding, hasErrors} from './findings/finding.ts'
import {telling} from './findings/tell.ts'
import {parseCommandLine} from './go/command/command-line.ts'
import {applyBuildLevels} from './policy/apply-levels.ts'
import {policyDirectories} from './policy/directories.ts'
import {openFolder} from './store/folder.ts'
import {exitCode, WorldError} from './system/errors.ts'
import {nodeSystem} from './system/node.ts'
import {isStandalone} from './system/standalone.ts'
import type {System} from './system/system.ts'
import {parseGoEnvAnswer} from './toolchain/go-env.ts'
import {tracing} from './traces/tracing.ts'

async function main(system: System, go: string, words: string[], startedMs: number): Promise<number> {
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
    throw new WorldError(`${go} env -json succeeded but did not print what go prints`, {
      hint: 'see which go that is: gowarden doctor; or run it without gowarden: GOWARDEN=off',
    })
  }
  if (answer.kind === 'left-to-go') {
    const {findings} = applyBuildLevels(answer.found, answer.policy)
    await say(system, findings)
    if (hasErrors(findings)) return await refuse(system, words, startedMs, findings)
    system.stdout(planText(untouched(answer.line), words.length))
    return exitCode.ok
  }
  const {situation} = answer
  const judgement = await judge(system, situation, {isOnlyLooking: false})
  await say(system, judgement.findings)
  if (hasErrors(judgement.findings))
    return await refuse(system, words, startedMs, judgement.findings, situation)
  const unrecorded = await passLowered(system, situation, judgement)
  if (unrecorded !== undefined) system.stderr(`gowarden: warning: ${unrecorded}\n`)
  const kept = await keepPlan(system, situation, judgement, words, above, startedMs)
  const unkept = applyBuildLevels(kept.found, situation.policy).findings
  await say(system, unkept)
  const findings = [...judgement.findings, ...unkept]
  if (hasErrors(unkept)) return await refuse(system, words, startedMs, findings, situation)
  const {listedHash} = judgement.plan
  const filter = listedHash === undefined ? undefined : [...listJsonProgram(), listedHash]
  system.stdout(planText(judgement.plan, words.length, filter))
  if (situation.kind === 'builds' || situation.kind === 'uses-cache') {
    const command = await commandOf(system, words, startedMs, situation)
    system.tell({kind: 'plan', ...command, isStored: kept.isStored, found: countFound(findings)})
  }
  return exitCode.ok
}

async function refuse(
  system: System,
  words: string[],
  startedMs: number,
  findings: readonly Finding[],
  situation?: Situation,
): Promise<number> {
  system.stdout(refusalText())
  const command = await commandOf(system, words, startedMs, situation)
  system.tell({kind: 'refusal', ...command, exit: exitCode.findings, found: countFound(findings)})
  return exitCode.findings
}

/** What an event says of the command. */
async function commandOf(system: System, words: string[], startedMs: number, situation?: Situation) {
  const {subcommand = '', directory} = situation?.line ?? parseCommandLine(words)
  const isAsked = system.env['GOWARDEN_EVENTS'] === 'words'
  return {
    subcommand,
    toolchain: situation?.toolchain.hash,
    goroot: situation?.toolchain.goroot,
    repository: policyDirectories(system, resolve(system.cwd, directory ?? '')).at(-1) ?? system.cwd,
    ms: system.nowMs() - startedMs,
    ...(isAsked ? {words: (await import('./events/words.ts')).keptWords(words)} : {}),
  }
}

/** The words that start list-json.ts, with whatever runs this. */
function listJsonProgram(): string[] {
  return isStandalone ? [process.execPath, '=list-json'] : [process.execPath, `${__dirname}/list-json.cjs`]
}

/** Most plans find nothing, and load no sentence. */
async function say(system: System, findings: readonly Finding[]): Promise<void> {
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

async function run(): Promise<number> {
  const [go = '', ...words] = process.argv.slice(2)
  const open = (at: System) => openFolder(at, at.env['GOWARDEN_STORE'] ?? '')
  const recorded = recording(telling(nodeSystem()), open)
  const traced = tracing(recorded.system, open)
  const code = await ended(traced.system, go, words)
  await recorded.close()
  const said = await traced.close(code, [])
  if (said !== '') process.stderr.write(said)
  return code
}

/** What a go command is told where planning it fails: why, and a refusal. */
async function ended(system: System, go: string, words: string[]): Promise<number> {
  const startedMs = system.nowMs()
  try {
    return await main(system, go, words, startedMs)
  } catch (error) {
    const {endOf} = await import('./text/end.ts')
    const {text, code} = endOf(error)
    process.stderr.write(text)
    process.stdout.write(refusalText())
    const command = await commandOf(system, words, startedMs)
    system.tell({kind: 'refusal', ...command, exit: code, found: []})
    return code
  }
}

run().then(code => {
  process.exit(code)
})
