/** The commands that findings of `gowarden verify` offer: sh to copy, run at the top of the repository. */
import {
  baseName,
  directoryOf,
  joinPath,
  latin1ToUtf8,
  type PathBytes,
  pathFromLatin1,
  pathFromUtf8,
  pathToLatin1,
  pathToUtf8,
} from '../../git/path-bytes.ts'
import type {SumLine} from '../../go/module/go-sum.ts'
import {type ModuleVersion, moduleName} from '../../go/module/module-path.ts'
import {shellWord} from '../../text/shell-word.ts'
import type {RootFacts, StoredOtherwise, VendorDirectory} from '../facts.ts'
import {fileWord, goIn, modFileFlag} from '../go-words.ts'

/** Puts a file back to what the last commit has. */
export function restore(path: PathBytes): string {
  return `${restoreFrom('HEAD')}${fileWord(path)}`
}

/** The beginning of that command. */
export function restoreFrom(commit: 'HEAD' | 'HEAD^'): string {
  return `git checkout ${shellWord(commit)} -- `
}

/** Stages files; `isIgnored` where a rule of Git hides them. */
export function add(paths: readonly PathBytes[], isIgnored = false): string {
  return `git add${isIgnored ? ' -f' : ''} ${paths.map(fileWord).join(' ')}`
}

/**
 * Takes submodules out, their sections of .gitmodules too; stops where one holds work that is not committed there. `git rm` without -f
 * would see to that, and refuses one that is staged and not in HEAD as well.
 */
export function removeModules(paths: readonly PathBytes[]): string {
  const words = paths.map(fileWord).join(' ')
  return `git diff --exit-code --ignore-submodules=none -- ${words} && git rm -r -f --quiet --ignore-unmatch ${words}`
}

/** Takes a link or a submodule out of the index, where it may be unknown, or still the directory that it stands for. */
export function unstage(path: PathBytes): string {
  return `git rm -r -f --cached --quiet --ignore-unmatch ${fileWord(path)}`
}

/**
 * Writes the lines that a sums file lacks, and drops those too much. go.work.sum is not tidied by any command; `go mod download` writes
 * what it lacks, `go work sync` does not (measured with go1.26.8).
 */
export function tidy(sumFile: PathBytes): string {
  const written = baseName(sumFile) === goWorkSum ? [sumFile] : [modFileOf(sumFile), sumFile]
  return `${tidyOf(sumFile)} && ${add(written)}`
}

/** The same where go may have no line to write: `git add` would fail at a go.sum that is not there. */
export function tidyModFile(sumFile: PathBytes): string {
  return `${tidyOf(sumFile)} && ${add([modFileOf(sumFile)])}`
}

/** The go command of it alone: nothing is staged. */
export function tidyOf(sumFile: PathBytes): string {
  const go = goIn(directoryOf(sumFile))
  const name = baseName(sumFile)
  if (name === goWorkSum) return `${go} mod download`
  return name === goSum ? `${go} mod tidy` : `${go} mod tidy ${modFileFlag(modFileOf(sumFile))}`
}

/** The file that a sums file stands beside: `go.mod` of `go.sum`. */
export function modFileOf(sumFile: PathBytes): PathBytes {
  return pathFromLatin1(pathToLatin1(sumFile).replace(/sum$/, 'mod'))
}

const [goMod, goSum, goWorkSum] = ['go.mod', 'go.sum', 'go.work.sum'].map(pathFromUtf8)

/** Writes the lines that go.sum lacks, and takes no requirement out as tidying may. */
export function download(sumFile: PathBytes): string {
  return `${goIn(directoryOf(sumFile))} mod download all`
}

/** Puts modules into the module cache: by name, or all that go.mod asks for where that is shorter. */
export function downloadOf(
  {mains, vendor}: Pick<RootFacts, 'mains' | 'vendor'>,
  modules: readonly ModuleVersion[],
): string {
  const isPlain =
    mains.workspace !== undefined || mains.members.every(({modFile}) => baseName(modFile) === goMod)
  if (modules.length > mostNamedModules && isPlain) {
    return `${goIn(directoryOf(vendor))} mod download`
  }
  return `go mod download ${modules.map(module => shellWord(moduleName(module))).join(' ')}`
}

const mostNamedModules = 5

/**
 * Writes a vendor directory anew and stages it, with other files that this changes. Files of other tools are staged before, as they
 * are, and taken out of the index again.
 */
export function vendorAnew(directory: VendorDirectory, others: readonly PathBytes[] = []): string {
  return `${anewKeeping(directory)} && ${add([...others, directory.vendor], directory.isIgnored)}`
}

function anewKeeping({anew, kept, submodules, isIgnored}: VendorDirectory): string {
  const words = kept.map(shellWord).join(' ')
  const command =
    kept.length === 0
      ? anew
      : `git add${isIgnored ? ' -f' : ''} ${words} && ${anew} && git checkout -- ${words}`
  return submodules.length === 0 ? command : `${removeModules(submodules)} && ${command}`
}

/**
 * Lets Git store vendored files as they are: a line behind those that say otherwise, the files written anew, and all of them added
 * once more. What a .gitattributes within vendor/ or .git/info says only .git/info/attributes outranks, which is this clone's own.
 */
export function storeAsGiven(directory: VendorDirectory, {where}: StoredOtherwise): string {
  const {vendor} = directory
  const isNear = where?.startsWith(`${pathToUtf8(vendor)}/`) || where?.includes('/info/attributes:')
  const file = joinPath(directoryOf(vendor), '.gitattributes')
  const pattern = isNear ? `/${pathToUtf8(vendor)}/**` : `/${pathToUtf8(baseName(vendor))}/**`
  const quoted = /[\s"]/.test(pattern) ? JSON.stringify(pattern) : pattern
  const line = shellWord(`\\n${quoted.replaceAll('%', '%%')} -text -filter -ident !working-tree-encoding\\n`)
  const into = isNear ? '"$(git rev-parse --git-path info/attributes)"' : fileWord(file)
  const added = isNear ? '' : ` && ${add([file])}`
  return `printf ${line} >>${into} && ${anewKeeping(directory)} && git add --renormalize ${fileWord(vendor)}${added}`
}

/**
 * Takes every line of a key out and lets go write the right one. `go mod tidy` alone stops at a hash that is not the module's,
 * and leaves a file as it is in which nothing lacks and nothing is too much (modfetch.WriteGoSum, TrimGoSum).
 */
export function writeAnew(sumFile: PathBytes, {key}: SumLine): string {
  return `${keepLines(sumFile, '$1 " " $2 != key', {key})} && ${tidy(sumFile)}`
}

/** Gives every line of a key that hash, and leaves the others as they are. */
export function setHash(sumFile: PathBytes, {key}: SumLine, hash: string): string {
  return `${rewrite(sumFile, '$1 " " $2 == key { $3 = hash } 1', {key, hash})} && ${add([sumFile])}`
}

/**
 * Leaves only the lines of a file for which a condition of awk holds. What the file says is handed over as a variable: as
 * part of the program it would be run.
 */
export function keepLines(
  path: PathBytes,
  condition: string,
  variables: {key?: string; hash?: string} = {},
): string {
  return rewrite(path, condition, variables)
}

/** A program of awk over a file. */
function rewrite(path: PathBytes, program: string, variables: {key?: string; hash?: string}): string {
  const [file, kept] = [fileWord(path), shellWord(`${pathToUtf8(path)}.kept`)]
  const given = (['key', 'hash'] as const).flatMap(name => {
    const value = variables[name]
    return value === undefined ? [] : [` -v ${name}=${shellWord(latin1ToUtf8(value))}`]
  })
  return `awk${given.join('')} '${program}' <${file} >${kept} && mv ${kept} ${file}`
}
