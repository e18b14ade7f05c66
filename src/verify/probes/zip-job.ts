/** One module zip to read, as it travels between threads. */
import type {ObjectFormat} from '../../git/object-id.ts'
import type {H1} from '../../go/module/h1.ts'
import {formatManifest} from '../../go/vendor/manifest.ts'
import {readModuleZip} from '../../go/vendor/module-zip.ts'
import type {ListedFile} from '../../go/vendor/proofs.ts'
import {collectAfter} from '../../system/collect.ts'
import {withRandomAccess} from '../../system/random-access.ts'

export type ZipJob = {file: string; prefix: string; format: ObjectFormat; packages: string[]; list?: boolean}

export type ZipOutcome =
  | {kind: 'read'; h1: H1; manifest: string; files: ListedFile[] | undefined}
  | {kind: 'absent'}
  | {kind: 'rejected'; reason: string}

/** Never rejects: a zip that cannot be read is one that proves nothing. */
export async function readZipJob(job: ZipJob): Promise<ZipOutcome> {
  try {
    const opened = await withRandomAccess(job.file, file => {
      const fill = (buffer: Uint8Array, position: number) => {
        collectAfter(buffer.length)
        return file.fill(buffer, position)
      }
      return readModuleZip({size: file.size, fill}, job)
    })
    if (opened.kind !== 'read')
      return opened.kind === 'absent' ? {kind: 'absent'} : {kind: 'rejected', reason: opened.reason}
    const result = opened.value
    if (result.kind === 'rejected') return result
    return {
      kind: 'read',
      h1: result.h1,
      manifest: formatManifest(result.manifest),
      files: job.list === true ? result.files : undefined,
    }
  } catch (error) {
    return {kind: 'rejected', reason: error instanceof Error ? error.message : String(error)}
  }
}
