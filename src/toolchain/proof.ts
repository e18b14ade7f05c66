/** Whether Go's checksum database holds a toolchain's hash. */

import {outsideModules} from '../go/command/child-env.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {
  findInTree,
  openNote,
  parseLookup,
  publicKey,
  recordedH1,
  tilePath,
} from '../go/module/checksum-database.ts'
import type {H1} from '../go/module/h1.ts'
import {parseToolchainHash, type ToolchainHash} from '../go/module/toolchain-module.ts'
import type {Folder} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {isRememberedProof, rememberProof} from './proof-memo.ts'

/**
 * 'differs': the database holds another hash for this version, the one of the toolchain from go.dev. 'forged': what the module cache
 * keeps as the database's own word was never said by it; `reason` names what is wrong with it, and `file` where it lies.
 * 'unknown': nobody can say without the database, and `reason` says why it could not be asked.
 */
export type Proof =
  | {kind: 'proven'}
  | {kind: 'differs'; published: H1}
  | {kind: 'forged'; file: string; reason: string}
  | {kind: 'unknown'; reason: string}

/**
 * Looks a ToolchainHash up, first in what was proven once, then in what the go command keeps of the database, and then lets
 * go fetch the record (some kilobytes, through GOPROXY). Nothing that go says of it is believed: the signature is checked
 * here, and the way from the record to the signed tree.
 */
export async function probeProof(
  system: System,
  go: string,
  env: Pick<GoEnv, 'GOMODCACHE'>,
  folder: Folder,
  hash: ToolchainHash,
  key = publicKey,
): Promise<Proof> {
  if (isRememberedProof(system, folder, hash)) return {kind: 'proven'}
  const toolchain = parseToolchainHash(hash)
  if (toolchain === undefined) return {kind: 'unknown', reason: `${hash} names no release`}
  const version = `v0.0.1-${toolchain.version}.${toolchain.os}-${toolchain.arch}`
  const kept = readKeptRecord(system, env.GOMODCACHE, version, key)
  // Go would answer from the same files.
  const found = kept.kind === 'absent' ? await fetchPublished(system, go, env.GOMODCACHE, version, key) : kept
  switch (found.kind) {
    case 'published':
      break
    case 'forged':
      return found
    case 'absent':
      return {kind: 'unknown', reason: found.reason}
    default:
      return unreachable(found)
  }
  if (found.h1 !== toolchain.h1) return {kind: 'differs', published: found.h1}
  rememberProof(system, folder, hash)
  return {kind: 'proven'}
}

/** What the module cache keeps of the database about one version; 'absent' where that is too little to prove or to accuse. */
export type KeptRecord =
  | {kind: 'published'; h1: H1}
  | {kind: 'forged'; file: string; reason: string}
  | {kind: 'absent'; reason: string}

/** The h1 that the database holds for a version of golang.org/toolchain, as far as the module cache can prove it. */
export function readKeptRecord(system: System, modules: string, version: string, key: string): KeptRecord {
  const signer = key.split('+')[0]
  const database = `${modules}/cache/download/sumdb/${signer}`
  const file = `${database}/lookup/golang.org/toolchain@${version}`
  const incomplete = {
    kind: 'absent' as const,
    reason: `what ${database} holds of golang.org/toolchain@${version} does not lead to a signed tree`,
  }
  const lookup = parseLookup(readText(system, file))
  const note = lookup && openNote(lookup.note, key)
  if (lookup === undefined || note === undefined || note.kind === 'malformed') return incomplete
  if (note.kind === 'unsigned') return {kind: 'forged', file, reason: `the signature is not ${signer}'s`}
  const found = findInTree(lookup, note.tree, (level, index, width) =>
    readTile(system, `${database}/${tilePath(level, index)}`, width),
  )
  if (found === 'incomplete') return incomplete
  if (found === 'elsewhere')
    return {kind: 'forged', file, reason: `the record is not in the tree that ${signer} signed`}
  const h1 = recordedH1(lookup, 'golang.org/toolchain', version)
  return h1 === undefined ? incomplete : {kind: 'published', h1}
}

/** The full tile, else the narrowest part of it that is wide enough. */
function readTile(system: System, path: string, width: number): Buffer | undefined {
  const full = readBytes(system, path)
  if (full !== undefined) return full
  const widths = (listNames(system, `${path}.p`) ?? [])
    .map(Number)
    .filter(candidate => candidate >= width)
    .sort((a, b) => a - b)
  return widths[0] === undefined ? undefined : readBytes(system, `${path}.p/${widths[0]}`)
}

/**
 * Reading a toolchain module's go.mod makes the go command look it up in the database, whatever GOSUMDB says of others, and
 * keep the record and the tiles that it checked (cmd/go/internal/modfetch useSumDB).
 */
async function fetchPublished(
  system: System,
  go: string,
  modules: string,
  version: string,
  key: string,
): Promise<KeptRecord> {
  const name = `golang.org/toolchain@${version}`
  const own = system.env['GOSUMDB'] ?? ''
  const result = await system.run(go, ['list', '-m', name], {
    cwd: '/',
    env: outsideModules(system.env, '/', {
      GO111MODULE: 'on',
      GOFLAGS: '-mod=readonly',
      GOSUMDB: /^sum\.golang\.(org|google\.cn)( |$)/.test(own) ? own : 'sum.golang.org',
    }),
  })
  const found = readKeptRecord(system, modules, version, key)
  const said = result.stderr.trim().split('\n')[0] ?? ''
  if (found.kind !== 'absent' || result.exitCode === 0 || said === '') return found
  return {kind: 'absent', reason: said.replace(/^go: /, '')}
}

function readText(system: System, path: string): string {
  return readBytes(system, path)?.toString() ?? ''
}

/** What cannot be read proves nothing, as what is not there. */
function readBytes(system: System, path: string): Buffer | undefined {
  try {
    return system.files.read(path)
  } catch {
    return undefined
  }
}

function listNames(system: System, path: string): string[] | undefined {
  try {
    return system.files.list(path)?.map(({name}) => name)
  } catch {
    return undefined
  }
}
