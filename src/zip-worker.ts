/** Entry of the threads that read module zips: one job in, one manifest out. */
import {parentPort} from 'node:worker_threads'
import {readZipJob, type ZipJob} from './verify/probes/zip-job.ts'

parentPort?.on('message', (job: ZipJob) => {
  readZipJob(job).then(outcome => parentPort?.postMessage(outcome))
})
