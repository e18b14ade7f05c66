/** Reads the folders of a build cache with every core. */
import {availableParallelism} from 'node:os'
import {Worker} from 'node:worker_threads'
import {WorldError} from '../system/errors.ts'
import {workerFile} from '../system/worker-file.ts'
import type {AuditedFolder} from './audit-folder.ts'

/** Calls `done` with what each folder holds, in any order. Throws where one cannot be read. */
export async function auditFolders(
  folders: readonly string[],
  sinceMs: number,
  done: (found: AuditedFolder) => void,
): Promise<void> {
  const queue = [...folders]
  const threads = Math.min(availableParallelism(), queue.length)
  await Promise.all(Array.from({length: threads}, () => runThread(queue, sinceMs, done)))
}

function runThread(queue: string[], sinceMs: number, done: (found: AuditedFolder) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile('audit-worker'), {resourceLimits: {maxYoungGenerationSizeMb: 4}})
    const next = (): void => {
      const folder = queue.shift()
      if (folder === undefined) worker.terminate().then(() => resolve(), reject)
      else worker.postMessage({folder, sinceMs})
    }
    worker.on('message', (found: AuditedFolder | {failed: string}) => {
      if ('failed' in found) {
        queue.length = 0
        worker.terminate().then(() => reject(new WorldError(`reading the cache: ${found.failed}`)), reject)
        return
      }
      done(found)
      next()
    })
    worker.on('error', reject)
    next()
  })
}
