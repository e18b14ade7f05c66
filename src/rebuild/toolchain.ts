/** The toolchain that rebuilds: got as go gets it, and known by its content before it runs anything. */
import {outsideModules} from '../go/command/child-env.ts'
import {goVersionName} from '../go/command/go-env.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import {openFolder, storeFolder} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {probeGoEnv} from '../toolchain/go-env.ts'
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

/**
 * The toolchain of a stamp, or of a Go version where there is none. `go` is the real go, which downloads others; `goroot` is one that a
 * person names, and that has to be the one as well.
 */
export async function rebuilderFor(
  system: System,
  go: string,
  wanted: {version: string; stamp: ToolchainHash | undefined},
  goroot: string | undefined,
): Promise<RebuilderOrNot> {
  const {version, stamp} = wanted
  const root = goroot ?? (await obtainGoroot(system, go, version))
  if (root === undefined)
    return {kind: 'refused', reason: `${version} could not be had as a toolchain`, hint: noToolchain(version)}
  const answer = await probeGoEnv(atRoot(system), `${root}/bin/go`, undefined)
  if (answer.kind === 'failed') return {kind: 'refused', reason: `${root}/bin/go does not run`}
  const {env} = answer
  const found = goVersionName(env.GOVERSION)
  if (found !== version)
    return {kind: 'refused', reason: `it was built by ${version}, and ${root} holds ${found}`}
  const folder = openFolder(system, storeFolder(system))
  const {hash} = await probeToolchain(system, env, folder, glanceAt(system, folder, env.GOROOT), {
    everyByte: true,
  })
  const named = stamp === undefined ? undefined : parseToolchainHash(stamp)
  const isHere = named?.os === env.GOHOSTOS && named.arch === env.GOHOSTARCH
  if (named !== undefined && isHere && named.hash !== hash)
    return {
      kind: 'refused',
      reason: `its stamp names ${named.hash}, and the ${version} of ${root} is ${hash}`,
      hint: 'name the folder of the toolchain that built it: gowarden rebuild --goroot DIR FILE',
    }
  const proof = await probeProof(system, go, env, folder, hash)
  return {kind: 'ready', rebuilder: {goroot: env.GOROOT, version, hash, proof}}
}

/** The GOROOT of a version: that of the go here, or the one that it downloads. */
async function obtainGoroot(system: System, go: string, version: string): Promise<string | undefined> {
  const env = {...outsideModules(system.env, '/'), GOTOOLCHAIN: version}
  const {exitCode, stdout} = await system.run(go, ['env', 'GOROOT'], {cwd: '/', env, stderr: 'inherit'})
  const goroot = stdout.trim()
  return exitCode === 0 && goroot.startsWith('/') ? goroot : undefined
}

/** Outside of the caller's module: no line of a go.mod switches toolchains. */
function atRoot(system: System): System {
  return {
    ...system,
    env: outsideModules(system.env, '/'),
    run: (file, words, options) => system.run(file, words, {cwd: '/', ...options}),
  }
}

function noToolchain(version: string): string {
  return /^go\d+(\.\d+)*((rc|beta)\d+)?$/.test(version)
    ? 'see what go says: GOTOOLCHAIN=' + version + ' go version'
    : 'name the folder of the toolchain that built it: gowarden rebuild --goroot DIR FILE'
}
