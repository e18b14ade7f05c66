/** The table of docs/transparency.md as rows that can be run. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {splitQuoted} from '../../src/go/command/quoted.ts'
import {root} from './rig.ts'

/** What the launcher does with a command: passes it on, guards its cache, or stamps it as well. */
export type Way = 'passed on' | 'guarded' | 'stamped'

export type Row = {
  /** The first cell, as a person would type it. */
  title: string
  /** Where it is run, below the work folder. */
  directory: string
  env: Record<string, string>
  /** Go commands that come first, bare both times. */
  before: string[][]
  /** The words behind `go`. */
  words: string[]
  way: Way
  /** The first minor of Go 1 that has it. */
  since: number
  /** Its output is commands of go's workers, whose order is chance. */
  isBuildLog: boolean
  /** The heading of its table: Commands, Flags or Environments. */
  table: string
}

/** Every row of the tables: `cd a && B=c go build` | what becomes of it | Go version | what differs. */
export function readTransparency(): Row[] {
  const tables = readFileSync(join(root, 'docs/transparency.md'), 'utf8').split(/^## /m)
  return tables.flatMap(table => {
    const [heading = '', ...lines] = table.split('\n')
    return lines.filter(line => line.startsWith('| `')).map(line => parseRow(line, heading))
  })
}

function parseRow(line: string, table: string): Row {
  const [, title = '', way = '', since = ''] =
    line.match(/^\| `([^`]+)` \| (passed on|guarded|stamped) \| (?:1\.(\d+))? ?\|/) ?? []
  if (!isWay(way)) throw new Error(`docs/transparency.md: no row of the table: ${line}`)
  const commands = title.split(/ && |; /)
  const last = parseCommand(commands.at(-1) ?? '')
  const earlier = commands.slice(0, -1).map(command => parseCommand(command))
  return {
    title,
    directory: earlier.find(({program}) => program === 'cd')?.words[0] ?? '',
    env: last.env,
    before: earlier.filter(({program}) => program === 'go').map(({words}) => words),
    words: last.words,
    way,
    since: Number(since),
    isBuildLog: last.words.some(word => ['-n', '-x', '-work'].includes(word)),
    table,
  }
}

function isWay(text: string): text is Way {
  return text === 'passed on' || text === 'guarded' || text === 'stamped'
}

/** `A='b c' go build -o x .` as variables, program and words. */
function parseCommand(text: string): {env: Record<string, string>; program: string; words: string[]} {
  const env: Record<string, string> = {}
  let rest = text
  for (;;) {
    const [whole, name, quoted, plain] = rest.match(/^([A-Z0-9_]+)=(?:'([^']*)'|(\S*)) /) ?? []
    if (whole === undefined || name === undefined) break
    env[name] = quoted ?? plain ?? ''
    rest = rest.slice(whole.length)
  }
  const [program = '', ...words] = splitQuoted(rest) ?? []
  return {env, program, words}
}

/** The commands that `go help` lists. */
export function commandsOf(help: string): string[] {
  return namesIn(help.split('Additional help topics:')[0]?.split('The commands are:')[1] ?? '')
}

/** The topics that `go help` lists. */
export function topicsOf(help: string): string[] {
  return namesIn(help.split('Additional help topics:')[1] ?? '')
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/^\t(\S+) +\S/gm)].map(([, name = '']) => name)
}
