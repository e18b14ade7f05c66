/** Why a binary and its rebuild differ: what the evidence says, and what it leaves open. */
import type {Differences, Image} from './compare.ts'
import type {Recipe} from './recipe.ts'

/** The most likely first. `what` is a kind for programs, `text` a sentence for people. */
export type Cause = {
  what:
    | 'changed-files'
    | 'no-revision'
    | 'profile'
    | 'stripped'
    | 'changed-after-linking'
    | 'folders'
    | 'c-compiler'
    | 'link-flags'
    | 'modules'
    | 'other-compiler'
    | 'other-source'
    | 'unknown'
  text: string
}

export type Evidence = {
  recipe: Recipe
  original: Image
  rebuilt: Image
  differences: Differences
  /** The revision that was built; undefined for a module of the proxy. */
  revision: string | undefined
}

export function causesOf(evidence: Evidence): Cause[] {
  const causes = [
    afterLinking(evidence),
    changedFiles(evidence),
    profile(evidence),
    modules(evidence),
    folders(evidence),
    cCompiler(evidence),
    compiler(evidence),
    linkFlags(evidence),
    noRevision(evidence),
    otherSource(evidence),
  ].flatMap(cause => cause ?? [])
  return causes.length === 0
    ? [{what: 'unknown', text: 'nothing that it says of itself explains the difference'}]
    : causes
}

/** The build ID hashes what the linker wrote: where it is the same, the linker wrote the same, and somebody changed the file. */
function afterLinking({differences, original, rebuilt}: Evidence): Cause | undefined {
  const {buildId, sections} = differences
  if (buildId === undefined || !Object.values(buildId).every(Boolean)) return undefined
  const isGone = (name: string) => sections.some(each => each.name === name && each.original === undefined)
  const kept = rebuilt.sections.length - sections.filter(each => each.original === undefined).length
  if (isGone('.symtab') || isGone('.debug_info') || original.binary.symbols !== rebuilt.binary.symbols)
    return {
      what: 'stripped',
      text: `it was stripped after it was built: go linked the same file (build ID), and its symbol tables were removed since, as strip does; ${kept} sections are left`,
    }
  return {
    what: 'changed-after-linking',
    text: 'the file was changed after it was built: go linked the same file (build ID), and some of its bytes are others now, as where it was signed, packed or patched',
  }
}

function changedFiles({original, recipe}: Evidence): Cause | undefined {
  if (settingOf(original, 'vcs.modified') !== 'true' || recipe.origin.kind !== 'source') return undefined
  return {
    what: 'changed-files',
    text: `it was built with changed files beside revision ${recipe.origin.revision ?? ''} (vcs.modified=true): no repository has them`,
  }
}

function profile({differences}: Evidence): Cause | undefined {
  const found = differences.buildInfo.find(({name}) => name === '-pgo')
  if (found?.original === undefined) return undefined
  return {
    what: 'profile',
    text: `it was optimized by a profile (-pgo=${found.original}) that its source does not hold beside package main`,
  }
}

function modules({differences}: Evidence): Cause | undefined {
  const found = differences.buildInfo.filter(({name}) => name.startsWith('dep ') || name === 'mod')
  const [first] = found
  if (first === undefined || found.every(({name}) => name === 'mod')) return undefined
  return {
    what: 'modules',
    text: `it was built from other modules: ${first.name.replace(/^dep /, '')} is ${first.original ?? 'not in it'}, and now ${first.rebuilt ?? 'not in it'}`,
  }
}

function folders({original, rebuilt}: Evidence): Cause | undefined {
  if (settingOf(original, '-trimpath') === 'true') return undefined
  const [there, here] = [original.goroot || 'unknown', rebuilt.goroot || 'unknown']
  const goroots =
    there === here
      ? `GOROOT is the same (${here}), the folder of its source is not`
      : `GOROOT was ${there}, here it is ${here}`
  return {
    what: 'folders',
    text: `it was built without -trimpath, and so holds the folders it was built in: ${goroots}`,
  }
}

function cCompiler({original, rebuilt, recipe}: Evidence): Cause | undefined {
  if (!recipe.hasCgo || original.binary.dynamic === undefined) return undefined
  const [there, here] = [original.compilers, rebuilt.compilers].map(each => each.join(', ') || 'unknown')
  return {
    what: 'c-compiler',
    text:
      there === here
        ? `it was built with cgo: the C compiler is the same (${there}), but its flags (CGO_CFLAGS), headers or libraries may not be`
        : `it was built with cgo, by another C compiler: ${there}; here ${here}`,
  }
}

/** Same inputs by the build ID, other code: what turned one into the other was not the same. */
function compiler({differences, recipe, original}: Evidence): Cause | undefined {
  const {buildId} = differences
  if (buildId === undefined || !buildId.mainActionId || buildId.mainContentId) return undefined
  if (differences.buildInfo.length > 0) return undefined
  const unstamped =
    recipe.stamp === undefined
      ? 'it is not stamped, so nothing says which toolchain that was'
      : 'its stamp is not true'
  return {
    what: 'other-compiler',
    text: `another compiler that calls itself ${original.binary.buildInfo.goVersion} compiled it: from the same inputs (build ID) came other code; ${unstamped}`,
  }
}

function linkFlags({differences, recipe, original, rebuilt}: Evidence): Cause | undefined {
  const {buildId} = differences
  if (!recipe.hidesLinkFlags) return undefined
  const isSameCode = buildId === undefined ? undefined : buildId.mainContentId && buildId.mainActionId
  if (isSameCode === false || buildId?.binActionId === true) return undefined
  const stripped =
    original.binary.symbols !== rebuilt.binary.symbols ? ' It was linked or made without symbols.' : ''
  return {
    what: 'link-flags',
    text: `${isSameCode ? 'its code is the same, and it was linked with other flags' : 'it may have been linked with other flags'}: -trimpath keeps go from recording -ldflags, often -X for a version.${stripped} Say them: --ldflags '-s -w -X main.version=…'`,
  }
}

function noRevision({recipe, revision, differences}: Evidence): Cause | undefined {
  if (recipe.origin.kind !== 'source' || recipe.origin.revision !== undefined) return undefined
  if (differences.buildId?.mainActionId === true) return undefined
  return {
    what: 'no-revision',
    text: `it names no revision of its source: ${revision ?? 'HEAD'} was built, and may be another`,
  }
}

/** The build ID hashes every input of package main: where that differs and the settings do not, files do. */
function otherSource({differences, recipe, original}: Evidence): Cause | undefined {
  const {buildId, buildInfo} = differences
  if (buildId === undefined || buildId.mainActionId || buildInfo.length > 0) return undefined
  if (settingOf(original, '-trimpath') !== 'true' || settingOf(original, 'vcs.modified') === 'true')
    return undefined
  if (recipe.origin.kind === 'source' && recipe.origin.revision === undefined) return undefined
  return {
    what: 'other-source',
    text: 'it was compiled from other files or with flags that it does not record: files that Git ignores, an -overlay, or several -gcflags',
  }
}

function settingOf({binary}: Image, key: string): string | undefined {
  return binary.buildInfo.settings.find(each => each.key === key)?.value
}
