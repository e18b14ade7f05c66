/** The index as Git lists it. */
import {type PathBytes, pathFromLatin1, pathToLatin1} from './path-bytes.ts'

/** `mode` is Git's: 100644, 100755, 120000 (symbolic link), 160000 (submodule). `stage` is 0 unless the path is unmerged. */
export type IndexEntry = {mode: string; id: string; stage: number; path: PathBytes}

/**
 * Reads `git ls-files -s -z`, one entry each:
 *
 *     100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0<TAB>dir/file name<NUL>
 *
 * Entries come in Git's order: by path bytes, then by stage. Throws on anything else: Git never prints it.
 */
export function parseLsFiles(output: Buffer): IndexEntry[] {
  const text = output.toString('latin1')
  const entries: IndexEntry[] = []
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\0', start)
    const tab = text.indexOf('\t', start)
    const space = text.indexOf(' ', start)
    const stage = Number(text.slice(tab - 1, tab))
    if (
      end < 0 ||
      tab < 0 ||
      tab > end ||
      space > tab ||
      text[tab - 2] !== ' ' ||
      !(stage >= 0 && stage <= 3)
    ) {
      throw new Error(
        `reading git ls-files -s -z: unexpected entry ${JSON.stringify(text.slice(start, start + 120))}`,
      )
    }
    entries.push({
      mode: text.slice(start, space),
      id: text.slice(space + 1, tab - 2),
      stage,
      path: pathFromLatin1(text.slice(tab + 1, end)),
    })
    start = end + 1
  }
  return entries
}

/**
 * Reads `git ls-tree -r -z`, files alone (no submodules):
 *
 *     100644 blob e69de29bb2d1d6434b8b29ae775ad8c2e48c5391<TAB>dir/file name<NUL>
 */
export function parseLsTree(output: Buffer): {id: string; path: PathBytes}[] {
  return parseFields(output).flatMap(entry => {
    const [, id, path] = /^\d+ blob ([0-9a-f]+)\t([\s\S]*)$/.exec(entry) ?? []
    return id === undefined || path === undefined ? [] : [{id, path: pathFromLatin1(path)}]
  })
}

/** Reads NUL-separated paths, as `-z` prints them. */
export function parsePaths(output: Buffer): PathBytes[] {
  return parseFields(output).map(pathFromLatin1)
}

/** Reads NUL-separated fields of more than one kind, each as latin1. */
export function parseFields(output: Buffer): string[] {
  const text = output.toString('latin1')
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

/** NUL-terminated paths for `--stdin -z`, byte for byte. */
export function formatPaths(paths: readonly PathBytes[]): Buffer {
  return Buffer.from(paths.map(path => `${pathToLatin1(path)}\0`).join(''), 'latin1')
}
