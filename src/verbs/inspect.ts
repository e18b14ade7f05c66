/** `gowarden inspect FILE...`: what binaries say of themselves. */
import type {Command} from 'commander'
import {exitCode} from '../system/errors.ts'
import type {VerbContext} from './context.ts'

export function registerInspect(program: Command, {system, end}: VerbContext): void {
  program
    .command('inspect')
    .argument('<file...>', 'binaries that Go built')
    .option('--json', 'print JSON')
    .description('show the stamp, Go version, modules and settings that binaries carry')
    .action(async (files: string[], options: {json?: true}) => {
      const {inspect} = await import('../inspect/inspect.ts')
      const {toText, toJson} = await import('../inspect/text.ts')
      const inspections = await inspect(system, files)
      system.stdout(options.json ? toJson(inspections) : toText(inspections))
      end(inspections.every(({kind}) => kind === 'go') ? exitCode.ok : exitCode.findings)
    })
}
