import type {BuildFound} from '../findings/finding.ts'
import type {Folder} from '../store/folder.ts'
import type {Toolchain} from '../toolchain/identify.ts'

/** What nothing can be remembered in is said: every command then reads GOROOT anew. */
export function checkStore(folder: Folder, toolchain: Pick<Toolchain, 'notRemembered'>): BuildFound[] {
  const reason = folder.kind === 'unusable' ? folder.reason : toolchain.notRemembered
  return reason === undefined ? [] : [{code: 'STORE_UNUSABLE', facts: {directory: folder.path, reason}}]
}
