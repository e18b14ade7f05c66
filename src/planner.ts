/**
 * Entry for bin/go: reads one go command, prints its plan as sh text, and stores a plan for the next plain command of the
 * same directory. Everything a person should read goes to stderr; the launcher gets either a plan or a refusal.
 */

import {type Judgement, judge} from './build/judge.ts'
import {keepPlan} from './build/keep-plan.ts'
import {untouched} from './build/plan.ts'
import {planText, refusalText} from './build/shell-text.ts'
import {readSituation, type Situation} from './build/situation.ts'
import {filesAbove} from './build/stored-plan.ts'
import {type Finding, hasErrors} from './findings/finding.ts'
import {telling} from './findings/tell.ts'
import {applyBuildLevels} from './policy/apply-levels.ts'
import {exitCode, WorldError} from './system/errors.ts'
import {nodeSystem} from './system/node.ts'
import {isStandalone} from './system/standalone.ts'
import type {System} from './system/system.ts'
import {parseGoEnvAnswer} from './toolchain/go-env.ts'

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
  if (answer.kind === 'left-to-go') {
    const {findings} = applyBuildLevels(answer.found, answer.policy)
    await tell(system, findings)
    system.stdout(hasErrors(findings) ? refusalText() : planText(untouched(answer.line), words.length))
    return hasErrors(findings) ? exitCode.findings : exitCode.ok
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
  const unkept = applyBuildLevels(kept, answer.situation.policy).findings
  await tell(system, unkept)
  if (hasErrors(unkept)) {
    system.stdout(refusalText())
    return exitCode.findings
  }
  const {listedHash} = judgement.plan
  const filter = listedHash === undefined ? undefined : [...listJsonProgram(), listedHash]
  system.stdout(planText(judgement.plan, words.length, filter))
  return exitCode.ok
}

/** The words that start list-json.ts, with whatever runs this. */
function listJsonProgram(): string[] {
  return isStandalone ? [process.execPath, '=list-json'] : [process.execPath, `${__dirname}/list-json.cjs`]
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

async function run(): Promise<number> {
  const [go = '', ...words] = process.argv.slice(2)
  try {
    return await main(telling(nodeSystem()), go, words)
  } catch (error) {
    const {endOf} = await import('./text/end.ts')
    const {text, code} = endOf(error)
    process.stderr.write(text)
    process.stdout.write(refusalText())
    return code
  }
}

run().then(code => {
  process.exit(code)
})
