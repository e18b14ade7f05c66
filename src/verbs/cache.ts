/** `gowarden cache status|adopt|prune`: which toolchain owns the build cache. */
import type {Command} from 'commander'
import type {Situation} from '../build/situation.ts'
import {hasErrors} from '../findings/finding.ts'
import {exitCode} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'

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
      const {judge} = await import('../build/judge.ts')
      const situation = await situationNow(system)
      const {findings} = await judge(system, situation, {isOnlyLooking: true})
      const status = cacheStatus(system, situation, findings)
      system.stdout(options.json ? jsonText(status) : cacheStatusText(status))
      end(hasErrors(status.findings) ? exitCode.findings : exitCode.ok)
    })
  cache
    .command('adopt')
    .option('--json', 'print JSON')
    .description('record this toolchain as the owner of GOCACHE, whoever populated it; no object is removed')
    .action(async (options: {json?: true}) => {
      const {adoptCache} = await import('../cache/actions.ts')
      const {adoptedText} = await import('../cache/text.ts')
      const adopted = await adoptCache(system, await situationNow(system))
      system.stdout(options.json ? jsonText(adopted) : adoptedText(adopted))
    })
  cache
    .command('prune')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print JSON')
    .description('remove the caches that isolate made for toolchains that are gone')
    .action(async (options: {dryRun?: true; json?: true}) => {
      const {pruneCaches} = await import('../cache/actions.ts')
      const {prunedText} = await import('../cache/text.ts')
      const pruned = await pruneCaches(system, await situationNow(system), {
        isDryRun: options.dryRun ?? false,
      })
      system.stdout(options.json ? jsonText(pruned) : prunedText(pruned))
    })
}

async function situationNow(system: System): Promise<Situation> {
  const {situationHere} = await import('../build/situation-here.ts')
  const {findRealGo} = await import('../launcher/launcher.ts')
  return situationHere(system, findRealGo(system), {everyByte: false})
}
