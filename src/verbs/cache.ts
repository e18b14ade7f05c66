/** `gowarden cache status|adopt|prune`: which toolchain owns the build cache. */
import type {Command} from 'commander'
import {hasErrors} from '../findings/finding.ts'
import {exitCode, WorldError} from '../system/errors.ts'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'
import {parseSince} from './since.ts'
import {situationNow} from './situation.ts'

export function registerCache(program: Command, {system, end}: VerbContext): void {
  const cache = program.command('cache').description('show or change which toolchain owns the build cache')
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
    .description('make this toolchain the owner of GOCACHE, whichever populated it; no object is removed')
    .action(async (options: {json?: true}) => {
      const {adoptCache} = await import('../cache/actions.ts')
      const {adoptedText} = await import('../cache/text.ts')
      const adopted = await adoptCache(system, await situationNow(system))
      system.tell({kind: 'adopt', cache: adopted.directory, toolchain: adopted.self.hash})
      system.stdout(options.json ? jsonText(adopted) : adoptedText(adopted))
    })
  cache
    .command('audit')
    .option('--since <time>', 'only what was made since then: a date, or how long ago (2h, 3d)')
    .option(
      '--quarantine',
      'move what is wrong aside; with --since, everything made since then, right or wrong',
    )
    .option('--json', 'print JSON')
    .description('check every object of GOCACHE against its name; exit 1 when one is wrong')
    .action(async (options: {since?: string; quarantine?: true; json?: true}) => {
      const sinceMs = options.since === undefined ? undefined : parseSince(options.since, system.nowMs())
      const {auditCache} = await import('../cache/audit.ts')
      const {auditText} = await import('../cache/text.ts')
      const {progressLine} = await import('../text/progress.ts')
      const {cache: inUse} = await situationNow(system)
      if (inUse.kind !== 'directory')
        throw new WorldError('no folder holds the objects here; there is no cache to audit')
      const show = progressLine(system)
      const asked = {sinceMs, quarantines: options.quarantine ?? false}
      const startedMs = system.nowMs()
      const audit = await auditCache(system, inUse.path, asked, (done, of) =>
        show(`reading the cache: ${done} of ${of} folders`),
      )
      show('')
      const {cache, objects, bytes, wrong} = audit
      const isPartial = sinceMs !== undefined
      const ms = system.nowMs() - startedMs
      system.tell({kind: 'audit', cache, objects, bytes, wrong: wrong.length, isPartial, ms})
      system.stdout(options.json ? jsonText(audit) : auditText(audit))
      end(audit.wrong.length > 0 ? exitCode.findings : exitCode.ok)
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
