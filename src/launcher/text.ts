import {oneLine} from '../text/one-line.ts'
import {table} from '../text/table.ts'
import type {Enabled, ShellLine} from './enable.ts'
import type {Resolution} from './launcher.ts'

/** `gowarden enable` for a person: what was done, the one line to add, and what `go` means until then. */
export function enabledText({folder, isFirst, isOnPath, lines, resolution}: Enabled): string {
  const done = `the launcher is in ${oneLine(folder)}\n`
  if (isFirst) return done + resolutionText(resolution) + rememberedPaths
  const [first, ...others] = lines
  const line =
    first !== undefined && others.length === 0
      ? shellLineText(first, isOnPath)
      : 'put this folder first on PATH: add the line of your shell to its file, and open a new shell\n' +
        table(
          lines.map(({shell, file, line, isThere}) => [
            `  ${shell}`,
            isThere ? `${file} (has it)` : file,
            line,
          ]),
        )
  return done + line + resolutionText(resolution)
}

function shellLineText({file, line, isThere}: ShellLine, isOnPath: boolean): string {
  const name = oneLine(file)
  if (!isThere)
    return `put this folder first on PATH: add this line to ${name}, and open a new shell\n  ${oneLine(line)}\n`
  return isOnPath
    ? `${name} has the line for it, and another folder with a go comes before it on PATH: move the line to the end of the file, and open a new shell\n  ${oneLine(line)}\n`
    : `${name} has the line already that puts this folder first on PATH: open a new shell\n`
}

/** bash, zsh and sh keep where they found a program, until PATH is set or they are told. */
export const rememberedPaths = 'bash, zsh and sh that are open remember where go was: type hash -r there\n'

/** What `go` resolves to now, in one or two lines. */
export function resolutionText({first, real}: Resolution): string {
  if (first === undefined) return 'go resolves to nothing: no go is on PATH\n'
  if (!first.isLauncher)
    return `go resolves to ${oneLine(first.path)}, which is not gowarden: builds are not guarded\n`
  const behind =
    real === undefined ? 'no go is behind it on PATH: commands are refused' : `it guards ${oneLine(real)}`
  return `go resolves to ${oneLine(first.path)}, which is gowarden; ${behind}\n`
}
