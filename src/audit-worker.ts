/** Entry of the threads that read a build cache: one folder in, what it holds out. */
import {parentPort} from 'node:worker_threads'
import {auditFolder} from './cache/audit-folder.ts'
import {nodeFiles} from './system/node.ts'

parentPort?.on('message', ({folder, sinceMs}: {folder: string; sinceMs: number}) => {
  auditFolder(nodeFiles(), folder, sinceMs).then(
    found => parentPort?.postMessage(found),
    error => parentPort?.postMessage({failed: error instanceof Error ? error.message : String(error)}),
  )
})
