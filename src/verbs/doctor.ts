/** `gowarden doctor`: what decides a build here. */
import type {Command} from 'commander'
import {countFound} from '../findings/finding.ts'
import {exitCode} from '../system/errors.ts'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'

export function registerDoctor(program: Command, {system, end}: VerbContext): void {
  program
    .command('doctor')
    .option('--all', "show every value, not only what differs from go's defaults")
    .option('--json', 'print every value and finding as JSON')
    .description('say whether go build here is guarded and works, and what decides it; exit 1 when not')
    .action(async (options: {all?: true; json?: true}) => {
      const {doctor} = await import('../doctor/doctor.ts')
      const {doctorText} = await import('../doctor/text.ts')
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
      system.stdout(options.json ? jsonText(diagnosis) : doctorText(diagnosis, {all: options.all ?? false}))
      end(guard.kind === 'guarded' && canBuild ? exitCode.ok : exitCode.findings)
    })
}
