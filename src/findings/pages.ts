/** docs/findings.md, a page a code. */
import {UsageError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import type {System} from '../system/system.ts'
import {nearest} from '../text/nearest.ts'

/** The page of a code, as it stands in docs/findings.md. Throws UsageError, with the likely code, for an unknown one. */
export function explain(system: System, code: string): string {
  const pages = findingPages(system)
  const page = pages.get(code.toUpperCase())
  if (page !== undefined) return page
  const likely = nearest(code, [...pages.keys()])
  throw new UsageError(
    `there is no finding ${code}`,
    likely === undefined ? 'see them all: docs/findings.md' : `did you mean gowarden explain ${likely}?`,
  )
}

/** The pages of docs/findings.md by code; none where the file is not to be had. */
export function findingPages(system: System): Map<string, string> {
  return readPages(system.files.read(`${packageFolder}/docs/findings.md`)?.toString() ?? '')
}

/** Pages by code: each begins with a heading `## CODE`. */
export function readPages(text: string): Map<string, string> {
  const pages = text.split(/^(?=## [A-Z][A-Z0-9_]+$)/m).slice(1)
  return new Map(pages.map(page => [page.slice(3, page.indexOf('\n')), `${page.trimEnd()}\n`]))
}
