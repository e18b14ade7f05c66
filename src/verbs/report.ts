/** `gowarden report`: this host, or many, as one page to read without a network. */
import {type Command, Option} from 'commander'
import type {Skipped} from '../report/fleet.ts'
import {reasonOf} from '../store/folder.ts'
import {exitCode, UsageError, WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {jsonText, oneLine} from '../text/one-line.ts'
import {absolute, type VerbContext} from './context.ts'
import {parseSince} from './since.ts'

type Flags = {
  out?: string
  json?: true
  since?: string
  binaries?: string[]
  host?: string
  merge?: string[]
}

export function registerReport(program: Command, {system, version, end}: VerbContext): void {
  program
    .command('report')
    .option('--out <file>', 'write a file, in place of printing')
    .option('--json', 'JSON in place of HTML: what --merge reads')
    .option('--since <time>', 'count since then: a date, or how long ago (the default is 30d)')
    .option('--binaries <dir...>', 'count the binaries below these folders by the state of their stamp')
    .option('--host <name>', 'call this host by this name')
    .addOption(
      new Option('--merge <file...>', 'one page of many hosts, from what --json wrote on each').conflicts([
        'since',
        'binaries',
        'host',
      ]),
    )
    .description('write toolchains, caches, refusals, bypasses and audits of this host, or many, as a page')
    .addHelpText('after', helpAfter)
    .action(async (flags: Flags) => {
      refuseTerminal(system, flags)
      const {text, skipped} =
        flags.merge === undefined
          ? await ofThisHost(system, version, flags)
          : await ofMany(system, version, flags.merge, flags.json === true)
      for (const {file, reason, isWrong} of skipped)
        system.stderr(`gowarden: ${isWrong ? 'error' : 'warning'}: ${oneLine(file)}: ${oneLine(reason)}\n`)
      if (flags.out === undefined) system.stdout(text)
      else write(system, absolute(system, flags.out), text)
      end(skipped.some(({isWrong}) => isWrong) ? exitCode.findings : exitCode.ok)
    })
}

type Written = {text: string; skipped: readonly Skipped[]}

/** A page on a terminal is of use to nobody. */
function refuseTerminal(system: System, {out, json}: Flags): void {
  if (out === undefined && json === undefined && system.stdoutColumns() !== undefined)
    throw new UsageError(
      'stdout is a terminal, and a report is a page for a browser',
      'gowarden report --out gowarden-report.html',
    )
}

async function ofThisHost(system: System, version: string, flags: Flags): Promise<Written> {
  const {reportHere} = await import('../report/here.ts')
  const {hostName, userName} = await import('../system/node.ts')
  const sinceMs = parseSince(flags.since ?? '30d', system.nowMs())
  const binaries = (flags.binaries ?? []).map(directory => absolute(system, directory))
  const about = {host: flags.host ?? hostName(), user: userName(), version, sinceMs}
  const report = await reportHere(system, about, binaries)
  if (flags.json) return {text: jsonText(report), skipped: []}
  const {hostPage} = await import('../report/host-page.ts')
  return {text: hostPage(report), skipped: []}
}

/** What is no report is said, and the others are merged. Throws WorldError where there is none. */
async function ofMany(
  system: System,
  version: string,
  names: readonly string[],
  isJson: boolean,
): Promise<Written> {
  const {readReports} = await import('../report/here.ts')
  const {mergeReports} = await import('../report/fleet.ts')
  const {filed, wrong} = readReports(system, names)
  const [first] = wrong
  if (filed.length === 0)
    throw new WorldError(
      `no report to merge: ${first?.file}: ${first?.reason}${wrong.length > 1 ? `, and ${wrong.length - 1} more` : ''}`,
      {hint: 'write one on each host: gowarden report --json --out HOST.json'},
    )
  const fleet = mergeReports(filed, wrong, {version, nowMs: system.nowMs()})
  if (isJson) return {text: jsonText(fleet), skipped: fleet.skipped}
  const {fleetPage} = await import('../report/fleet-page.ts')
  return {text: fleetPage(fleet), skipped: fleet.skipped}
}

/** By rename: who reads it meanwhile has the old page or the new one. */
function write(system: System, path: string, text: string): void {
  try {
    system.files.replace(path, text, 0o666)
  } catch (error) {
    throw new WorldError(`writing ${path}: ${reasonOf(error)}`, {cause: error})
  }
}

const helpAfter = `
The page is one file, loads nothing and needs no script. It shows what gowarden doctor finds in this folder now, and counts what
gowarden events keeps. Run it as the user who builds. Passwords in URLs are taken out, and of a bypassed command only the
subcommand is shown; paths, and reasons of bypasses, are as they were written.

examples:
  gowarden report --out gowarden-report.html
  gowarden report --since 7d --binaries /usr/local/bin --out gowarden-report.html
  gowarden report --json --out "$(hostname).json"
  gowarden report --merge reports/*.json --out fleet.html

exit status:
  0  the report is written
  1  a file of --merge is no report; the others are in the page
`
