/** The sentences of `gowarden verify`. describe.ts hands its findings here. */

import {unreachable} from '../system/unreachable.ts'
import type {HashSource, VerifyFactsByCode} from './facts-of-verify.ts'
import type {Found, VerifyFound} from './finding.ts'
import {isVerifyCode} from './levels.ts'
import type {Sentence} from './sentence.ts'

export function isVerifyFinding(finding: Found): finding is VerifyFound {
  return isVerifyCode(finding.code)
}

export function describeVerify(finding: VerifyFound): Sentence {
  const {headline, details} = judge(finding)
  const {facts} = finding
  const place = facts.module === undefined ? [] : [row('module', facts.module)]
  return {
    headline: `${facts.file}${facts.line === undefined ? '' : `:${facts.line}`}: ${headline}`,
    details: [...place, ...details],
    hints: 'mend' in facts && facts.mend !== undefined ? [facts.mend] : [],
  }
}

type Row = [label: string, value: string]

function row(label: string, value: string): Row {
  return [label, value]
}

function judge(finding: VerifyFound): {headline: string; details: Row[]} {
  switch (finding.code) {
    case 'INDEX_UNMERGED':
      return {
        headline: `has a merge conflict in the index${finding.facts.line === undefined ? '' : ', and conflict markers from here on'}`,
        details: [],
      }
    case 'LOCK_MALFORMED':
      return {headline: `cannot be understood: ${finding.facts.reason}`, details: []}
    case 'LOCK_OUT_OF_STEP': {
      const {says, locked, lock} = finding.facts
      return {headline: `${says}, but ${lock} locks ${locked}`, details: []}
    }
    case 'MOD_MALFORMED':
      return {headline: `go cannot read it: ${finding.facts.reason}`, details: []}
    case 'MOD_OUTSIDE':
      return {
        headline: `${finding.facts.replaced} is replaced by a directory outside the repository: clones cannot build it`,
        details: [row('directory', finding.facts.directory)],
      }
    case 'MOD_STALE': {
      const {found, needed, neededBy, more} = finding.facts
      return {
        headline: `go build fails here: ${neededBy}, which a replace line takes from its directory, requires more`,
        details: [row('found', found), row('needed', `${needed}${more === 0 ? '' : ` (and ${more} more)`}`)],
      }
    }
    case 'MOD_UNTIDY':
      return {headline: untidy(finding.facts), details: []}
    case 'MODULES_TXT_DIFFERS':
      return {
        headline: 'differs from what go writes',
        details: [
          row('expected', finding.facts.expected ?? '(end of file)'),
          row('found', finding.facts.found ?? '(end of file)'),
        ],
      }
    case 'PACKAGE_IGNORED':
      return {
        headline: `imports ${finding.facts.package}, which Git ignores: clones cannot build it`,
        details: [row('rule', finding.facts.rule)],
      }
    case 'SUM_BORROWED':
      return {
        headline: `a line is only in ${finding.facts.lender}: outside the workspace this module does not build`,
        details: [row('expected', `${finding.facts.key} h1:…`), row('needed by', finding.facts.neededBy)],
      }
    case 'SUM_CHANGED':
      return changed(finding.facts)
    case 'SUM_CONFLICT':
      return {
        headline: `conflict marker ${finding.facts.text}${finding.facts.more === 0 ? '' : `, and ${finding.facts.more} more below it`}`,
        details: [],
      }
    case 'SUM_DISAGREE':
      return {
        headline: `its hash differs from the one in ${finding.facts.other}`,
        details: hashes(finding.facts),
      }
    case 'SUM_DUPLICATE':
      return {headline: `repeats line ${finding.facts.first}`, details: []}
    case 'SUM_IGNORED':
      return {
        headline: 'ignored by Git: clones cannot build what go.mod requires',
        details: [row('rule', finding.facts.rule)],
      }
    case 'SUM_MALFORMED':
      return {headline: `malformed: ${finding.facts.reason}`, details: [row('found', finding.facts.text)]}
    case 'SUM_MISMATCH':
      return {headline: mismatch(finding.facts.source), details: hashes(finding.facts)}
    case 'SUM_MISSING':
      return {
        headline: 'a line is missing',
        details: [row('expected', `${finding.facts.key} h1:…`), row('needed by', finding.facts.neededBy)],
      }
    case 'SUM_SURPLUS':
      return {
        headline: 'unused line',
        details: finding.facts.required === '' ? [] : [row('in use', finding.facts.required)],
      }
    case 'SUM_TWO_HASHES':
      return {
        headline: `its hash differs from the one in line ${finding.facts.first}`,
        details: hashes(finding.facts),
      }
    case 'TOOLCHAIN_LINE':
      return {
        headline: 'the toolchain line breaks the policy',
        details: [
          row('expected', finding.facts.expected),
          row(
            'found',
            finding.facts.found === undefined ? 'no toolchain line' : `toolchain ${finding.facts.found}`,
          ),
        ],
      }
    case 'VENDOR_ADDED':
      return {
        headline: finding.facts.isHidden
          ? 'extra file that Git ignores: go mod vendor does not write it, and go builds with it here'
          : 'extra file: go mod vendor does not write it',
        details: writtenByOthers(finding.facts.file),
      }
    case 'VENDOR_EDITED':
      return {
        headline: 'differs from the module it comes from',
        details: [
          ...storedBy(finding.facts),
          ...blobs(finding.facts),
          ...writtenByOthers(finding.facts.file),
        ],
      }
    case 'VENDOR_EOL':
      return {
        headline: 'its line endings were changed, and no .gitattributes asks for that',
        details: [...storedBy(finding.facts), ...blobs(finding.facts)],
      }
    case 'VENDOR_GHOST':
      return {
        headline: 'a package directory that vendor/modules.txt does not list',
        details: [row('files', someOf(finding.facts.files))],
      }
    case 'VENDOR_INCONSISTENT':
      return {headline: finding.facts.sentence, details: []}
    case 'VENDOR_MISSING':
      return {headline: whyMissing(finding.facts), details: missingDetails(finding.facts)}
    case 'VENDOR_MODE':
      return {
        headline: `${modeName(finding.facts.mode)}: go mod vendor writes plain files only`,
        details: [row('expected', '100644'), row('found', finding.facts.mode)],
      }
    case 'VENDOR_NOT_GO':
      return notGo(finding.facts)
    case 'VENDOR_OUTSIDE':
      return {
        headline: `replaced by ${unseen(finding.facts.why)}: not compared`,
        details: [row('directory', finding.facts.directory)],
      }
    case 'VENDOR_PACKAGE_ABSENT':
      return {headline: `the module has no package ${finding.facts.package}`, details: []}
    case 'VENDOR_PACKAGE_MISSING':
      return {
        headline: `${finding.facts.package} is imported but not vendored`,
        details: [row('imported by', finding.facts.importedBy)],
      }
    case 'VENDOR_PACKAGE_STALE':
      return {headline: `${finding.facts.package} is vendored but nothing imports it`, details: []}
    case 'VENDOR_UNLISTED':
      return {headline: 'holds Go files but no modules.txt', details: []}
    case 'VENDOR_UNPROVEN': {
      const {modules, reason} = finding.facts
      return modules.length === 1
        ? {headline: 'cannot check its vendored files', details: [row('reason', reason)]}
        : {
            headline: `cannot check the vendored files of ${modules.length} modules`,
            details: [row('reason', reason), row('modules', someOf(modules))],
          }
    }
    case 'WORK_MEMBER_ABSENT': {
      const {directory, why} = finding.facts
      return {headline: `use ${directory}: ${unseen(why)}, so clones cannot build`, details: []}
    }
    default:
      return unreachable(finding)
  }
}

function hashes(facts: {expected: string; found: string}): Row[] {
  return [row('expected', facts.expected), row('found', facts.found)]
}

function blobs(facts: {expected: string; found: string}): Row[] {
  return [row('expected', `blob ${facts.expected}`), row('found', `blob ${facts.found}`)]
}

function changed(facts: VerifyFactsByCode['SUM_CHANGED']): {headline: string; details: Row[]} {
  if (facts.proven === undefined) {
    return {
      headline: 'its hash differs from the one in the last commit, for the same version',
      details: hashes(facts),
    }
  }
  return {
    headline:
      'the hash of this version changed, and the new one is right: the module in the module cache has it',
    details: [
      row('before', facts.expected),
      row('now', facts.found),
      row('review', 'the old line was wrong, or the version was published twice'),
    ],
  }
}

function notGo({tool, breaks, others}: VerifyFactsByCode['VENDOR_NOT_GO']): {
  headline: string
  details: Row[]
} {
  if (others.length > 0) {
    return {
      headline: 'holds files that go mod vendor would delete: move them out before you run it',
      details: [row('files', someOf(others))],
    }
  }
  const whose = tool === undefined ? '' : `: it is ${tool}'s`
  if (!breaks) return {headline: `not Go's vendor directory${whose}`, details: []}
  return {
    headline: `not Go's vendor directory${whose}, but go uses it as one: every build fails`,
    details: [row('because', 'go.mod has a go line of 1.14 or newer, and there is no vendor/modules.txt')],
  }
}

/** What Git was told to do with the file when it is added. */
function storedBy({by, where}: {by?: string | undefined; where?: string | undefined}): Row[] {
  return by === undefined ? [] : [row('changed by', where === undefined ? by : `${by} (${where})`)]
}

/** Files that Bazel's tools and Kubernetes' bots write beside vendored code: where they are wanted, a line of the policy says so once. */
function writtenByOthers(file: string): Row[] {
  const [name] = file.match(/(?<=\/)(BUILD|BUILD\.bazel|OWNERS)$/) ?? []
  return name === undefined
    ? []
    : [row('where it is wanted', `verify.vendorExtra: ["**/${name}"] in the policy`)]
}

function mismatch(source: HashSource): string {
  switch (source) {
    case 'zip':
      return "the module's zip in the module cache has a different hash"
    case 'go.mod':
      return "the module's go.mod in the module cache has a different hash"
    case 'ziphash':
      return 'go recorded a different hash when it downloaded the module'
    default:
      return unreachable(source)
  }
}

function untidy(facts: VerifyFactsByCode['MOD_UNTIDY']): string {
  switch (facts.reason) {
    case 'unused':
      return 'required without // indirect, but nothing here imports it'
    case 'indirect':
      return `marked // indirect, but ${facts.example ?? 'the main module'} imports it`
    case 'missing':
      return `${facts.package ?? 'a package'} is imported by ${facts.example ?? 'the main module'}, but no required module provides it`
    default:
      return unreachable(facts.reason)
  }
}

function whyMissing(facts: {why: 'absent' | 'intent-to-add' | 'untracked' | 'ignored'}): string {
  switch (facts.why) {
    case 'absent':
      return 'missing from vendor'
    case 'intent-to-add':
      return 'added with --intent-to-add only: the commit would not contain it'
    case 'untracked':
      return 'untracked: the commit would not contain it'
    case 'ignored':
      return 'ignored by Git: the commit would not contain it'
    default:
      return unreachable(facts.why)
  }
}

function missingDetails(facts: {rule: string | undefined; twin: string | undefined}): Row[] {
  return [
    ...(facts.rule === undefined ? [] : [row('rule', facts.rule)]),
    ...(facts.twin === undefined ? [] : [row('differs only in case from', facts.twin)]),
  ]
}

function unseen(why: 'submodule' | 'outside' | 'absent'): string {
  switch (why) {
    case 'submodule':
      return 'a directory of a submodule'
    case 'outside':
      return 'a directory outside the repository'
    case 'absent':
      return 'a directory without tracked files'
    default:
      return unreachable(why)
  }
}

function modeName(mode: string): string {
  if (mode === '100755') return 'executable'
  if (mode === '120000') return 'a symbolic link'
  return mode === '160000' ? 'a submodule' : `mode ${mode}`
}

function someOf(files: readonly string[]): string {
  const shown = files.slice(0, 3).join(', ')
  return files.length > 3 ? `${shown} and ${files.length - 3} more` : shown
}
