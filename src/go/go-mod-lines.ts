/**
 * The `go` line of a dependency's go.mod, for modules.txt records it. Main modules are read by `go mod edit -json`; asking
 * the go command for each of some hundred dependencies would take longer than everything else together.
 */

/**
 * The version of the `go` line; undefined when there is none. Lenient, as the go command is with go.mod files of
 * dependencies (modfile.ParseLax): unknown lines are skipped. A `go` inside a block of another verb is not the go line.
 */
export function readGoLine(content: string): string | undefined {
  return findVersionLine(content, 'go')?.version
}

/** The first line `go VERSION` or `toolchain NAME` of a go.mod or go.work, and its number from 1. */
export function findVersionLine(
  content: string,
  verb: 'go' | 'toolchain',
): {version: string; line: number} | undefined {
  let inBlock = false
  for (const [index, raw] of content.split('\n').entries()) {
    const words = raw
      .replace(/\/\/[\s\S]*$/, '')
      .split(/[\t\r ]+/)
      .filter(word => word !== '')
    if (inBlock) {
      if (words[0] === ')') inBlock = false
      continue
    }
    if (words.at(-1) === '(') inBlock = true
    else if (words[0] === verb && words[1] !== undefined && words.length === 2)
      return {version: words[1], line: index + 1}
  }
  return undefined
}
