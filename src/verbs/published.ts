/** Whether a toolchain's hash is the one that go.dev publishes: asked of Go's checksum database, as a build asks. */
import type {System} from '../system/system.ts'
import type {Toolchain} from '../toolchain/identify.ts'
import type {Proof} from '../toolchain/proof.ts'

/** Runs the real go for what is not known yet. Throws WorldError where there is no go. */
export async function askPublished(system: System, hash: Toolchain['hash']): Promise<Proof> {
  const {findRealGo} = await import('../launcher/launcher.ts')
  const {probeGoEnv} = await import('../toolchain/go-env.ts')
  const {probeProof} = await import('../toolchain/proof.ts')
  const {openFolder, storeFolder} = await import('../store/folder.ts')
  const go = findRealGo(system)
  const answer = await probeGoEnv(system, go, undefined)
  if (answer.kind === 'failed') return {kind: 'unknown', reason: 'go env failed'}
  return await probeProof(system, go, answer.env, openFolder(system, storeFolder(system)), hash)
}
