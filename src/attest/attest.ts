/** `gowarden attest FILE…`: reads a binary, and has its toolchain's hash looked up. */
import {basename, resolve} from 'node:path'
import {readBinary} from '../go/binary/executable.ts'
import type {ToolchainHash} from '../go/module/toolchain-module.ts'
import {withRandomAccess} from '../system/random-access.ts'
import {sha256Of} from '../system/sha256.ts'
import type {System} from '../system/system.ts'
import type {Statement} from './in-toto.ts'
import {type Attested, type LockCheck, provenanceOf, soundStamp, type ToolchainCheck} from './provenance.ts'

/** A binary with its statement; or why there can be none. */
export type Attestation =
  | {kind: 'attested'; file: string; statement: Statement}
  | {kind: 'refused'; file: string; reason: string}

/** Asks whether a toolchain's hash is the published one. */
export type CheckToolchain = (hash: ToolchainHash) => Promise<ToolchainCheck>

/** A gowarden.lock: its digest, and the toolchains that it names. */
export type LockFound = {sha256: string; hashes: readonly ToolchainHash[]}

/** The statement about `file`, which is read and never run. */
export async function attest(
  system: Pick<System, 'cwd'>,
  file: string,
  check: CheckToolchain,
  version: string,
  lock?: LockFound,
): Promise<Attestation> {
  const read = await readAttested(resolve(system.cwd, file))
  if (read.kind === 'refused') return {...read, file}
  const stamp = soundStamp(read.attested.buildInfo)
  const checked: ToolchainCheck =
    stamp.kind === 'sound' ? await check(stamp.hash) : {kind: 'not-checked', reason: stamp.reason}
  const hash = stamp.kind === 'sound' ? stamp.hash : undefined
  const named: LockCheck | undefined = lock && {
    sha256: lock.sha256,
    names: hash !== undefined && lock.hashes.includes(hash),
  }
  return {kind: 'attested', file, statement: provenanceOf(read.attested, checked, version, named)}
}

/** What a statement says of a file: its digest and its build info, both of the same open file. */
export async function readAttested(
  path: string,
): Promise<{kind: 'read'; attested: Attested} | {kind: 'refused'; reason: string}> {
  const refused = (reason: string) => ({kind: 'refused' as const, reason})
  const opened = await withRandomAccess(path, opening => {
    const binary = readBinary(opening)
    // Of what is refused, which may be of any size, no digest is asked.
    return {binary, sha256: binary.kind === 'go' ? sha256Of(opening) : ''}
  })
  if (opened.kind !== 'read') return refused(opened.reason)
  const {binary, sha256} = opened.value
  if (binary.kind === 'fat')
    return refused('it holds an image for each of several machines: attest each (lipo -thin)')
  if (binary.kind === 'not-go') return refused(`not a Go binary: ${binary.reason}`)
  if (binary.kind !== 'go') return refused(binary.reason)
  const {buildInfo} = binary
  const keys = buildInfo.settings.map(({key}) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) return refused(`its build info has the setting ${twice} twice`)
  return {kind: 'read', attested: {name: basename(path), sha256, buildInfo}}
}
