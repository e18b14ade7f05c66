/** `gowarden rebuild FILE`: a binary is built again from what it says of itself, and compared bit for bit. */
import {resolve} from 'node:path'
import {type GoBinary, readBinary} from '../go/binary/executable.ts'
import type {Here} from '../lock/here.ts'
import {withScratch} from '../system/node.ts'
import {lookUpOnPath} from '../system/programs.ts'
import {withRandomAccess} from '../system/random-access.ts'
import {sha256Of} from '../system/sha256.ts'
import type {System} from '../system/system.ts'
import {
  type Built,
  build,
  buildEnv,
  type Downloads,
  type Folders,
  readDownloads,
  shareChecksums,
} from './build.ts'
import {type Cause, causesOf} from './causes.ts'
import {type Differences, differencesOf, type Image, readForComparing} from './compare.ts'
import {type Recipe, recipeOf, type Wishes} from './recipe.ts'
import {cloneSource, type Source} from './source.ts'
import {type Rebuilder, rebuilderFor} from './toolchain.ts'

/** `guessed`: flags that a binary does not record, and that gave the same file. `unchecked`: why no database vouches for the source. */
export type Rebuild =
  | {
      kind: 'equal'
      sha256: string
      recipe: Recipe
      rebuilder: Rebuilder
      guessed: string[]
      revision?: string
      unchecked?: string
    }
  | {
      kind: 'different'
      original: Pick<Image, 'sha256' | 'size'>
      rebuilt: Pick<Image, 'sha256' | 'size'>
      differences: Differences
      causes: Cause[]
      recipe: Recipe
      rebuilder: Rebuilder
      revision?: string
      unchecked?: string
    }
  | {kind: 'refused'; reason: string; hint?: string}
  | {kind: 'call'; reason: string; hint: string}

/** What a test may set: a build cache that several rebuilds share, and where the result is to be left. */
export type RebuildOptions = Wishes & {cache?: string; keep?: string}

/** `here` is this machine, and `show` is given what takes long: a download, the build. */
export async function rebuild(
  system: System,
  here: Here,
  file: string,
  options: RebuildOptions,
  show: (text: string) => void = () => undefined,
): Promise<Rebuild> {
  const original = await readImage(resolve(system.cwd, file))
  if ('reason' in original) return original
  const made = recipeOf(original.binary.buildInfo, options)
  if (made.kind !== 'recipe') return made
  const {recipe} = made
  const wanted = {version: recipe.goVersion, stamp: recipe.stamp}
  const toolchain = await rebuilderFor(system, here, wanted, options.goroot, show)
  if (toolchain.kind === 'refused') return toolchain
  const {rebuilder} = toolchain

  return await withScratch(async scratch => {
    const folders: Folders = {scratch, cache: options.cache ?? `${scratch}/cache`}
    for (const name of ['home', 'tmp', 'gopath/pkg', 'empty', 'programs'])
      system.files.makeDirectory(`${scratch}/${name}`, 0o700)
    // All that go runs beside its own tools, to stamp the revision.
    const git = lookUpOnPath(system, 'git')
    if (git !== '') system.files.link(git, `${scratch}/programs/git`)
    try {
      const source = await sourceOf(system, recipe, options, scratch)
      if (source?.kind === 'refused') return source
      const goThere = `${rebuilder.goroot}/bin/go`
      const ownGo = here.goroot === undefined ? goThere : `${here.goroot}/bin/go`
      const downloads = await readDownloads(system, ownGo)
      await shareChecksums(system, downloads, folders)
      const place = {goroot: rebuilder.goroot, work: workspaceOf(system, source)}
      const env = buildEnv(system, recipe, place, downloads, folders, options.cgo === true)
      const directory = source?.directory ?? `${scratch}/empty`
      const attempt = (number: number, flags: string[]) =>
        build(system, recipe, goThere, {directory, env, scratch, number}, flags)
      show(`building ${recipe.package} with ${rebuilder.version}`)
      const tried = await tryAll(attempt, original, recipe)
      show('')
      if (tried.kind === 'failed') return failed(recipe, options, tried.said)
      const unchecked = source === undefined ? whyUnchecked(downloads) : undefined
      const known = {
        ...(source === undefined ? {} : {revision: source.revision}),
        ...(unchecked === undefined ? {} : {unchecked}),
      }
      const {rebuilt, path, flags} = tried
      if (options.keep !== undefined) await system.run('cp', ['--', path, options.keep])
      if (rebuilt.sha256 === original.sha256) {
        return {
          kind: 'equal' as const,
          sha256: rebuilt.sha256,
          recipe,
          rebuilder,
          guessed: flags,
          ...known,
        }
      }
      const differences = differencesOf(original, rebuilt)
      return {
        kind: 'different' as const,
        original: {sha256: original.sha256, size: original.size},
        rebuilt: {sha256: rebuilt.sha256, size: rebuilt.size},
        differences,
        causes: causesOf({recipe, original, rebuilt, differences, revision: source?.revision}),
        recipe,
        rebuilder,
        ...known,
      }
    } finally {
      // go makes what it unpacks read-only.
      await system.run('chmod', ['-R', 'u+w', `${scratch}/gopath`])
    }
  })
}

/** Where the person's settings keep go from asking the checksum database, the proxy alone says what a module is. */
function whyUnchecked({sumdb, noSumdb}: Downloads): string | undefined {
  if (sumdb === 'off') return 'GOSUMDB=off'
  return noSumdb === '' ? undefined : `GONOSUMDB=${noSumdb}`
}

async function readImage(path: string): Promise<Image | {kind: 'refused'; reason: string}> {
  const opened = await withRandomAccess(path, file => {
    const isGo = readBinary(file).kind === 'go'
    return (
      (isGo ? readForComparing(file, sha256Of(file)) : undefined) ?? 'no single Go binary, or a damaged one'
    )
  })
  if (opened.kind !== 'read') return {kind: 'refused', reason: opened.reason}
  return typeof opened.value === 'string' ? {kind: 'refused', reason: opened.value} : opened.value
}

/** The clone; undefined for a module of the proxy. */
async function sourceOf(
  system: System,
  {origin}: Recipe,
  {source}: Wishes,
  scratch: string,
): Promise<Source | undefined> {
  if (origin.kind === 'module') return undefined
  return await cloneSource(system, source ?? '.', `${scratch}/source`, origin.module, origin.revision)
}

/** The go.work of the clone above the module, as go finds it; no other. */
function workspaceOf({files}: System, source: Source | undefined): string {
  if (source?.kind !== 'source') return 'off'
  for (let at = source.directory; at.length >= source.top.length; at = at.slice(0, at.lastIndexOf('/')))
    if (files.stat(`${at}/go.work`) !== undefined) return `${at}/go.work`
  return 'off'
}

type Tried = {kind: 'tried'; path: string; rebuilt: Image; flags: string[]} | {kind: 'failed'; said: string}

/**
 * Builds with the flags that are known, and then with others that a binary does not record, as far as it looks like them: each further
 * attempt links anew and compiles nothing. The first counts where none is equal.
 */
async function tryAll(
  attempt: (number: number, flags: string[]) => Promise<Built>,
  original: Image,
  recipe: Recipe,
): Promise<Tried> {
  let first: Tried | undefined
  for (const [number, flags] of guesses(original.binary, recipe).entries()) {
    const built = await attempt(number, flags)
    if (built.kind === 'failed') return first ?? built
    const rebuilt = await readImage(built.path)
    if ('reason' in rebuilt) return {kind: 'failed', said: rebuilt.reason}
    const tried: Tried = {kind: 'tried', path: built.path, rebuilt, flags}
    if (rebuilt.sha256 === original.sha256) return tried
    first ??= tried
    const {buildId} = original.binary
    // Linked as it was, and changed since; or of other objects, which no flag of the linker makes.
    if (buildId !== undefined && rebuilt.binary.buildId === buildId) return tried
    if (differencesOf(original, rebuilt).buildId?.mainContentId === false) return first
  }
  return first ?? {kind: 'failed', said: 'nothing was built'}
}

/** The flags of each attempt beside those that are recorded. go records the mode exe also where none was named, and hashes which. */
function guesses({symbols, buildId}: GoBinary, {hidesLinkFlags, isPlainExe}: Recipe): string[][] {
  const ldflags = hidesLinkFlags ? linkFlagGuesses(symbols, buildId === undefined) : [[]]
  const [first = []] = ldflags
  return isPlainExe ? [...ldflags, [...first, '-buildmode=exe']] : ldflags
}

/** What most releases are linked with, as far as the symbols that are left allow; where nobody looked at these, all of it. */
function linkFlagGuesses(symbols: GoBinary['symbols'], hasNoId: boolean): string[][] {
  const stripped = ['-s -w', '-w -s', '-s']
  const common = {
    all: [''],
    'no-debug': ['', '-w'],
    none: ['', ...stripped],
    unknown: ['', ...stripped, '-w'],
  }[symbols ?? 'unknown']
  return common
    .map(flags => [flags, hasNoId ? '-buildid=' : ''].filter(each => each !== '').join(' '))
    .map(flags => (flags === '' ? [] : [`-ldflags=${flags}`]))
}

function failed({hasCgo}: Recipe, {cgo}: Wishes, said: string): Rebuild {
  if (hasCgo && cgo !== true && /no-c-compiler/.test(said))
    return {
      kind: 'refused',
      reason:
        'it was built with cgo: to rebuild it, the C compiler of this machine has to run, on code and with flags of its source',
      hint: 'allow that: gowarden rebuild --cgo FILE',
    }
  return {kind: 'refused', reason: `go could not build it again: ${said}`}
}
