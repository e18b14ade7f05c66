/** `gowarden version`: what `gowarden --version` prints, and below it which build of gowarden this is. */
import type {Command} from 'commander'
import {packageFolder} from '../system/package-folder.ts'
import {engineName, isStandalone} from '../system/standalone.ts'
import {table} from '../text/table.ts'
import type {VerbContext} from './context.ts'

export function registerVersion(program: Command, {system, version}: VerbContext): void {
  program
    .command('version')
    .description('print the version of gowarden, its commit, and what runs it')
    .option('--json', 'print it as JSON')
    .action(({json}: {json?: true}) => {
      const facts = {
        commit: GOWARDEN_COMMIT,
        engine: engineName,
        standalone: isStandalone,
        platform: `${system.platform}-${system.architecture}`,
        folder: packageFolder,
      }
      if (json) return system.stdout(`${JSON.stringify({version, ...facts})}\n`)
      const rows = [
        ['commit', facts.commit === '' ? 'unknown' : facts.commit],
        ['engine', `${facts.engine}, ${facts.platform}${isStandalone ? ', standalone' : ''}`],
        ['folder', facts.folder],
      ]
      system.stdout(`${version}\n${table(rows)}`)
    })
}
