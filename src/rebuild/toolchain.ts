/** The toolchain that rebuilds: known by its content before it builds anything. */
import {outsideModules} from '../go/command/child-env.ts'
import {goVersionName} from '../go/command/go-env.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import {installToolchain} from '../install/install.ts'
import type {Here} from '../lock/here.ts'
import {openFolder, storeFolder} from '../store/folder.ts'
import {isUsageError, isWorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {probeGoEnv} from '../toolchain/go-env.ts'
import {readGorootVersion} from '../toolchain/goroot.ts'
import {glanceAt, probeToolchain} from '../toolchain/identify.ts'
import {type Proof, probeProof} from '../toolchain/proof.ts'

export type Rebuilder = {
  goroot: string
  version: string
  hash: ToolchainHash
  /** Whether the checksum database holds this hash. */
  proof: Proof
}

export type RebuilderOrNot =
  | {kind: 'ready'; rebuilder: Rebuilder}
  | {kind: 'refused'; reason: string; hint?: string}

/** `stamp` is undefined for a binary that names no toolchain. */
export type WantedToolchain = {version: string; stamp: ToolchainHash | undefined}

/**
 * The toolchain of a stamp, or the published one of a Go version. That is the one here where it fits, else gowarden installs it; `goroot` is one
 * that a person names, and that has to be the one as well. `show` is given how far a download is.
 */
export async function rebuilderFor(
  system: System,
  here: Here,
  wanted: WantedToolchain,
  goroot: string | undefined,
  show: (text: string) => void,
): Promise<RebuilderOrNot> {
  if (goroot !== undefined) return await whetherFits(system, goroot, wanted)
  if (here.goroot !== undefined && readGorootVersion(system, here.goroot) === wanted.version) {
    const found = await whetherFits(system, here.goroot, wanted)
    // Without a stamp, a distribution's build of that version is no better than any other.
    const isMeant =
      wanted.stamp !== undefined || (found.kind === 'ready' && found.rebuilder.proof.kind === 'proven')
    if (found.kind === 'ready' && isMeant) return found
  }
  if (!/^go\d+(\.\d+)*((rc|beta)\d+)?$/.test(wanted.version))
    return {kind: 'refused', reason: `${wanted.version} is no release that could be installed`, hint: nameIt}
  try {
    const release = {kind: 'release', version: wanted.version} as const
    const installed = await installToolchain(system, here, release, show)
    return await whetherFits(system, installed.goroot, wanted)
  } catch (error) {
    if (!isWorldError(error) && !isUsageError(error)) throw error
    return {kind: 'refused', reason: error.message, hint: error.hint ?? nameIt}
  }
}

/** Reads every byte of a GOROOT and compares its hash with the stamp. One for another platform has another hash, and compiles the same. */
async function whetherFits(
  system: System,
  goroot: string,
  {version, stamp}: WantedToolchain,
): Promise<RebuilderOrNot> {
  const go = `${goroot}/bin/go`
  const answer = await probeGoEnv(atRoot(system), go, undefined)
  if (answer.kind === 'failed') return {kind: 'refused', reason: `${go} does not run`}
  const {env} = answer
  const found = goVersionName(env.GOVERSION)
  if (found !== version)
    return {kind: 'refused', reason: `it was built by ${version}, and ${goroot} holds ${found}`}
  const folder = openFolder(system, storeFolder(system))
  const {hash} = await probeToolchain(system, env, folder, glanceAt(system, folder, env.GOROOT), {
    everyByte: true,
  })
  const named = stamp === undefined ? undefined : parseToolchainHash(stamp)
  if (named?.os === env.GOHOSTOS && named.arch === env.GOHOSTARCH && named.hash !== hash)
    return {
      kind: 'refused',
      reason: `its stamp names ${named.hash}, and the ${version} of ${goroot} is ${hash}`,
      hint: nameIt,
    }
  const proof = await probeProof(system, go, env, folder, hash)
  return {kind: 'ready', rebuilder: {goroot: env.GOROOT, version, hash, proof}}
}

const nameIt = 'name the folder of the toolchain that built it: gowarden rebuild --goroot DIR FILE'

/** Outside of the caller's module: no line of a go.mod switches toolchains. */
function atRoot(system: System): System {
  return {
    ...system,
    env: outsideModules(system.env, '/'),
    run: (file, words, options) => system.run(file, words, {cwd: '/', ...options}),
  }
}
