/** What builds here and in no clone. */
import type {VerifyFound} from '../../findings/finding.ts'
import {pathToUtf8, topDirectory} from '../../git/path-bytes.ts'
import type {CloneFacts, VendorOfOthers} from '../facts.ts'
import {add, modFileOf, tidyOf} from './mends.ts'

export function checkClone({outside, ignoredPackages}: CloneFacts): VerifyFound[] {
  return [
    ...outside.map(
      ({modFile, module, directory}): VerifyFound => ({
        code: 'MOD_OUTSIDE',
        facts: {
          file: pathToUtf8(modFile),
          line: undefined,
          module: undefined,
          replaced: module,
          directory: pathToUtf8(directory),
        },
      }),
    ),
    ...ignoredPackages.map(
      ({package: path, importedBy, directory, files, rule}): VerifyFound => ({
        code: 'PACKAGE_IGNORED',
        facts: {
          file: importedBy,
          line: undefined,
          module: undefined,
          package: path,
          rule,
          mend: add(files.length > mostNamedFiles && directory !== topDirectory ? [directory] : files, true),
        },
      }),
    ),
  ]
}

/** A command that names more files than this is none to copy: the directory is named, but not the one that holds everything. */
const mostNamedFiles = 10

/** Where a rule hides go.sum, every missing line of it is this one finding; for what one check after another found. */
export function gatherIgnoredSums({
  ignoredSums,
}: CloneFacts): (found: readonly VerifyFound[]) => VerifyFound[] {
  const rules = new Map(ignoredSums.map(({sumFile, rule}) => [pathToUtf8(sumFile), {sumFile, rule}]))
  const told = new Set<string>()
  return found => found.flatMap(settle)

  function settle(one: VerifyFound): VerifyFound[] {
    const {file} = one.facts as {file?: string}
    const ignored = one.code === 'SUM_MISSING' ? rules.get(file ?? '') : undefined
    if (ignored === undefined || file === undefined) return [one]
    if (told.has(file)) return []
    told.add(file)
    const {sumFile, rule} = ignored
    const mend = `${tidyOf(sumFile)} && ${add([modFileOf(sumFile), sumFile], true)}`
    return [{code: 'SUM_IGNORED', facts: {file, line: undefined, module: undefined, rule, mend}}]
  }
}

/** No hint: `go mod vendor` empties the directory, and whose it is knows only the person. */
export function checkVendorsOfOthers(vendors: readonly VendorOfOthers[]): VerifyFound[] {
  return vendors.flatMap(({vendor, tool, breaks, holdsGo}): VerifyFound[] =>
    breaks || holdsGo
      ? [
          {
            code: 'VENDOR_NOT_GO',
            facts: {file: pathToUtf8(vendor), line: undefined, module: undefined, tool, breaks, others: []},
          },
        ]
      : [],
  )
}
