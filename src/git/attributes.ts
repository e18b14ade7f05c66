/** Which line of a .gitattributes file gives a path an attribute; Git itself says only what the attribute is. */
import picomatch from 'picomatch'

/**
 * The last line (from 1) that names the attribute and matches the path, relative to the file's directory; undefined where none
 * does, as for an attribute of a macro. Both are latin1.
 *
 *     *.bin filter=lfs -text
 *     /docs/**  ident
 */
export function findAttributeLine(content: string, path: string, attribute: string): number | undefined {
  const lines = content.split('\n')
  for (let at = lines.length - 1; at >= 0; at--) {
    const match = /^\s*("(?:\\.|[^"\\])*"|[^\s#"]\S*)\s+(.*)$/.exec(lines[at] ?? '')
    const [, pattern = '', rest = ''] = match ?? []
    const named = rest.split(/\s+/).some(word => word.replace(/^[-!]/, '').split('=')[0] === attribute)
    if (named && matches(pattern.replace(/^"(.*)"$/, '$1'), path)) return at + 1
  }
  return undefined
}

/** As gitignore(5) reads patterns: without a slash the name counts, with one the path. */
function matches(pattern: string, path: string): boolean {
  const isAnchored = pattern.includes('/')
  const name = path.slice(path.lastIndexOf('/') + 1)
  const glob = picomatch(pattern.replace(/^\//, ''), {
    dot: true,
    nonegate: true,
    noextglob: true,
    nobrace: true,
  })
  return glob(isAnchored ? path : name)
}
