/** Whether go can write where it must. */
import type {DoctorFound} from '../../findings/finding.ts'
import type {FolderFacts, FoldersFacts} from '../probes/folders.ts'

export function checkFolders({cache, modules, temporary}: FoldersFacts): DoctorFound[] {
  return [
    ...checkCache(cache),
    ...checkCache(modules),
    ...checkTemporary(temporary),
    ...checkSpace([cache, temporary]),
  ]
}

function checkCache({name, value, source, reason, owner, isThere, asRoot}: FolderFacts): DoctorFound[] {
  if (reason === undefined)
    return isThere && owner !== undefined && owner !== 0
      ? [{code: 'CACHE_OTHER_USER', facts: {name, value, source, owner, asRoot}}]
      : []
  return [{code: 'CACHE_UNUSABLE', facts: {name, value, source, reason, owner}}]
}

/** Without it nothing is built; on a file system without programs `go run` and `go test` cannot start what they built. */
function checkTemporary({name, value, source, isThere, reason, isNoexec}: FolderFacts): DoctorFound[] {
  const facts = {name, value, source}
  if (!isThere) return [{code: 'TEMP_UNUSABLE', facts: {...facts, why: 'missing'}}]
  if (reason !== undefined) return [{code: 'TEMP_UNUSABLE', facts: {...facts, why: 'unwritable'}}]
  return isNoexec ? [{code: 'TEMP_UNUSABLE', facts: {...facts, why: 'noexec'}}] : []
}

/** Below this a build of anything but the smallest program ends with "no space left on device". */
const little = 64 * 1024 * 1024

function checkSpace(folders: readonly FolderFacts[]): DoctorFound[] {
  return folders.flatMap(({name, existing, space}): DoctorFound[] => {
    if (space === undefined || (space.bytes >= little && space.files > 0)) return []
    const free = space.files === 0 ? 'no free inodes' : `${Math.floor(space.bytes / 1024)} KiB`
    const isFull = space.files === 0 || space.bytes < 1024 * 1024
    return [{code: 'DISK_FULL', facts: {directory: existing, use: name, free, isFull}}]
  })
}
