/** `gowarden doctor`: what decides a build here. */
import type {Command} from 'commander'
import {exitCode} from '../system/errors.ts'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'

export function registerDoctor(program: Command, {system, end}: VerbContext): void {
  program
    .command('doctor')
    .option('--all', 'show every value, not only what differs from how go comes')
    .option('--json', 'print every value and finding as JSON')
    .description('say whether go build here is guarded and can build, and what decides it; exit 1 when not')
    .action(async (options: {all?: true; json?: true}) => {
      const {doctor} = await import('../doctor/doctor.ts')
      const {doctorText} = await import('../doctor/text.ts')
      const diagnosis = await doctor(system, {everyByte: true})
      system.stdout(options.json ? jsonText(diagnosis) : doctorText(diagnosis, {all: options.all ?? false}))
      end(diagnosis.guard.kind === 'guarded' && diagnosis.canBuild ? exitCode.ok : exitCode.findings)
    })
}
