/**
 * Manifests of module zips, kept by module, h1 and object format. A module zip with a given h1 has one content, so a stored
 * manifest never goes stale; it makes later runs independent of the vendored bytes, and of the zips until another package is
 * vendored.
 */
import type {ObjectFormat} from '../../git/object-id.ts'
import type {H1} from '../../go/module/h1.ts'
import {formatModule, type ModuleVersion} from '../../go/module/module-path.ts'
import {type Manifest, parseManifest} from '../../go/vendor/manifest.ts'
import {openRecords} from '../../store/records.ts'
import type {System} from '../../system/system.ts'

export type ZipManifests = {
  /** What is known of the zip; it may not cover what is asked. */
  read(module: ModuleVersion, h1: H1): Manifest | undefined
  /** `text` is what formatManifest returned. */
  write(module: ModuleVersion, h1: H1, text: string): void
  prune(): void
}

/** Some hundred modules of some repositories; what is vendored of a module takes 5 kB on average. */
const bounds = {records: 8000, bytes: 256 * 1024 * 1024}

export function openZipManifests(system: System, format: ObjectFormat): ZipManifests {
  const records = openRecords(system, 'zip-manifests', bounds)
  const key = (module: ModuleVersion, h1: H1): string => `3 ${formatModule(module)} ${h1} ${format}`
  return {
    read: (module, h1) => {
      const text = records.read(key(module, h1))
      return text === undefined ? undefined : parseManifest(text)
    },
    write: (module, h1, text) => records.write(key(module, h1), text),
    prune: records.prune,
  }
}
