/**
 * Hints as a person takes them: in the mode that was asked for, one command where several findings need the same kind, and none
 * that would remove what its finding is not about.
 */
import type {VerifyFound} from '../../findings/finding.ts'
import {isBelow, latin1FromUtf8, type PathBytes, pathToUtf8} from '../../git/path-bytes.ts'
import {isWithin} from '../../go/module/module-path.ts'
import {shellWord} from '../../text/shell-word.ts'
import type {ModuleFacts, VendorDirectory, VerifyFacts} from '../facts.ts'
import {withGoMod} from '../go-words.ts'
import {download, keepLines, restoreFrom, tidyOf, unstage, vendorAnew} from './mends.ts'

/** What is judged. */
type Mode = 'staged' | 'worktree' | 'commit'

/** Go files come first among findings of one kind: of many, the first are shown. */
export function settleHints(found: readonly VerifyFound[], facts: VerifyFacts, judged: Mode): VerifyFound[] {
  const empty = facts.modules.filter(hasNothingToTidy)
  const all = goFilesFirst(found)
    .filter(one => !isAboutImportsOf(one, empty))
    .map(one => keepingRequirements(one, empty))
    .map(one => besideGoMod(one, facts))
    .map(one => (judged === 'commit' ? restoringFromParent(one) : one))
  const needs = needsOf(all, facts)
  return needs.length === 0 ? all : all.map(one => inOneCommand(one, needs, judged))
}

function goFilesFirst(found: readonly VerifyFound[]): VerifyFound[] {
  const isGo = ({facts}: VerifyFound) => 'file' in facts && facts.file.endsWith('.go')
  const groups: VerifyFound[][] = []
  for (const one of found) {
    const last = groups.at(-1)?.[0]
    if (last?.code === one.code && last.facts.module === one.facts.module) groups.at(-1)?.push(one)
    else groups.push([one])
  }
  return groups.flatMap(group => [...group.filter(isGo), ...group.filter(one => !isGo(one))])
}

/** A site of Hugo, say, requires themes and has no package: `go mod tidy` would take every requirement out. */
function hasNothingToTidy({mains, packages, imports}: ModuleFacts): boolean {
  return (
    packages.size === 0 && imports.length === 0 && mains.members.every(({file}) => file.tools.length === 0)
  )
}

function isAboutImportsOf({code, facts}: VerifyFound, empty: readonly ModuleFacts[]): boolean {
  return code === 'MOD_UNTIDY' && membersOf(empty).some(({modFile}) => pathToUtf8(modFile) === facts.file)
}

function keepingRequirements(one: VerifyFound, empty: readonly ModuleFacts[]): VerifyFound {
  const {facts} = one
  if (!('mend' in facts) || facts.mend === undefined) return one
  const member = membersOf(empty).find(({sumFile}) => facts.mend?.includes(tidyOf(sumFile)))
  if (member === undefined) return one
  if (one.code === 'SUM_SURPLUS' && facts.module !== undefined) {
    const [path = '', version = ''] = facts.module.split('@')
    const key = latin1FromUtf8(`${path} ${version}`)
    return withMend(
      one,
      `${keepLines(member.sumFile, '$1 " " $2 != key', {key})} && git add ${shellWord(facts.file)}`,
    )
  }
  return withMend(one, facts.mend.replaceAll(tidyOf(member.sumFile), download(member.sumFile)))
}

/** What a commit broke, the commit before has. */
function restoringFromParent(one: VerifyFound): VerifyFound {
  const {facts} = one
  if (!('mend' in facts) || !facts.mend?.includes(restoreFrom('HEAD'))) return one
  return withMend(one, facts.mend.replaceAll(restoreFrom('HEAD'), restoreFrom('HEAD^')))
}

/** go wants a go.mod beside a vendor.mod. */
function besideGoMod(one: VerifyFound, {modules, withoutGoMod}: VerifyFacts): VerifyFound {
  const {facts} = one
  if (withoutGoMod.length === 0 || !('mend' in facts) || facts.mend === undefined) return one
  let {mend} = facts
  for (const {directory, modFile, sumFile} of membersOf(modules)) {
    if (!withoutGoMod.includes(directory)) continue
    for (const command of [tidyOf(sumFile), download(sumFile)])
      if (mend.includes(command)) mend = mend.replace(command, withGoMod(modFile, command))
  }
  return withMend(one, mend)
}

function membersOf(modules: readonly ModuleFacts[]) {
  return modules.flatMap(({mains}) => mains.members.slice(0, 1))
}

/** More paths than this make no command to copy: vendor is written anew. */
const mostPaths = 10

/** What is needed of a vendor directory by all of its findings: paths of each kind, no more than tell that they are too many. */
type Needs = {
  root: VendorDirectory
  /** Its name as text. */
  vendor: string
  removals: string[]
  executables: string[]
  isWrittenAnew: boolean
  isInConflict: boolean
}

/** One pass: there may be as many findings as files. Only roots with a finding. */
function needsOf(all: readonly VerifyFound[], {roots, unmerged}: VerifyFacts): Needs[] {
  const needs = roots.map(
    (root): Needs => ({
      root,
      vendor: pathToUtf8(root.vendor),
      removals: [],
      executables: [],
      isWrittenAnew: false,
      isInConflict: unmerged.some(({path, marker}) => marker !== undefined && isBelow(path, root.vendor)),
    }),
  )
  const found = new Set<Needs>()
  for (const one of all) {
    const own = needsIn(one, needs)
    if (own === undefined) continue
    found.add(own)
    const paths = isRemoval(one) ? own.removals : isExecutable(one) ? own.executables : undefined
    if (paths !== undefined && paths.length <= mostPaths) paths.push(fileOf(one))
    own.isWrittenAnew ||= isWrittenAnew(one, own.root)
  }
  return [...found]
}

function needsIn(one: VerifyFound, needs: readonly Needs[]): Needs | undefined {
  const file = fileOf(one)
  return needs.find(({vendor}) => isWithin(file, vendor))
}

/** What one command does for all of its kind in a vendor directory. */
function inOneCommand(one: VerifyFound, needs: readonly Needs[], judged: Mode): VerifyFound {
  const own = needsIn(one, needs)
  if (own === undefined) return one
  const {root, vendor, removals, executables} = own
  if (isRemoval(one)) {
    // A command that writes vendor anew takes them with it: theirs would find nothing after it.
    const isAnew = own.isWrittenAnew || removals.length > mostPaths
    return withMend(one, isAnew ? vendorAnew(root) : removal(removals, root, judged))
  }
  if (one.code === 'VENDOR_MISSING' && (one.facts.why === 'untracked' || one.facts.why === 'intent-to-add')) {
    // Adding the directory would stage a conflict that stands in another file of it.
    if (own.isInConflict) return withMend(one, vendorAnew(root))
    return withMend(one, `git add${root.isIgnored ? ' -f' : ''} ${shellWord(vendor)}`)
  }
  if (isExecutable(one)) {
    // Anew in the index too: without core.fileMode it would keep the bit.
    if (executables.length > mostPaths) return withMend(one, `${unstage(root.vendor)} && ${vendorAnew(root)}`)
    const words = executables.map(shellWord).join(' ')
    return withMend(one, `chmod -x ${words} && git update-index --chmod=-x ${words}`)
  }
  return one
}

/**
 * From the index and the work tree, where the file would be compiled on. Git removes what it tracks: what lies untracked in the
 * work tree is staged first, what a rule hides stays.
 */
function removal(paths: readonly string[], {isIgnored}: VendorDirectory, judged: Mode): string {
  const words = paths.map(shellWord).join(' ')
  const stage = judged === 'worktree' && !isIgnored ? `git add ${words} && ` : ''
  return `${stage}git rm -r -f --quiet ${words}`
}

function isRemoval(one: VerifyFound): boolean {
  const isExtra = one.code === 'VENDOR_ADDED' || one.code === 'VENDOR_GHOST'
  return isExtra && one.facts.mend?.startsWith('git rm ') === true
}

function isWrittenAnew({facts}: VerifyFound, {anew}: VendorDirectory): boolean {
  return 'mend' in facts && facts.mend?.includes(anew) === true
}

function isExecutable(one: VerifyFound): boolean {
  return one.code === 'VENDOR_MODE' && one.facts.mode === '100755'
}

function fileOf({facts}: VerifyFound): string {
  return facts.file
}

function withMend(one: VerifyFound, mend: string | undefined): VerifyFound {
  // The code stays, and so do the facts beside it.
  return {...one, facts: {...one.facts, mend}} as VerifyFound
}

/** The same without the hints that write a vendor directory anew, where files lie that this would delete. */
export function withholdVendorHints(
  found: readonly VerifyFound[],
  directories: readonly {directory: VendorDirectory; others: readonly PathBytes[]}[],
): VerifyFound[] {
  const kept = directories.filter(({others}) => others.length > 0)
  const held = new Set<VendorDirectory>()
  const rest = found.map(one => {
    const mend = 'mend' in one.facts ? one.facts.mend : undefined
    const holding = kept.find(({directory: {anew}}) => mend?.includes(anew))
    if (holding === undefined) return one
    held.add(holding.directory)
    return withMend(one, undefined)
  })
  return [
    ...rest,
    ...kept.flatMap(({directory, others}): VerifyFound[] =>
      held.has(directory)
        ? [
            {
              code: 'VENDOR_NOT_GO',
              facts: {
                file: pathToUtf8(directory.vendor),
                line: undefined,
                module: undefined,
                tool: undefined,
                breaks: false,
                others: others.map(pathToUtf8),
              },
            },
          ]
        : [],
    ),
  ]
}
