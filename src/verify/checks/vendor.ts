/** vendor/ against its sources. */
import type {VerifyFound} from '../../findings/finding.ts'
import {isAtOrBelow, joinPath, type PathBytes, pathFromLatin1, pathToUtf8} from '../../git/path-bytes.ts'
import {formatModule, type ModuleVersion, moduleName} from '../../go/module/module-path.ts'
import {unreachable} from '../../system/unreachable.ts'
import {shellWord} from '../../text/shell-word.ts'
import type {MissingWhy, RootFacts, TreeDifference} from '../facts.ts'
import {add, downloadOf, storeAsGiven, unstage, vendorAnew} from './mends.ts'

/** Every difference between the vendored files and what `go mod vendor` would have written. */
export function checkVendorTree(root: RootFacts): VerifyFound[] {
  return root.differences.flatMap(difference => differenceFinding(root, difference))
}

function differenceFinding(root: RootFacts, difference: TreeDifference): VerifyFound[] {
  const mend = vendorAnew(root)
  switch (difference.kind) {
    case 'edited':
    case 'line-endings': {
      const {path, module, expected, found, stored} = difference
      const code = difference.kind === 'edited' ? 'VENDOR_EDITED' : 'VENDOR_EOL'
      const hashes = {expected, found, by: stored?.by, where: stored?.where}
      return [
        {
          code,
          facts: {
            ...fileOf(path, module),
            ...hashes,
            mend: stored === undefined ? mend : storeAsGiven(root, stored),
          },
        },
      ]
    }
    case 'added':
      return [
        {
          code: 'VENDOR_ADDED',
          facts: difference.isHidden
            ? // Whose it is knows only the person.
              {...fileOf(difference.path, undefined), isHidden: true, mend: undefined}
            : {...fileOf(difference.path, undefined), mend: removal(difference.path)},
        },
      ]
    case 'ghost':
      return [
        {
          code: 'VENDOR_GHOST',
          facts: {
            ...fileOf(difference.directory, undefined),
            files: difference.files.map(pathToUtf8),
            // Taken out it would be missing, where it is imported and only modules.txt forgot it.
            mend: isImported(root, difference.directory) ? mend : removal(difference.directory),
          },
        },
      ]
    case 'missing': {
      const {path, module, why, twin} = difference
      return [
        {
          code: 'VENDOR_MISSING',
          facts: {
            ...fileOf(path, module),
            why: why.kind,
            rule: why.kind === 'ignored' ? why.rule : undefined,
            twin: twin === undefined ? undefined : pathToUtf8(twin),
            mend: mendMissing(root, path, why),
          },
        },
      ]
    }
    case 'mode':
      return [
        {
          code: 'VENDOR_MODE',
          facts: {
            ...fileOf(difference.path, difference.module),
            mode: difference.mode,
            mend:
              difference.mode === '100755'
                ? `git update-index --chmod=-x ${shellWord(pathToUtf8(difference.path))}`
                : root.submodules.includes(difference.path)
                  ? mend
                  : `${unstage(difference.path)} && ${mend}`,
          },
        },
      ]
    case 'package-absent':
      return [
        {
          code: 'VENDOR_PACKAGE_ABSENT',
          facts: {
            file: pathToUtf8(root.modulesTxtPath),
            line: difference.line,
            module: moduleName(difference.module),
            package: difference.package,
            mend,
          },
        },
      ]
    default:
      return unreachable(difference)
  }
}

function fileOf(path: PathBytes, module: ModuleVersion | undefined) {
  return {
    file: pathToUtf8(path),
    line: undefined,
    module: module === undefined ? undefined : moduleName(module),
  }
}

/** What a rule hides from Git need not be in the work tree at all: not in a clone, for one. */
function mendMissing(root: RootFacts, path: PathBytes, why: MissingWhy): string {
  switch (why.kind) {
    case 'absent':
      return vendorAnew(root)
    case 'ignored':
      return vendorAnew({...root, isIgnored: true})
    case 'untracked':
    case 'intent-to-add':
      return add([path], root.isIgnored)
    default:
      return unreachable(why)
  }
}

function isImported({vendor, closure}: RootFacts, directory: PathBytes): boolean {
  return closure.missing.some(({package: path}) =>
    isAtOrBelow(joinPath(vendor, pathFromLatin1(path)), directory),
  )
}

/** settleHints writes it for the mode that is asked. */
function removal(path: PathBytes): string {
  return `git rm -r --cached ${shellWord(pathToUtf8(path))}`
}

/** Modules whose files could not be compared with anything. */
export function checkProven(root: RootFacts): VerifyFound[] {
  const unproven: Unproven[] = []
  const outside = root.sources.flatMap(({module, from, line, state}): VerifyFound[] => {
    switch (state.kind) {
      case 'absent':
        unproven.push({module, from, line, reason: state.reason})
        return []
      case 'outside': {
        const place = {file: pathToUtf8(root.modulesTxtPath), line, module: moduleName(module)}
        return [
          {
            code: 'VENDOR_OUTSIDE',
            facts: {...place, directory: pathToUtf8(state.directory), why: state.why},
          },
        ]
      }
      case 'proven':
      // go.sum's own findings say these
      case 'unhashed':
      case 'mismatched':
        return []
      default:
        return unreachable(state)
    }
  })
  return [...unprovenFindings(root, unproven), ...outside]
}

/** A module of which something could not be had: `from` is what would have to be downloaded, `line` that of modules.txt. */
export type Unproven = {module: ModuleVersion; from: ModuleVersion; line: number; reason: string}

/** One finding for each cause: a proxy out of reach is one, of however many modules it is said. */
export function unprovenFindings(root: RootFacts, unproven: readonly Unproven[]): VerifyFound[] {
  const byCause = new Map<string, [Unproven, ...Unproven[]]>()
  for (const one of unproven) {
    const alike = byCause.get(causeOf(one))
    if (alike === undefined) byCause.set(causeOf(one), [one])
    else alike.push(one)
  }
  return [...byCause.values()].map((alike): VerifyFound => {
    const [first] = alike
    return {
      code: 'VENDOR_UNPROVEN',
      facts: {
        file: pathToUtf8(root.modulesTxtPath),
        line: first.line,
        module: alike.length === 1 ? moduleName(first.module) : undefined,
        modules: alike.map(({module}) => moduleName(module)),
        reason: first.reason,
        mend: downloadOf(
          root,
          alike.map(({from}) => from),
        ),
      },
    }
  })
}

/** The reason without what it says of this module alone: its name, and its address behind the host. */
function causeOf({from, reason}: Unproven): string {
  return reason
    .replaceAll(formatModule(from), '')
    .replaceAll(/(https?:\/\/[^/\s"]+)[^\s"]*/g, '$1')
    .replaceAll(/:\d+->/g, '->')
}
