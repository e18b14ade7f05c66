/** Go commands as text to copy, as probes and checks write them. */
import {
  baseName,
  directoryOf,
  joinPath,
  type PathBytes,
  pathFromUtf8,
  pathToUtf8,
  topDirectory,
} from '../git/path-bytes.ts'
import {shellWord} from '../text/shell-word.ts'

/**
 * A go command with -modfile where no go.mod stands beside the named file: go wants one there, and it is gone again whether or not the
 * command ended well.
 */
export function withGoMod(modFile: PathBytes, command: string): string {
  const [named, plain] = [modFile, joinPath(directoryOf(modFile), 'go.mod')].map(fileWord)
  return `cp ${named} ${plain} && { ${command}; rm ${plain}; }`
}

/** The go command that writes a vendor directory anew; `modFile` is that of the module, undefined where there is none to be read. */
export function vendorCommand(
  directory: PathBytes,
  isWorkspace: boolean,
  modFile: PathBytes | undefined,
  isWithoutGoMod: boolean,
): string {
  const go = goIn(directory)
  if (isWorkspace) return `${go} work vendor`
  if (modFile === undefined || baseName(modFile) === goMod) return `${go} mod vendor`
  const command = `${go} mod vendor ${modFileFlag(modFile)}`
  return isWithoutGoMod ? withGoMod(modFile, command) : command
}

/** -modfile with the name of a file of the directory that go runs in. */
export function modFileFlag(modFile: PathBytes): string {
  return shellWord(`-modfile=${pathToUtf8(baseName(modFile))}`)
}

/** The beginning of a go command in a directory. */
export function goIn(directory: PathBytes): string {
  return directory === topDirectory ? 'go' : `go -C ${fileWord(directory)}`
}

/** A path as a word of a command to copy. */
export function fileWord(path: PathBytes): string {
  return shellWord(pathToUtf8(path))
}

const goMod = pathFromUtf8('go.mod')
