/** Imports point one way, and the world has few doors: CONTRIBUTING.md draws the picture that this holds. */
import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, normalize} from 'node:path'
import * as assert from 'uvu/assert'
import {root} from './support/rig.ts'
import {suite} from './support/suite.ts'

/** A file may import from its own layer and those further right in the list. */
const layers: [name: string, matches: RegExp][] = [
  ['entries', /^((cli|program|planner|bypass|list-json)\.ts$|workers\/)/],
  ['report', /^report\//],
  ['commands', /^commands\//],
  ['the way', /^(init-(blocks|texts|yaml)|guard|restrictions|launcher|messages|verify-messages)\.ts$/],
  ['checks and plan', /^(checks|plan)\//],
  ['policy', /^policy(-\w+)?\.ts$/],
  ['probes', /^probes\//],
  ['store', /^(store\/|cache-lock\.ts$)/],
  ['formats', /^(go|git)\//],
  ['ground', /^(system|patience|random-access|watch|findings|verify-findings|errors|unreachable)\.ts$/],
]

/** Imports against the order, each with its reason. */
const allowed: Record<string, string> = {
  'commands/verify-cli.ts -> report/github.ts': 'the verb as program.ts registers it: it ends in a report',
  'commands/verify-cli.ts -> report/json.ts': 'the same',
  'commands/verify-cli.ts -> report/progress.ts': 'the same',
  'commands/verify-cli.ts -> report/markdown.ts': 'the same',
  'commands/verify-cli.ts -> report/sarif.ts': 'the same',
  'commands/verify-cli.ts -> report/text.ts': 'the same',
  'messages.ts -> verify-messages.ts': 'the sentences of one verb, in a file of their own',
  'planner.ts -> report/finding.ts': 'findings are printed there',
  'store/plans.ts -> plan/shell.ts': 'a stored plan is sh text, and quoting has one place',
  'policy-verify.ts -> checks/verify-policy.ts': 'the type of what it reads',
  'random-access.ts -> probes/binary.ts': 'the type of what it opens',
}

/** Who may open the world's doors. */
const doors: Record<string, string[]> = {
  'node:fs': ['system.ts', 'random-access.ts'],
  // list-json.ts stands in the place of go itself: signals, output piece by piece and the end are passed on.
  'node:child_process': ['system.ts', 'list-json.ts'],
  execa: ['system.ts'],
  'proper-lockfile': ['cache-lock.ts'],
  cosmiconfig: ['policy-file.ts'],
}

type Import = {from: string; to: string}

function readImports(): Import[] {
  const files = readdirSync(join(root, 'src'), {recursive: true, encoding: 'utf8'}).filter(file =>
    file.endsWith('.ts'),
  )
  return files.flatMap(from => {
    const text = readFileSync(join(root, 'src', from), 'utf8')
    return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, to = '']) => ({
      from,
      to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to,
    }))
  })
}

function layerOf(file: string): number {
  return layers.findIndex(([, matches]) => matches.test(file))
}

suite('imports', test => {
  const imports = readImports()

  test('every file has its layer', () => {
    const homeless = [...new Set(imports.map(({from}) => from))].filter(
      file => layerOf(file) < 0 && !file.endsWith('.d.ts'),
    )
    assert.equal(homeless, [])
  })

  test('imports point one way', () => {
    const against = imports
      .filter(({to}) => layerOf(to) >= 0)
      .filter(({from, to}) => layerOf(from) > layerOf(to))
      .map(({from, to}) => `${from} -> ${to}`)
    assert.equal(
      against.filter(line => !(line in allowed)),
      [],
    )
  })

  test('only the doors reach the world', () => {
    const through = imports.filter(({from, to}) => to in doors && !doors[to]?.includes(from))
    assert.equal(through, [])
    const reads = readdirSync(join(root, 'src'), {recursive: true, encoding: 'utf8'})
      .filter(
        file =>
          file.endsWith('.ts') &&
          !['system.ts', 'cli.ts', 'program.ts', 'planner.ts', 'bypass.ts', 'list-json.ts'].includes(file),
      )
      .filter(file =>
        /\bprocess\.(env|argv|cwd|exit|stdout|stderr)\b/.test(readFileSync(join(root, 'src', file), 'utf8')),
      )
    assert.equal(reads, [])
  })
})
