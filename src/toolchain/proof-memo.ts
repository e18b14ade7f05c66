import type {ToolchainHash} from '../go/module/toolchain-module.ts'
import type {System} from '../system/system.ts'

/**
 * ToolchainHashes that the checksum database was seen to hold. It only ever grows, and a ToolchainHash names its content: so
 * a proof holds for ever, and what may become stale is only which toolchain lies in a GOROOT.
 */
export function isRememberedProof(system: System, folder: string, hash: ToolchainHash): boolean {
  try {
    const stat = system.files.stat(proofPath(folder, hash))
    if (stat === undefined || (system.user !== undefined && stat.owner !== system.user)) return false
    return system.files.read(proofPath(folder, hash))?.toString() === proofText(hash)
  } catch {
    return false
  }
}

/** Writes by rename. Throws what the file system throws. */
export function rememberProof(system: System, folder: string, hash: ToolchainHash): void {
  system.files.makeDirectory(`${folder}/proven`, 0o700)
  system.files.replace(proofPath(folder, hash), proofText(hash), 0o600)
}

function proofPath(folder: string, hash: ToolchainHash): string {
  return `${folder}/proven/${hash.replaceAll('/', '_')}`
}

function proofText(hash: ToolchainHash): string {
  return `gowarden proof 1\n${hash}\n`
}
