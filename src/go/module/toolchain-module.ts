/**
 * A GOROOT in the form of the module golang.org/toolchain@v0.0.1-<version>.<os>-<arch>, as cmd/distpack packs it and
 * cmd/go unpacks it: what its files are called there, and which of its files are not in it.
 */

import {type H1, parseH1} from './h1.ts'

/** What a GOROOT's hash is computed over: names as in the module, without the module's prefix. */
export type ModuleFile = {path: string; name: string}

/** `golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64`. */
export function toolchainModule(version: string, os: string, arch: string): string {
  return `golang.org/toolchain@v0.0.1-${version}.${os}-${arch}`
}

/** The text a binary carries: a ToolchainHash, and behind it what stood in for the toolchain's own files. Made here alone. */
export type StampText = string & {readonly __StampTextBrand__: never}

/** `go1.26.8.linux-amd64@h1:…`: the bytes of a toolchain, and a whole stamp where nothing stood in for them. Made here alone. */
export type ToolchainHash = StampText & {readonly __ToolchainHashBrand__: never}

export type ToolchainParts = {hash: ToolchainHash; version: string; os: string; arch: string; h1: H1}

/** The ToolchainHash of a toolchain: `version` is the first word of its VERSION, `os` and `arch` those it runs on. */
export function toolchainHash(version: string, os: string, arch: string, h1: H1): ToolchainHash {
  return `${version}.${os}-${arch}@${h1}` as ToolchainHash
}

/** The text as a ToolchainHash, with its parts; undefined when it is not one. */
export function parseToolchainHash(text: string): ToolchainParts | undefined {
  const [, version, os, arch, digest = ''] = text.match(/^(.+)\.([a-z0-9]+)-([a-z0-9]+)@(h1:[^@]*)$/) ?? []
  const h1 = parseH1(digest)
  return version && os && arch && h1 ? {hash: text as ToolchainHash, version, os, arch, h1} : undefined
}

/** What stood in for the toolchain's own files: a program that ran in the compiler's place, or replaced files of GOROOT. */
export type StampedStandIn = {kind: 'toolexec' | 'overlay'; digest: string}

/**
 * The parts of a stamp, `hash` being the whole text: a ToolchainHash, and behind it what stood in for the toolchain's own files, which makes it another stamp than
 * the hash alone. undefined when the text is not one.
 *
 *   go1.26.8.linux-amd64@h1:…=
 *   go1.26.8.linux-amd64@h1:…=+toolexec=sha256:…
 *   go1.26.8.linux-amd64@h1:…=+toolexec=sha256:…:…+overlay=sha256:…
 */
export function parseStamp(
  text: string,
): (Omit<ToolchainParts, 'hash'> & {hash: StampText; standIns: StampedStandIn[]}) | undefined {
  const end = text.indexOf('=', text.lastIndexOf('@h1:')) + 1
  const parts = parseToolchainHash(text.slice(0, end))
  const rest = text.slice(end)
  const standIn = /\+(toolexec|overlay)=(sha256:[0-9a-f]{64}(?::[0-9a-f]{64})?)/g
  if (parts === undefined || rest.replace(standIn, '') !== '') return undefined
  const standIns = [...rest.matchAll(standIn)].map(([, kind = '', digest = '']) => ({
    kind: kind === 'overlay' ? ('overlay' as const) : ('toolexec' as const),
    digest,
  }))
  return {...parts, hash: text as StampText, standIns}
}

/** The stamp of a toolchain for which something stood in: `marks` are `toolexec=sha256:…` and `overlay=sha256:…`, in that order. */
export function stampWith(hash: ToolchainHash, marks: readonly string[]): StampText {
  return [hash, ...marks].join('+') as StampText
}

/** Directories of a GOROOT's top that no toolchain module has (distpack), and a checkout's own bookkeeping. */
const leftOut = new Set(['api', 'doc', 'misc', 'test', '.git'])

/**
 * What a GOPATH in the same folder keeps: modules and the checksum database, sources and objects by import path. The first
 * element of such a path has a dot, and none of the standard library's has (cmd/go/internal/search IsStandardImportPath).
 */
const ofGopath = /^(pkg\/(mod|sumdb)|src\/[^/]*\.[^/]*|pkg\/[^/]+_[^/]+\/[^/]*\.[^/]*)$/

/** Whether a directory of GOROOT, named by its path below it, is part of the module form. */
export function isModuleDirectory(path: string): boolean {
  return !leftOut.has(path) && !ofGopath.test(path)
}

/** Whether a path below GOROOT is, holds or lies in what builds may read, so that nothing can excuse it from the hash. */
export function isReadAsToolchain(path: string): boolean {
  return /^(src|bin|lib|misc)(\/|$)|^pkg($|\/(tool|include|[^/]*_[^/]*)(\/|$))/.test(path)
}

/**
 * Whether a directory of GOROOT holds what builds read: no build reads a testdata folder, and src/cmd is the source of the
 * tools, which lie built in pkg/tool.
 */
export function isReadByBuilds(path: string): boolean {
  return !/(^|\/)testdata(\/|$)/.test(path) && !/^src\/cmd(\/|$)/.test(path)
}

/** What distpack packs of GOROOT/bin. The rest was put there by `go install` with that folder as GOBIN; no build runs it. */
const packedCommands = new Set(['go', 'gofmt', 'go.exe', 'gofmt.exe'])

/**
 * Names the files of one directory: go.mod is packed as _go.mod, since no module holds another. Where cmd/go has
 * unpacked a toolchain both stand side by side, and go.mod is the copy: it is left out when it is one, and counts under
 * its own name when it is not (then the hash is nobody else's).
 */
export function moduleFiles(
  directory: string,
  names: readonly string[],
  isSame: (a: string, b: string) => boolean,
): ModuleFile[] {
  const below = directory === '' ? '' : `${directory}/`
  const files: ModuleFile[] = []
  for (const name of names) {
    if (name === '.DS_Store') continue
    if (directory === 'bin' && !packedCommands.has(name)) continue
    if (name !== 'go.mod') {
      files.push({path: below + name, name: below + name})
    } else if (!names.includes('_go.mod')) {
      files.push({path: `${below}go.mod`, name: `${below}_go.mod`})
    } else if (!isSame(`${below}go.mod`, `${below}_go.mod`)) {
      files.push({path: `${below}go.mod`, name: `${below}go.mod`})
    }
  }
  return files
}

/** Where upstream's GOROOT/go.env says to download from. */
const upstreamDownloads: Record<string, string> = {
  GOPROXY: 'https://proxy.golang.org,direct',
  GOSUMDB: 'sum.golang.org',
  GOTOOLCHAIN: 'auto',
}

/** What upstream's GOROOT/go.env says of a variable; undefined for all but three. */
export function upstreamDownload(name: string): string | undefined {
  return Object.hasOwn(upstreamDownloads, name) ? upstreamDownloads[name] : undefined
}

/**
 * GOROOT/go.env with upstream's GOPROXY, GOSUMDB and GOTOOLCHAIN: they say where to download from, not how to compile,
 * and installers set them. A key set again further down loses the later line; every other line stays as it is.
 */
export function withUpstreamDownloads(goEnv: string): string {
  const seen = new Set<string>()
  const lines = goEnv.split('\n').flatMap(line => {
    const key = line.match(/^\s*([A-Z0-9]+)\s*=/)?.[1]
    const upstream = key === undefined ? undefined : upstreamDownloads[key]
    if (key === undefined || upstream === undefined) return [line]
    if (seen.has(key)) return []
    seen.add(key)
    return [`${key}=${upstream}`]
  })
  return lines.join('\n')
}
