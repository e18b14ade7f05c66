/** How a GOROOT looks from outside: enough to know it again without reading what it holds. */
import {statLine} from '../system/stat-text.ts'
import type {Files} from '../system/system.ts'

/**
 * The files whose stat every command compares, in the order in which bin/go names them: VERSION, go.env, the commands,
 * the tools and the assembler's headers.
 */
export function toolFiles(files: Files, goroot: string): string[] {
  const names = (directory: string): string[] =>
    (files.list(directory) ?? [])
      .map(entry => entry.name)
      .filter(name => !name.startsWith('.'))
      .sort()
      .map(name => `${directory}/${name}`)
  return [
    `${goroot}/VERSION`,
    `${goroot}/go.env`,
    ...names(`${goroot}/bin`),
    ...names(`${goroot}/pkg/tool`).flatMap(names),
    ...names(`${goroot}/pkg/include`),
  ]
}

/** The stat of known directories of a GOROOT as they stand, a line each. Calls `onStep` at each. */
export function directoriesState(
  files: Files,
  goroot: string,
  directories: readonly string[],
  onStep: () => void,
): string {
  return directories
    .map(directory => {
      onStep()
      const stat = files.stat(directory === '' ? goroot : `${goroot}/${directory}`)
      return stat === undefined ? 'gone' : statLine(stat)
    })
    .join('\n')
}
