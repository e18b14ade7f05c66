/** `gowarden version`: what `gowarden --version` prints, as go's own word for it. */
import type {Command} from 'commander'
import type {VerbContext} from './context.ts'

export function registerVersion(program: Command, {system, version}: VerbContext): void {
  program
    .command('version')
    .description('print the version of gowarden')
    .action(() => system.stdout(`${version}\n`))
}
