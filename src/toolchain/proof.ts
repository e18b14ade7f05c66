/** Whether Go's checksum database holds a toolchain's hash. */

import {outsideModules} from '../go/command/child-env.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {
  isInTree,
  openTree,
  parseLookup,
  publicKey,
  type Tree,
  tilePath,
} from '../go/module/checksum-database.ts'
import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import type {Folder} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {isRememberedProof, rememberProof} from './proof-memo.ts'

/**
 * 'differs': the database holds another hash for this version, the one of the toolchain from go.dev. 'unknown': nobody can
 * say without the database, and `reason` says why it could not be asked.
 */
export type Proof =
  | {kind: 'proven'}
  | {kind: 'differs'; published: string}
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
  hash: string,
  key = publicKey,
): Promise<Proof> {
  if (folder.kind === 'usable' && isRememberedProof(system, folder.path, hash)) return {kind: 'proven'}
  const toolchain = parseToolchainHash(hash)
  if (toolchain === undefined) return {kind: 'unknown', reason: `${hash} names no release`}
  const version = `v0.0.1-${toolchain.version}.${toolchain.os}-${toolchain.arch}`
  const found = readPublished(system, env.GOMODCACHE, version, key)
  const published = found ?? (await fetchPublished(system, go, env.GOMODCACHE, version, key))
  if (typeof published !== 'string') return {kind: 'unknown', reason: published.reason}
  if (published !== toolchain.h1) return {kind: 'differs', published}
  if (folder.kind === 'usable') {
    try {
      rememberProof(system, folder.path, hash)
    } catch {
      // asked again next time
    }
  }
  return {kind: 'proven'}
}

/** The h1 that the database holds for a version of golang.org/toolchain; undefined where the module cache cannot prove one. */
function readPublished(system: System, modules: string, version: string, key: string): string | undefined {
  const database = `${modules}/cache/download/sumdb/${key.split('+')[0]}`
  const lookup = parseLookup(readText(system, `${database}/lookup/golang.org/toolchain@${version}`))
  if (lookup === undefined) return undefined
  const line = lookup.text.split('\n').find(text => text.startsWith(`golang.org/toolchain ${version} h1:`))
  const tree = openTree(lookup.note, key)
  if (line === undefined || tree === undefined || !leadsTo(system, database, lookup, tree)) return undefined
  return line.split(' ')[2]
}

function leadsTo(system: System, database: string, lookup: {id: number; text: string}, tree: Tree): boolean {
  return isInTree(lookup, tree, (level, index, width) =>
    readTile(system, `${database}/${tilePath(level, index)}`, width),
  )
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
): Promise<string | {reason: string}> {
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
  const published = readPublished(system, modules, version, key)
  if (published !== undefined) return published
  const said = result.stderr.trim().split('\n')[0] ?? ''
  return {
    reason:
      result.exitCode !== 0 && said !== ''
        ? said.replace(/^go: /, '')
        : `what ${modules}/cache/download/sumdb holds of ${name} does not lead to a signed tree`,
  }
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
