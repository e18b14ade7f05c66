/** Which C library a dynamically linked program needs, for that is what an older system or another distribution does not have. */
import type {Dynamic} from '../go/binary/image.ts'

/** `version` is the oldest release that has every symbol: glibc's symbols carry it, musl's do not. */
export type Libc = {name: 'glibc'; version: string} | {name: 'musl'; version: undefined}

/** Undefined where neither is asked for: a static program, and systems that have neither. */
export function libcOf({loader, libraries}: Dynamic): Libc | undefined {
  const versions = libraries.flatMap(library => library.versions.flatMap(glibcVersion))
  const [newest] = versions.sort(compareDescending)
  if (newest !== undefined) return {name: 'glibc', version: newest}
  const isMusl = /(^|\/)ld-musl-/.test(loader ?? '') || libraries.some(({name}) => /^libc\.musl-/.test(name))
  return isMusl ? {name: 'musl', version: undefined} : undefined
}

/** Versions of a library's symbols: those of glibc by their number, and behind them the others as they stand. */
export function newestFirst(versions: readonly string[]): string[] {
  const numbered = versions.filter(version => glibcVersion(version).length > 0)
  const others = versions.filter(version => glibcVersion(version).length === 0)
  const number = (version: string) => glibcVersion(version)[0] ?? ''
  return [...numbered.sort((a, b) => compareDescending(number(a), number(b))), ...others]
}

/** GLIBC_2.34; not GLIBC_PRIVATE. GLIBC_ABI_DT_RELR came with 2.36 and is asked for beside no symbol of it. */
function glibcVersion(version: string): string[] {
  if (version === 'GLIBC_ABI_DT_RELR') return ['2.36']
  const number = version.match(/^GLIBC_(\d+(?:\.\d+)*)$/)?.[1]
  return number === undefined ? [] : [number]
}

function compareDescending(a: string, b: string): number {
  const [left, right] = [a, b].map(text => text.split('.').map(Number))
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const difference = (right?.[at] ?? 0) - (left?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
