/** `gowarden inspect FILE…`: what binaries say about the toolchain that built them, and about themselves. */
import {resolve} from 'node:path'
import {type BuildId, splitBuildId} from '../go/binary/build-id.ts'
import {type BuildInfo, type NoBuildInfo, type Stamp, stampOf} from '../go/binary/build-info.ts'
import {type GoBinary, readBinary} from '../go/binary/executable.ts'
import type {Dynamic, Symbols} from '../go/binary/image.ts'
import {withRandomAccess} from '../system/random-access.ts'
import type {System} from '../system/system.ts'
import {readArchive} from './archive.ts'
import {type Libc, libcOf} from './libc.ts'
import {filesBelow} from './walk.ts'

/** One binary, named as the caller named it. `image` tells apart the images of a universal Mach-O file, by GOARCH. */
export type Inspection = {file: string; image?: string} & (Inspected | NotInspected)

/** What `go version -m` and `go tool buildid` know of it, and its stamp. */
export type Inspected = BuildInfo & {
  kind: 'go'
  format: GoBinary['format']
  bits: GoBinary['bits']
  arch?: string
  stamp: Stamp | {kind: 'none'}
  buildId: BuildId | {kind: 'none'}
  /** The loader and the libraries that the system must have; absent for a static file. */
  dynamic?: Dynamic
  libc?: Libc
  symbols?: Symbols
}

export type NotInspected = NoBuildInfo | {kind: 'unreadable'; reason: string}

/**
 * Reads each file, in the order given; one that is missing, unreadable or no Go binary is an answer with a reason. A
 * universal file gives one answer for each of its images. Of a directory, what is found below it and Go built, or may have
 * built: files of other kinds are left out. The same of a tar archive and a saved container image.
 */
export async function inspect(
  system: Pick<System, 'cwd' | 'files'>,
  files: readonly string[],
): Promise<Inspection[]> {
  const inspections: Inspection[] = []
  for (const file of files) {
    const path = resolve(system.cwd, file)
    if (!isDirectory(system, path)) {
      const answers =
        (await inspectArchive(file, path)) ?? (await inspectFile(path)).map(found => ({file, ...found}))
      inspections.push(...answers)
      continue
    }
    const below: Inspection[] = []
    for (const found of filesBelow(system, path)) {
      const named = `${file.replace(/(.)\/+$/, '$1')}${found.slice(path.length)}`
      for (const inspection of await inspectFile(found)) {
        if (isWorthTelling(inspection)) below.push({file: named, ...inspection})
      }
    }
    if (below.length === 0) below.push({file, kind: 'not-go', reason: 'a directory without Go binaries'})
    inspections.push(...below)
  }
  return inspections
}

function isDirectory(system: Pick<System, 'files'>, path: string): boolean {
  try {
    return system.files.stat(path)?.kind === 'directory'
  } catch {
    return false
  }
}

/** In a directory most files are no Go binaries; one that hides what it holds, or is damaged, may be one. */
function isWorthTelling({kind}: Inspected | NotInspected): boolean {
  return kind !== 'not-go' && kind !== 'unsupported'
}

/** What is in a tar archive or a saved image: `image.tar:/usr/bin/app`. Undefined for a file that is none. */
async function inspectArchive(file: string, path: string): Promise<Inspection[] | undefined> {
  const archive = await readArchive(path, inside => {
    const found = answersOf(readBinary(inside)).filter(isWorthTelling)
    return found.length === 0 ? undefined : found
  })
  if (archive === undefined) return undefined
  if (archive.kind !== 'archive') return [{file, ...archive}]
  if (archive.found.length === 0) return [{file, kind: 'not-go', reason: 'an archive without Go binaries'}]
  return archive.found.flatMap(({path: inside, value}) =>
    value.map(found => ({file: `${file}:${inside}`, ...found})),
  )
}

async function inspectFile(path: string): Promise<({image?: string} & (Inspected | NotInspected))[]> {
  const opened = await withRandomAccess(path, readBinary)
  if (opened.kind !== 'read') return [{kind: 'unreadable', reason: opened.reason}]
  return answersOf(opened.value)
}

function answersOf(binary: ReturnType<typeof readBinary>): ({image?: string} & (Inspected | NotInspected))[] {
  if (binary.kind !== 'fat') return [inspected(binary)]
  return binary.images.map(image => ({image: image.arch, ...inspected(image.binary)}))
}

function inspected(binary: GoBinary | NoBuildInfo): Inspected | NotInspected {
  if (binary.kind !== 'go') return binary
  const {kind, format, bits, arch, buildInfo, buildId, dynamic, symbols} = binary
  const libc = dynamic && libcOf(dynamic)
  return {
    kind,
    format,
    bits,
    ...(arch === undefined ? {} : {arch}),
    ...buildInfo,
    stamp: stampOf(buildInfo) ?? {kind: 'none'},
    buildId: buildId === undefined ? {kind: 'none'} : splitBuildId(buildId),
    ...(dynamic === undefined ? {} : {dynamic}),
    ...(libc === undefined ? {} : {libc}),
    ...(symbols === undefined ? {} : {symbols}),
  }
}
