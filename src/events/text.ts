/** `gowarden events` for a person: a line each, the oldest first. */
import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import type {FoundCount} from '../system/happening.ts'
import {unreachable} from '../system/unreachable.ts'
import {durationText} from '../text/amounts.ts'
import {table} from '../text/table.ts'
import type {RecordedEvent} from './file.ts'

/** Columns: time (UTC), kind, of what, how it ended, where, how long. */
export function eventsText(events: readonly RecordedEvent[]): string {
  if (events.length === 0) return 'no events are kept\n'
  return table(events.map(event => [event.time.slice(0, 19), event.kind, ...cells(event)]))
}

/** Of what, how it ended, where, how long. */
function cells(event: RecordedEvent): [string, string, string, string] {
  switch (event.kind) {
    case 'plan':
      return [
        command(event),
        ended(event.found, toolchain(event.toolchain)),
        event.repository,
        durationText(event.ms),
      ]
    case 'refusal':
      return [
        command(event),
        ended(event.found, `exit ${event.exit}`),
        event.repository,
        durationText(event.ms),
      ]
    case 'bypass':
      return [event.what, `${event.command.join(' ')}: ${event.reason}`, event.directory, '']
    case 'verify':
      return [event.judged, ended(event.found, 'ok'), event.repository, durationText(event.ms)]
    case 'audit':
      return [
        `${event.objects} objects`,
        event.wrong === 0 ? 'ok' : `${event.wrong} wrong`,
        event.cache,
        durationText(event.ms),
      ]
    case 'doctor':
      return [toolchain(event.toolchain), ended(event.found, event.guard), '', durationText(event.ms)]
    case 'adopt':
      return [toolchain(event.toolchain), 'ok', event.cache, '']
    case 'lock':
    case 'install':
    case 'rebuild':
      return [toolchain(event.toolchain), ended(event.found, event.outcome), '', durationText(event.ms)]
    default:
      return unreachable(event)
  }
}

function command({subcommand, words}: {subcommand: string; words?: string[]}): string {
  return ['go', ...(words ?? [subcommand])].join(' ')
}

/** `CACHE_FOREIGN, 3 SUM_SURPLUS`; `otherwise` where nothing was found. */
function ended(found: readonly FoundCount[], otherwise: string): string {
  return found.map(({code, count}) => (count === 1 ? code : `${count} ${code}`)).join(', ') || otherwise
}

/** Without its h1: go1.26.8.linux-amd64. */
function toolchain(hash: string | undefined): string {
  const parts = hash === undefined ? undefined : parseToolchainHash(hash)
  return parts === undefined ? 'no toolchain' : `${parts.version}.${parts.os}-${parts.arch}`
}
