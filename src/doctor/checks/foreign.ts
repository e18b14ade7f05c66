/** Files in a GOROOT that are not of its release: another one was there before, and the new one was unpacked over it. */
import type {SourceFacts, SourceFile} from '../probes/goroot.ts'

/** `how` says what they are known by. */
export type ForeignFiles = {paths: string[]; how: string}

const second = 1_000_000_000n
const hour = 3600n * second

/**
 * The files below GOROOT/src that the release did not bring. Exact where go has unpacked the same release in the module cache.
 * Else by the times of files: everything in a release's archive has one modification time, that of VERSION, so what is older, or
 * was there before any file of the archive, was left behind (golang/go#71336). Where a copy gave the files times of their own,
 * what is an hour older than VERSION. A file that was changed or added later is no sign of another release.
 */
export function foreignFiles({files, versionNs, release}: SourceFacts): ForeignFiles | undefined {
  if (release !== undefined) {
    const paths = files
      .map(({path}) => path)
      .filter(path => !namesOf(path).some(name => release.files.has(name)))
    return answer(paths, `${release.folder} does not have them`)
  }
  if (versionNs === undefined) return undefined
  const isOfArchive = ({mtimeNs}: SourceFile) => mtimeNs / second === versionNs / second
  const archived = files.filter(isOfArchive)
  if (archived.length * 2 > files.length) {
    const others = files.filter(file => !isOfArchive(file))
    const first = archived.reduce(
      (least, {ctimeNs}) => (ctimeNs < least ? ctimeNs : least),
      archived[0]?.ctimeNs ?? 0n,
    )
    const before = others.filter(({ctimeNs}) => ctimeNs < first)
    const left = others.filter(
      file => file.mtimeNs < versionNs || (before.length >= enoughBefore && file.ctimeNs < first),
    )
    return answer(
      left.map(({path}) => path),
      'they are older than the files of the release, or were there before them',
    )
  }
  const older = files.filter(({mtimeNs}) => mtimeNs < versionNs - hour)
  if (older.length * 2 > files.length) return undefined
  return answer(
    older.map(({path}) => path),
    'they are older than GOROOT/VERSION',
  )
}

/** A file or two that a distribution has changed may be the first ones that a copy wrote. */
const enoughBefore = 3

/** A toolchain module packs every go.mod as _go.mod, and go copies some of them back. */
function namesOf(path: string): string[] {
  return [path, path.replace(/(^|\/)go\.mod$/, '$1_go.mod')]
}

function answer(paths: string[], how: string): ForeignFiles | undefined {
  return paths.length === 0 ? undefined : {paths: paths.sort(), how}
}
