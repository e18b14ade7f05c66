/** `gowarden explain` without a code: every code below its topic, with what it is. */
import {table} from '../text/table.ts'

/** A code belongs to the first topic whose pattern it matches; what matches none is about this machine. */
const topics: [topic: string, codes: RegExp][] = [
  ['the build cache', /^CACHE(PROG)?_/],
  ['the toolchain and GOROOT', /^(GOROOT|TOOLCHAIN_(NOT|PROOF|UNPROVEN|VERSION)|LOCK|ABI)/],
  ['the stamp', /^STAMP_/],
  ['what a policy denies', /_DENIED$/],
  ['go.sum', /^SUM_/],
  ['vendor/', /^(VENDOR|MODULES_TXT)_/],
  ['go.mod, go.work and the commit', /^(MOD_|WORK_|INDEX_|PACKAGE_|TOOLCHAIN_LINE)/],
]

/**
 * Topics in this order, each with its codes in the order of the pages. `pages` is what findingPages returns; a line is
 * never longer than the columns of a terminal.
 */
export function topicsText(pages: ReadonlyMap<string, string>, columns = Infinity): string {
  // Two blanks before the code and two behind the longest.
  const room = columns - 4 - Math.max(0, ...[...pages.keys()].map(code => code.length))
  const sentenceOf = (page: string) => firstSentence(page, Math.max(20, Math.min(90, room)))
  const byTopic = new Map<string, string[][]>(topics.map(([topic]) => [topic, []]))
  for (const [code, page] of pages) {
    const topic = topics.find(([, codes]) => codes.test(code))?.[0] ?? 'this machine'
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), [`  ${code}`, sentenceOf(page)]])
  }
  const parts = [...byTopic].filter(([, rows]) => rows.length > 0)
  return `${parts.map(([topic, rows]) => `${topic}\n${table(rows)}`).join('\n')}\nmore about one: gowarden explain CODE\n`
}

/** The first sentence behind a page's heading, in at most so many characters, without its marks. */
function firstSentence(page: string, length: number): string {
  const paragraph = (page.trim().split(/\n{2,}/)[1] ?? '').replace(/\s+/g, ' ').replaceAll('`', '')
  const sentence = paragraph.match(/^.*?[.](?= |$)/)?.[0].slice(0, -1) ?? paragraph
  return sentence.length <= length ? sentence : `${sentence.slice(0, length - 1).replace(/ \S*$/, '')} …`
}
