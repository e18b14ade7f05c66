/** What a report is made of, read: this host, or the files of others. */
import {readHistory} from '../events/read.ts'
import {probeHost} from '../metrics/facts.ts'
import {reasonOf, storeFolder} from '../store/folder.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import type {Filed, Skipped} from './fleet.ts'
import {type About, makeReport} from './make.ts'
import {mostReportBytes, parseReport} from './read.ts'
import type {Report} from './shape.ts'

/** Looks at the host. `binaries`: folders in which to look for binaries. */
export async function reportHere(
  system: System,
  about: Omit<About, 'directory' | 'isThere'>,
  binaries: readonly string[],
): Promise<Report> {
  const history = readHistory(system, storeFolder(system))
  const facts = await probeHost(system, {binaries, events: history.events})
  const isThere = (folder: string) => orNothing(() => system.files.stat(folder)) !== undefined
  return makeReport(facts, history, {...about, directory: system.cwd, isThere})
}

/** Reads the reports of others, in the order given. What is none is skipped, and said. */
export function readReports(
  {files}: Pick<System, 'files'>,
  paths: readonly string[],
): {filed: Filed[]; wrong: Skipped[]} {
  const filed: Filed[] = []
  const wrong: Skipped[] = []
  for (const path of paths) {
    const read = readOne(files, path)
    if (read.kind === 'report') filed.push({file: path, report: read.report})
    else wrong.push({file: path, reason: read.reason, isWrong: true})
  }
  return {filed, wrong}
}

function readOne(files: System['files'], path: string): ReturnType<typeof parseReport> {
  try {
    const stat = files.stat(path)
    if (stat === undefined) return {kind: 'wrong', reason: 'no such file'}
    if (stat.kind !== 'file') return {kind: 'wrong', reason: 'not a file: name the reports in it'}
    if (stat.size > BigInt(mostReportBytes))
      return {kind: 'wrong', reason: `larger than ${mostReportBytes / 1_000_000} MB, which no report is`}
    return parseReport(files.readHead(path, mostReportBytes + 1)?.toString() ?? '')
  } catch (error) {
    return {kind: 'wrong', reason: reasonOf(error)}
  }
}
