import type {ToolchainHash} from '../go/module/toolchain-module.ts'
import type {Folder} from '../store/folder.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'

/**
 * ToolchainHashes that the checksum database was seen to hold. It only ever grows, and a ToolchainHash names its content: so
 * a proof holds for ever, and what may become stale is only which toolchain lies in a GOROOT.
 */
export function isRememberedProof({files, user}: System, folder: Folder, hash: ToolchainHash): boolean {
  if (folder.kind === 'unusable') return false
  const path = proofPath(folder.path, hash)
  const stat = orNothing(() => files.stat(path))
  if (stat === undefined || (user !== undefined && stat.owner !== user)) return false
  return orNothing(() => files.read(path))?.toString() === proofText(hash)
}

/** Writes by rename. What cannot be written is asked again next time. */
export function rememberProof({files}: System, folder: Folder, hash: ToolchainHash): void {
  if (folder.kind === 'unusable') return
  const {path} = folder
  try {
    files.makeDirectory(`${path}/proven`, 0o700)
    files.replace(proofPath(path, hash), proofText(hash), 0o600)
  } catch {
    // asked again next time
  }
}

function proofPath(folder: string, hash: ToolchainHash): string {
  return `${folder}/proven/${hash.replaceAll('/', '_')}`
}

function proofText(hash: ToolchainHash): string {
  return `gowarden proof 1\n${hash}\n`
}
