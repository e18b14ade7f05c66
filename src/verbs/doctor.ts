/** `gowarden doctor`: what decides a build here, and with --abi and --isolate what only building shows. */
import {type Command, Option} from 'commander'
import {countFound} from '../findings/finding.ts'
import {exitCode} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'

type Flags = {all?: true; json?: true; abi?: true; isolate?: string[]}

export function registerDoctor(program: Command, {system, end}: VerbContext): void {
  program
    .command('doctor')
    .option('--all', "show every value, not only what differs from go's defaults")
    .option('--json', 'print every value and finding as JSON')
    .addOption(
      new Option(
        '--abi',
        'prove that the runtime defines every symbol that the compiler refers to (compiles the runtime)',
      ).conflicts('isolate'),
    )
    .option(
      '--isolate <packages...>',
      'build packages in an empty cache and in GOCACHE, and name those that differ',
    )
    .description('say whether go build here is guarded and works, and what decides it; exit 1 when not')
    .action(async (flags: Flags) => {
      const {text, isGood} = await answer(system, flags)
      system.stdout(text)
      end(isGood ? exitCode.ok : exitCode.findings)
    })
}

async function answer(system: System, flags: Flags): Promise<{text: string; isGood: boolean}> {
  const {abiText, doctorText, isolationText} = await import('../doctor/text.ts')
  if (flags.abi) {
    const {judgeAbi} = await import('../doctor/abi.ts')
    const judgement = await judgeAbi(system)
    const isGood = judgement.unknown === undefined && isWithoutErrors(judgement.findings)
    return {text: flags.json ? jsonText(judgement) : abiText(judgement), isGood}
  }
  if (flags.isolate !== undefined) {
    const {isolate} = await import('../doctor/isolate.ts')
    const isolation = await isolate(system, flags.isolate)
    const isGood = isolation.unknown === undefined && isWithoutErrors(isolation.findings)
    return {text: flags.json ? jsonText(isolation) : isolationText(isolation), isGood}
  }
  const {doctor} = await import('../doctor/doctor.ts')
  const startedMs = system.nowMs()
  const diagnosis = await doctor(system, {everyByte: true})
  const {guard, canBuild, findings, values} = diagnosis
  system.tell({
    kind: 'doctor',
    guard: guard.kind,
    canBuild,
    toolchain: values.find(({name}) => name === 'ToolchainHash')?.value,
    found: countFound(findings),
    ms: system.nowMs() - startedMs,
  })
  return {
    text: flags.json
      ? jsonText(diagnosis)
      : doctorText(diagnosis, {all: flags.all ?? false, columns: system.stdoutColumns()}),
    isGood: guard.kind === 'guarded' && canBuild,
  }
}

function isWithoutErrors(findings: readonly {level: string}[]): boolean {
  return findings.every(({level}) => level !== 'error')
}
