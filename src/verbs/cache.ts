/** `gowarden cache status|adopt|prune`: which toolchain owns the build cache. */
import type {Command} from 'commander'
import {hasErrors} from '../findings/finding.ts'
import {exitCode} from '../system/errors.ts'
import {json, type VerbContext} from './context.ts'

export function registerCache(program: Command, {system, end}: VerbContext): void {
  const cache = program.command('cache').description('whose the build cache is')
  cache
    .command('status')
    .option('--json', 'print JSON')
    .description(
      'show the owner of GOCACHE and the Go versions of its objects; exit 1 when go build would be refused',
    )
    .action(async (options: {json?: true}) => {
      const {cacheStatus} = await import('../cache/actions.ts')
      const {cacheStatusText} = await import('../cache/text.ts')
      const status = await cacheStatus(system)
      system.stdout(options.json ? json(status) : cacheStatusText(status))
      end(hasErrors(status.findings) ? exitCode.findings : exitCode.ok)
    })
  cache
    .command('adopt')
    .option('--json', 'print JSON')
    .description('record this toolchain as the owner of GOCACHE, whoever populated it; no object is removed')
    .action(async (options: {json?: true}) => {
      const {adoptCache} = await import('../cache/actions.ts')
      const {adoptedText} = await import('../cache/text.ts')
      const adopted = await adoptCache(system)
      system.stdout(options.json ? json(adopted) : adoptedText(adopted))
    })
  cache
    .command('prune')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print JSON')
    .description('remove the caches that isolate made for toolchains that are gone')
    .action(async (options: {dryRun?: true; json?: true}) => {
      const {pruneCaches} = await import('../cache/actions.ts')
      const {prunedText} = await import('../cache/text.ts')
      const pruned = await pruneCaches(system, {isDryRun: options.dryRun ?? false})
      system.stdout(options.json ? json(pruned) : prunedText(pruned))
    })
}
