/**
 * What was done becomes spans of OpenTelemetry where OTEL_EXPORTER_OTLP_ENDPOINT says where to. For the doors: whoever is not asked pays
 * two looks at the environment, and all else is loaded once the work is over.
 */
import type {Folder} from '../store/folder.ts'
import {isEvent} from '../system/happening.ts'
import type {System} from '../system/system.ts'
import type {Told} from './queue.ts'

export type Tracing = {
  /** The same system, which remembers the events that it is told of. */
  system: System
  /**
   * To be called once the work is over, with its exit status and the words behind `gowarden`, none for a go command. Hands its spans to a
   * process of their own. Never throws. Returns what is to be said on stderr, most often nothing.
   */
  close(exit: number, words: readonly string[]): Promise<string>
}

/** `open` is asked for the store once there are spans. */
export function tracing(system: System, open: (system: System) => Folder): Tracing {
  const {env} = system
  const isAsked =
    (env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) &&
    env['OTEL_SDK_DISABLED']?.trim().toLowerCase() !== 'true'
  if (!isAsked) return {system, close: async () => ''}
  const startedMs = system.nowMs()
  const told: Told[] = []
  return {
    system: {
      ...system,
      tell: happening => {
        if (isEvent(happening)) told.push({event: happening, endedMs: system.nowMs()})
        system.tell(happening)
      },
    },
    close: async (exit, words) => {
      try {
        const {handOver} = await import('./hand-over.ts')
        return await handOver(system, () => open(system), {told, startedMs, exit, words})
      } catch {
        // a full disk, no process left: the work counts
        return ''
      }
    },
  }
}
