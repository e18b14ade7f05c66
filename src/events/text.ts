/** `gowarden events` for a person: a line each, the oldest first. */
import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import type {FoundCount} from '../system/happening.ts'
import {unreachable} from '../system/unreachable.ts'
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
        took(event.ms),
      ]
    case 'refusal':
      return [command(event), ended(event.found, `exit ${event.exit}`), event.repository, took(event.ms)]
    case 'bypass':
      return [event.what, `${event.command.join(' ')}: ${event.reason}`, event.directory, '']
    case 'verify':
      return [event.judged, ended(event.found, 'ok'), event.repository, took(event.ms)]
    case 'audit':
      return [
        `${event.objects} objects`,
        event.wrong === 0 ? 'ok' : `${event.wrong} wrong`,
        event.cache,
        took(event.ms),
      ]
    case 'doctor':
      return [toolchain(event.toolchain), ended(event.found, event.guard), '', took(event.ms)]
    case 'adopt':
      return [toolchain(event.toolchain), 'ok', event.cache, '']
    case 'lock':
    case 'install':
    case 'rebuild':
      return [toolchain(event.toolchain), ended(event.found, event.outcome), '', took(event.ms)]
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

function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
