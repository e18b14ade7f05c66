/** Files of other tools in a vendor directory, as Git is told of them before the go command deletes all that it did not write. */
import {type PathBytes, pathToUtf8} from '../../git/path-bytes.ts'
import type {RootFacts, TreeDifference} from '../facts.ts'

type ExtraFile = {path: PathBytes; rule: number}

/** More paths than this make no command to copy. */
const mostPaths = 10

/**
 * Pathspecs of these files and of nothing that differs: each by its name where they are few, else by the globs of the policy within
 * the directory. What Git's globs cannot say is left unkept.
 */
export function keptIn(
  vendor: PathBytes,
  files: readonly ExtraFile[],
  differences: readonly TreeDifference[],
  {
    isVendorExtra,
    vendorExtraGlob,
  }: {isVendorExtra(path: PathBytes): number | undefined; vendorExtraGlob(rule: number): string},
): Pick<RootFacts, 'kept' | 'unkept'> {
  if (files.length <= mostPaths) return {kept: files.map(({path}) => literal('', path)), unkept: []}
  const globs = [...new Set(files.map(({rule}) => rule))].map(rule =>
    globWithin(pathToUtf8(vendor), vendorExtraGlob(rule)),
  )
  const but = differences.flatMap(pathsOf).filter(path => isVendorExtra(path) !== undefined)
  if (globs.includes(undefined) || but.length > mostPaths)
    return {kept: [], unkept: files.map(({path}) => path)}
  const excluded = but.map(path => literal('exclude,', path))
  return {kept: [...globs.map(glob => `:(glob)${glob}`), ...excluded], unkept: []}
}

function literal(magic: 'exclude,' | '', path: PathBytes): string {
  const text = pathToUtf8(path)
  return magic === '' && !/^:|[*?[\\]/.test(text) ? text : `:(${magic}literal)${text}`
}

/** The glob as Git reads it, where that is the same and holds within the directory. */
function globWithin(vendor: string, rule: string): string | undefined {
  const glob = rule.replace(/^\.\//, '').replace(/\/+$/, '')
  if (!/^[\w.,@%+=: /*?-]+$/.test(glob) || /[*?[\\:]/.test(vendor)) return undefined
  if (glob === '**' || glob.startsWith('**/')) return `${vendor}/${glob}`
  return glob.startsWith(`${vendor}/`) ? glob : undefined
}

function pathsOf(difference: TreeDifference): PathBytes[] {
  switch (difference.kind) {
    case 'edited':
    case 'line-endings':
    case 'added':
    case 'mode':
      return [difference.path]
    case 'ghost':
      return difference.files
    case 'missing':
    case 'package-absent':
      return []
  }
}
