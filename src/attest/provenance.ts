/** What a Go binary says of itself, as a provenance statement; and what was checked of it here. */
import {type BuildInfo, isSameVersion, type Module, stampOf} from '../go/binary/build-info.ts'
import {parseH1} from '../go/module/h1.ts'
import {
  parseToolchainHash,
  type ToolchainHash,
  toolchainHash,
  toolchainModule,
} from '../go/module/toolchain-module.ts'
import {unreachable} from '../system/unreachable.ts'
import {
  dirHash1,
  type JsonObject,
  provenanceStatement,
  type ResourceDescriptor,
  type Statement,
} from './in-toto.ts'

/** Our build type: docs/proof.md says what its parameters mean. */
export const buildType = 'https://gowarden.example.invalid/attest/go-build/v1'

/**
 * The builder of such a statement: none that anybody watched. SLSA verifiers are told which builders to trust, and this one is
 * nobody to trust.
 */
export const unobserved = 'https://gowarden.example.invalid/attest/unobserved'

/** A binary as far as a statement needs it. `name` is the file's own, without folders. */
export type Attested = {name: string; sha256: string; buildInfo: BuildInfo}

/**
 * What was found out here about the toolchain's hash: 'published' where the checksum database holds it, 'not-published' where it
 * holds another one. Neither says that this toolchain compiled the binary: the stamp says so.
 */
export type ToolchainCheck =
  | {kind: 'published'}
  | {kind: 'not-published'; published: string}
  | {kind: 'not-checked'; reason: string}

/**
 * The gowarden.lock that counts where the statement is made: its digest, and whether it names the toolchain of the stamp. Nothing says
 * that the binary was built under it.
 */
export type LockCheck = {sha256: string; names: boolean}

/** The statement about one binary. Equal input gives equal output: no time, no path, nothing of the machine is in it. */
export function provenanceOf(
  attested: Attested,
  check: ToolchainCheck,
  version: string,
  lock?: LockCheck,
): Statement {
  const {buildInfo, name, sha256} = attested
  return provenanceStatement(
    [{name, digest: {sha256}}],
    {
      buildType,
      externalParameters: externalParameters(buildInfo),
      internalParameters: {
        saidBy: 'the binary: its build info, which whoever builds can write',
        checkedHere: [...checkedHere(check), ...checkedLock(lock)],
      },
      resolvedDependencies: [
        toolchain(buildInfo, check),
        ...source(buildInfo),
        ...modules(buildInfo),
        ...locked(lock),
      ],
    },
    {id: unobserved, version: {gowarden: version}},
  )
}

function externalParameters({path, main, goVersion, settings}: BuildInfo): JsonObject {
  return {
    ...(path === undefined ? {} : {package: path}),
    ...(main === undefined ? {} : {module: moduleName(main)}),
    goVersion,
    settings: Object.fromEntries(settings.map(({key, value}) => [key, value])),
  }
}

function checkedHere(check: ToolchainCheck): string[] {
  const digest = 'subject: the sha256 is that of the file'
  switch (check.kind) {
    case 'published':
      return [digest, "toolchain: its hash is in Go's checksum database, by the signed tree"]
    case 'not-published':
      return [digest, `toolchain: Go's checksum database holds another hash: ${check.published}`]
    case 'not-checked':
      return [digest]
    default:
      return unreachable(check)
  }
}

function checkedLock(lock: LockCheck | undefined): string[] {
  if (lock === undefined) return []
  return [
    `gowarden.lock: the one where this was written ${lock.names ? 'names this toolchain' : 'does not name this toolchain'}`,
  ]
}

/** Not what the binary was built from as far as it says: what the toolchain was compared with. */
function locked(lock: LockCheck | undefined): ResourceDescriptor[] {
  if (lock === undefined) return []
  return [{name: 'gowarden.lock', digest: {sha256: lock.sha256}, annotations: {namesToolchain: lock.names}}]
}

/** The toolchain, with its hash where the stamp is one ToolchainHash of the Go version that the linker wrote beside it. */
function toolchain(info: BuildInfo, check: ToolchainCheck): ResourceDescriptor {
  const hash = soundStamp(info)
  const named = hash.kind === 'sound' ? parseToolchainHash(hash.hash) : undefined
  if (named === undefined)
    return {
      name: 'toolchain',
      uri: `pkg:golang/stdlib@${encodeURIComponent(info.goVersion.replace(/^go/, ''))}`,
      annotations: {goVersion: info.goVersion, hash: hash.kind === 'unsound' ? hash.reason : 'unknown'},
    }
  const standIns = standInsOf(info)
  return {
    name: 'toolchain',
    uri: `pkg:golang/${toolchainModule(named.version, named.os, named.arch)}`,
    digest: dirHash1(named.h1),
    annotations: {
      goVersion: info.goVersion,
      ToolchainHash: named.hash,
      check: check.kind,
      ...(check.kind === 'not-checked' ? {reason: check.reason} : {}),
      ...(standIns.length === 0 ? {} : {standIns}),
    },
  }
}

/** The hash that a stamp names; or why it names none that could be relied on. */
export function soundStamp(
  info: BuildInfo,
): {kind: 'sound'; hash: ToolchainHash} | {kind: 'unsound'; reason: string} {
  const stamp = stampOf(info)
  switch (stamp?.kind) {
    case undefined:
      return {kind: 'unsound', reason: 'unknown: the binary is not stamped'}
    case 'malformed':
      return {kind: 'unsound', reason: 'unknown: the ToolchainHash in the binary is malformed'}
    case 'conflicting':
      return {kind: 'unsound', reason: 'unknown: the binary carries several ToolchainHashes'}
    case 'stamped': {
      if (!isSameVersion(stamp.version, info.goVersion))
        return {
          kind: 'unsound',
          reason: `unknown: the stamp names ${stamp.version}, the binary ${info.goVersion}`,
        }
      return {kind: 'sound', hash: toolchainHash(stamp.version, stamp.os, stamp.arch, stamp.h1)}
    }
    default:
      return unreachable(stamp)
  }
}

/** What stood in for the toolchain's own files, as the stamp names it: a program of -toolexec, an -overlay. */
function standInsOf(info: BuildInfo): {kind: string; digest: string}[] {
  const stamp = stampOf(info)
  return stamp?.kind === 'stamped' ? (stamp.standIns ?? []).map(({kind, digest}) => ({kind, digest})) : []
}

/** The revision that go stamped; where files were changed beside it, it is not all of the source, and that is said. */
function source({settings}: BuildInfo): ResourceDescriptor[] {
  const setting = (key: string) => settings.find(each => each.key === key)?.value
  const revision = setting('vcs.revision')
  if (revision === undefined) return []
  const vcs = setting('vcs') ?? ''
  const isGit = vcs === 'git' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)
  const time = setting('vcs.time')
  return [
    {
      name: 'source',
      ...(isGit ? {digest: {gitCommit: revision}} : {}),
      annotations: {
        vcs,
        ...(isGit ? {} : {revision}),
        ...(time === undefined ? {} : {time}),
        modified: setting('vcs.modified') ?? 'unknown',
      },
    },
  ]
}

/** The main module where it came from a proxy, and every module that packages came from; of replaced ones the replacement. */
function modules({main, deps}: BuildInfo): ResourceDescriptor[] {
  return [...(main?.sum === undefined ? [] : [descriptor(main)]), ...deps.map(descriptor)]
}

function descriptor(module: Module): ResourceDescriptor {
  const used = module.replace ?? module
  const h1 = parseH1(used.sum ?? '')
  return {
    name: moduleName(used),
    // A purl is in lower case, its parts encoded; `name` is exact.
    ...(h1 === undefined
      ? {}
      : {
          uri: `pkg:golang/${used.path.toLowerCase().split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(used.version)}`,
          digest: dirHash1(h1),
        }),
    ...(used === module ? {} : {annotations: {replaces: moduleName(module)}}),
  }
}

function moduleName({path, version}: Module): string {
  return `${path}@${version}`
}
