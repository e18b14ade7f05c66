/** Events are appended to the store: by programs and verbs, through System.tell. */
import type {Folder} from '../store/folder.ts'
import {hasCode} from '../system/errors.ts'
import {type Event, isEvent} from '../system/happening.ts'
import type {System} from '../system/system.ts'
import {eventsFile, eventsFolder, segmentBytes} from './file.ts'

/** Appends an event to a usable store. Returns whether the file is long enough to be put aside. Throws what the file system throws. */
export function appendEvent(system: System, store: string, event: Event): boolean {
  const line = `${JSON.stringify({time: new Date(system.nowMs()).toISOString(), ...event})}\n`
  const file = eventsFile(store)
  try {
    return system.files.append(file, line, 0o600) >= segmentBytes
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    system.files.makeDirectory(eventsFolder(store), 0o700)
    return system.files.append(file, line, 0o600) >= segmentBytes
  }
}

export type Recording = {
  /** The same system, which keeps the events that it is told of. */
  system: System
  /** To be called once the work is done: puts a long file aside, now and then. */
  close(): Promise<void>
}

/**
 * For the doors alone. An event that cannot be kept is nobody's trouble: nothing waits for it, and nothing is said of it here. Nothing is
 * kept under GOWARDEN_EVENTS=off. `open` is asked for the store once there is something to keep.
 */
export function recording(system: System, open: (system: System) => Folder): Recording {
  let full: string | undefined
  return {
    system: {
      ...system,
      tell: happening => {
        if (!isEvent(happening)) return system.tell(happening)
        if (system.env['GOWARDEN_EVENTS'] === 'off') return
        try {
          const folder = open(system)
          if (folder.kind === 'usable' && appendEvent(system, folder.path, happening)) full = folder.path
        } catch {
          // a full disk, a folder that was wiped: the work counts
        }
      },
    },
    close: async () => {
      if (full === undefined) return
      const {rotate} = await import('./rotate.ts')
      await rotate(system, full).catch(() => undefined)
    },
  }
}
