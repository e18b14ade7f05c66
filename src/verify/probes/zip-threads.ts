/** Reads module zips, with every core when there is enough to do. */
import {availableParallelism} from 'node:os'
import {Worker} from 'node:worker_threads'
import {workerFile} from '../../system/worker-file.ts'
import type {ZipJob, ZipOutcome} from './zip-job.ts'

/** A thread costs as much as inflating this many bytes. */
const worthAThread = 3 * 1024 * 1024

/** A small heap is collected often, and with it go the buffers of entries that were hashed: memory stays low. */
const resourceLimits = {maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 48}

/** Calls `done` for each job as it ends, in any order. `size` is that of the zip: the largest are begun first. */
export async function readZips<Job extends ZipJob & {size: number}>(
  jobs: readonly Job[],
  done: (job: Job, outcome: ZipOutcome) => void,
): Promise<void> {
  const queue = [...jobs].sort((a, b) => b.size - a.size)
  const bytes = queue.reduce((sum, job) => sum + job.size, 0)
  const threads = Math.min(availableParallelism(), queue.length, Math.ceil(bytes / worthAThread))
  if (threads < 2) {
    await readHere(queue, done)
    return
  }
  await Promise.all(Array.from({length: threads}, () => runThread(queue, done)))
}

async function readHere<Job extends ZipJob>(
  jobs: readonly Job[],
  done: (job: Job, outcome: ZipOutcome) => void,
): Promise<void> {
  const {readZipJob} = await import('./zip-job.ts')
  for (const job of jobs) done(job, await readZipJob(job))
}

/** One thread that takes jobs from the queue until it is empty. */
function runThread<Job extends ZipJob>(
  queue: Job[],
  done: (job: Job, outcome: ZipOutcome) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile('zip-worker'), {resourceLimits})
    let job: Job | undefined
    const next = (): void => {
      job = queue.shift()
      if (job === undefined) worker.terminate().then(() => resolve(), reject)
      else {
        const {file, prefix, format, packages, list = false} = job
        worker.postMessage({file, prefix, format, packages, list} satisfies ZipJob)
      }
    }
    worker.on('message', (outcome: ZipOutcome) => {
      if (job !== undefined) done(job, outcome)
      next()
    })
    // A zip too large for the thread's heap, or a thread that cannot start: the rest is read here.
    worker.on('error', () => {
      readHere([...(job === undefined ? [] : [job]), ...queue.splice(0)], done).then(resolve, reject)
    })
    next()
  })
}
