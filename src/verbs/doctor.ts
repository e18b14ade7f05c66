/** `gowarden doctor`: what decides a build here. */
import type {Command} from 'commander'
import {hasErrors} from '../findings/finding.ts'
import {exitCode} from '../system/errors.ts'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'

export function registerDoctor(program: Command, {system, end}: VerbContext): void {
  program
    .command('doctor')
    .option('--json', 'print JSON')
    .description('show every value that decides a build here, which source set it, and every finding')
    .action(async (options: {json?: true}) => {
      const {doctor} = await import('../doctor/doctor.ts')
      const {doctorText} = await import('../doctor/text.ts')
      const diagnosis = await doctor(system)
      system.stdout(options.json ? jsonText(diagnosis) : doctorText(diagnosis))
      end(hasErrors(diagnosis.findings) ? exitCode.findings : exitCode.ok)
    })
}
