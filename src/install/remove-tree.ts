/** Removes a GOROOT of ours, whose folders are read-only. */
import type {System} from '../system/system.ts'

/** Everything below a folder, and itself; links are removed and not followed. Throws what the file system throws. */
export function removeTree(system: System, path: string): void {
  makeWritable(system, path)
  system.files.remove(path)
}

function makeWritable(system: System, folder: string): void {
  const {files} = system
  if (files.linkTarget(folder) !== undefined || files.stat(folder)?.kind !== 'directory') return
  files.changeMode(folder, 0o755)
  for (const {name, kind} of files.list(folder) ?? [])
    if (kind === 'directory') makeWritable(system, `${folder}/${name}`)
}
