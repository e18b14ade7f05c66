/**
 * Who may import whom, as a table; what is pure; which files open the world's doors. What a row does not name is not
 * imported, types included. Prints the figures of the house, and holds the picture of it in CONTRIBUTING.md:
 * `UPDATE=1 npm test -- imports` draws it anew.
 */
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {build, type Plugin} from 'esbuild'
import * as assert from 'uvu/assert'
import {circles, importsIn, reachOf, readSource, wayTo} from './support/imports.ts'
import {root} from './support/rig.ts'
import {suite} from './support/suite.ts'

/** Room by room, from the top of the house down: which rooms its files may import. Its own room always. */
const mayImport: Record<string, string> = {
  programs:
    'traces verbs events build cache verify toolchain policy findings text store system go/command launcher',
  verbs:
    'self why report metrics events doctor install lock build cache toolchain launcher attest rebuild verify inspect init policy findings text store system',
  self: 'install lock cache launcher store text system',
  why: 'doctor findings text',
  report: 'metrics events findings store text system go/module',
  metrics: 'doctor inspect events build cache toolchain lock findings text store system go/module',
  doctor:
    'build cache toolchain launcher policy findings text store system git go/command go/module go/binary',
  build: 'cache lock toolchain policy findings text store system go/command go/module',
  cache: 'toolchain policy findings text store system go/command go/module go/binary',
  goproxy: 'toolchain store system go/command go/module',
  install: 'lock goproxy toolchain store text system go/module go/vendor',
  lock: 'goproxy toolchain policy findings store text system go/module go/command',
  toolchain: 'policy findings text store system go/command go/module go/binary',
  verify: 'lock policy findings text store git system go/command go/module go/source go/vendor',
  inspect: 'policy text system go/module go/binary go/command go/vendor',
  rebuild: 'install lock toolchain store text system go/module go/command go/binary',
  attest: 'text system go/module go/binary',
  init: 'policy text git system',
  launcher: 'lock text store system',
  policy: 'findings events text store system go/command go/module',
  findings: 'text system',
  text: 'system',
  events: 'store text system go/module',
  traces: 'events store text system go/module',
  store: 'system',
  'go/binary': 'go/command go/module go/source system',
  'go/vendor': 'go/module go/source git system',
  'go/module': 'go/source git system',
  'go/command': 'go/source system',
  'go/source': 'system',
  git: 'system',
  system: '',
}

/** Imports against the table, each with its reason: the list may only shrink. */
const allowed: Record<string, string> = {}

/** Inside verify: facts.ts, policy.ts and result.ts hold the types that its rooms share; everything else goes from the top down. */
const mayImportInVerify: Record<string, RegExp> = {
  'verify/checks': /^verify\/(checks\/.*|(facts|go-words|policy)\.ts)$/,
  'verify/probes': /^verify\/(probes\/.*|(facts|go-words)\.ts)$/,
  'verify/reports': /^verify\/(reports\/.*|result\.ts)$/,
}

/** Who may open the world's doors. */
const doors: Record<string, string[]> = {
  'node:fs': ['system/node.ts', 'system/random-access.ts', 'git/copy-index.ts'],
  // list-json.ts stands in the place of go itself: signals, output piece by piece and the end are passed on.
  'node:child_process': ['system/node.ts', 'list-json.ts'],
  'node:worker_threads': [
    'zip-worker.ts',
    'verify/probes/zip-threads.ts',
    'audit-worker.ts',
    'cache/audit-threads.ts',
  ],
  'node:os': ['system/node.ts', 'list-json.ts', 'verify/probes/zip-threads.ts', 'cache/audit-threads.ts'],
  'node:http': ['goproxy/http.ts', 'metrics/serve.ts'],
  'node:https': ['goproxy/http.ts'],
  'node:tls': ['goproxy/http.ts'],
  execa: ['system/node.ts'],
  'prom-client': ['metrics/metrics.ts'],
  'proper-lockfile': ['store/lock.ts'],
  cosmiconfig: ['policy/file.ts'],
  // Loaded by the process that sends spans, and by no other.
  '@opentelemetry/api': ['traces/export.ts'],
  '@opentelemetry/core': ['traces/export.ts'],
  '@opentelemetry/exporter-trace-otlp-http': ['traces/export.ts'],
  '@opentelemetry/exporter-trace-otlp-proto': ['traces/export.ts'],
  '@opentelemetry/resources': ['traces/export.ts'],
  '@opentelemetry/sdk-trace-base': ['traces/export.ts'],
}

/** What is a function of what it is given: nothing here, nor anything it calls, takes a System or opens a door. */
const pure =
  /(^|\/)check-[\w-]+\.ts$|^report\/(?!here\.ts)|\/checks\/|\/reports\/|\/text\.ts$|^go\/|^build\/(plan|shell-text)\.ts$|^findings\/(describe|sentence|facts|level|finding)[\w-]*\.ts$/

/** Who prints: programs and verbs, and what they hand down to be told of something that takes long. */
const printers = /^([\w-]+\.ts|verbs\/.*|findings\/tell\.ts|text\/progress\.ts|system\/node\.ts)$/

/** Who puts text between single quotes, and for whom: a path may hold one. */
const quoters: Record<string, string> = {
  'text/shell-word.ts': 'sh, which runs a plan; a person who copies a command',
  'launcher/enable.ts': 'fish',
  'verbs/completion-script.ts': 'three shells, and words of ours',
  'verify/checks/mends.ts': 'awk, and a program of ours',
}

/** Who makes a text of a kind that is not any text: nobody else may say that one is. */
const makers: Record<string, string> = {
  H1: 'go/module/h1.ts',
  ToolchainHash: 'go/module/toolchain-module.ts',
  StampText: 'go/module/toolchain-module.ts',
  PathBytes: 'git/path-bytes.ts',
  Goroot: 'go/command/go-env.ts',
}

/** Who reads bytes as those of a path: what Git or a file says, and import paths, which are ASCII. */
const readersOfBytes = [
  'git/index.ts',
  'go/module/main-modules.ts',
  'go/vendor/modules-txt.ts',
  'go/vendor/vendored-files.ts',
  'verify/checks/mends.ts',
  'verify/checks/vendor.ts',
  'verify/probes/attributes.ts',
  'verify/probes/clone.ts',
  'verify/probes/code-digest.ts',
  'verify/probes/facts.ts',
  'verify/probes/listed-manifest.ts',
  'verify/probes/snapshot.ts',
  'verify/probes/tree.ts',
  'verify/probes/vendor-others.ts',
  'verify/probes/vendor-tree.ts',
]

const source = readSource()
const ours = source.imports.filter(({to}) => source.files.includes(to))
const rooms = [...new Set(source.files.map(roomOf))]

function roomOf(file: string): string {
  const [top = '', second = ''] = file.split('/')
  if (!file.includes('/')) return 'programs'
  return top === 'go' ? `go/${second}` : top
}

/** Room to room, without those to itself. */
function arrowsOf(imports: readonly {from: string; to: string}[]): [from: string, to: string][] {
  const lines = new Set(imports.map(({from, to}) => `${roomOf(from)} ${roomOf(to)}`))
  return [...lines]
    .map(line => line.split(' '))
    .flatMap(([from = '', to = '']) => (from === to ? [] : [[from, to]]))
}

const arrows = arrowsOf(ours)
const downwards = arrows.filter(([from, to]) => mayImport[from]?.split(' ').includes(to))

/** How many rooms lie below one another under a room, itself included. */
function floorOf(room: string): number {
  return 1 + Math.max(0, ...downwards.filter(([from]) => from === room).map(([, to]) => floorOf(to)))
}

suite('imports', test => {
  test('the table goes one way', () => {
    assert.equal(
      circles(Object.keys(mayImport), room => (mayImport[room] ?? '').split(' ').filter(to => to !== '')),
      [],
    )
  })

  test('every file has its room, and every room its row', () => {
    assert.equal(
      rooms.filter(room => !(room in mayImport)),
      [],
    )
    assert.equal(
      Object.keys(mayImport).filter(room => !rooms.includes(room)),
      [],
    )
  })

  test('a room imports what its row names, types included', () => {
    const against = ours
      .filter(({from, to}) => roomOf(from) !== roomOf(to))
      .filter(({from, to}) => !mayImport[roomOf(from)]?.split(' ').includes(roomOf(to)))
      .map(({from, to}) => `${from} -> ${to}`)
    assert.equal(
      against.filter(line => !(line in allowed)),
      [],
    )
    assert.equal(
      Object.keys(allowed).filter(line => !against.includes(line)),
      [],
      'an exception that nobody needs any more',
    )
  })

  test('the rooms of verify import what they share, and no other', () => {
    const against = ours
      .filter(({from, to}) => {
        const rule = mayImportInVerify[from.split('/').slice(0, 2).join('/')]
        return rule !== undefined && to.startsWith('verify/') && !rule.test(to)
      })
      .map(({from, to}) => `${from} -> ${to}`)
    assert.equal(against, [])
  })

  test('no circle of files, types included', () => {
    const next = (file: string) => ours.filter(({from}) => from === file).map(({to}) => to)
    assert.equal(circles(source.files, next), [])
  })

  test("Go's formats know nothing of gowarden", () => {
    const against = ours
      .filter(({from, to}) => from.startsWith('go/') && to.startsWith('system/'))
      .filter(({to}) => to !== 'system/unreachable.ts')
      .map(({from, to}) => `${from} -> ${to}`)
    assert.equal(against, [])
  })

  test('only the doors reach the world, and only programs the process', () => {
    const through = source.imports.filter(({from, to}) => to in doors && !doors[to]?.includes(from))
    assert.equal(through, [])
    const reads = source.files.filter(
      file =>
        !/^([\w-]+|system\/node|system\/standalone)\.ts$/.test(file) &&
        // Not as the name of an attribute: 'process.exit.code'
        /(?<!')\bprocess\.(env|argv|cwd|exit|exitCode|stdin|stdout|stderr|execPath|on|kill)\b/.test(
          source.text(file),
        ),
    )
    assert.equal(reads, [])
  })

  test('what judges, plans and tells is pure, with all that it calls', () => {
    const values = (file: string) =>
      ours.filter(({from, isType}) => from === file && !isType).map(({to}) => to)
    const touches = (file: string) =>
      source.imports.some(({from, to, isType}) => from === file && !isType && to in doors) ||
      /\bimport\b[^'"]*\b(System|Files|Pipe|GitSystem)\b[^'"]*\bfrom\b/.test(source.text(file))
    const impure = source.files
      .filter(file => pure.test(file))
      .flatMap(file => {
        const reached = reachOf(file, values)
        return [...reached.keys()].filter(touches).map(at => wayTo(at, reached))
      })
    assert.equal(impure, [])
  })

  test('nothing prints but programs, verbs, and what tells of something that takes long', () => {
    const prints = source.files.filter(
      file => !printers.test(file) && /\.(stdout|stderr)\(|\bconsole\./.test(source.text(file)),
    )
    assert.equal(prints, [])
  })

  test('text is quoted in a few places, each for one reader', () => {
    const quotes = source.files.filter(file => /'\$\{/.test(source.text(file)))
    assert.equal(quotes.sort(), Object.keys(quoters).sort())
  })

  test('a text of a kind is made by its maker alone', () => {
    for (const [kind, maker] of Object.entries(makers)) {
      const says = new RegExp(`\\b(as|is) ${kind}\\b`)
      const files = source.files.filter(file => says.test(source.text(file)))
      assert.equal(files, [maker], kind)
    }
    const branded = source.files.flatMap(file =>
      [...source.text(file).matchAll(/__(\w+)Brand__/g)].map(([, kind]) => `${kind} ${file}`),
    )
    assert.equal(
      branded.sort(),
      Object.entries(makers)
        .map(entry => entry.join(' '))
        .sort(),
    )
  })

  test('bytes become a path in a few places; elsewhere it is made of text', () => {
    const readers = source.files.filter(
      file => file !== makers['PathBytes'] && source.text(file).includes('pathFromLatin1'),
    )
    assert.equal(readers.sort(), readersOfBytes)
  })

  // engine.ts is all programs in one file, for an executable that needs no Node.
  test('nobody imports a program, and no file only passes others on', () => {
    assert.equal(
      ours.filter(({from, to}) => roomOf(to) === 'programs' && from !== 'engine.ts'),
      [],
    )
    const barrels = source.files.filter(
      file =>
        /(^|\/)index\.ts$/.test(file) && !/^(export )?(async )?(function|const)/m.test(source.text(file)),
    )
    assert.equal(barrels, [])
    assert.equal(
      source.files.filter(file => /^export\b[^=(]*\bfrom\b/m.test(source.text(file))),
      [],
    )
  })

  for (const program of ['planner.ts', 'bypass.ts', 'list-json.ts']) {
    test(`what a go command waits for holds no verb: ${program}, with all that it may load`, async () => {
      const {metafile} = await build({
        entryPoints: [join(root, 'src', program)],
        absWorkingDir: root,
        bundle: true,
        write: false,
        metafile: true,
        platform: 'node',
        format: 'cjs',
        packages: 'external',
        logLevel: 'error',
      })
      const inputs = Object.keys(metafile.inputs)
      assert.ok(inputs.includes(`src/${program}`))
      assert.equal(
        inputs.filter(file => /^src\/(verify|init|inspect|verbs|doctor|attest|rebuild)\//.test(file)),
        [],
      )
      assert.not.ok(inputs.includes('src/traces/export.ts'), 'OpenTelemetry has a process of its own')
    })
  }

  test("a plan starts with two of Node's own modules: node:tty or node:stream alone would take milliseconds", async () => {
    const later: Plugin = {
      name: 'later',
      setup: ({onResolve}) =>
        onResolve({filter: /\.ts$/}, ({kind, path}) =>
          kind === 'dynamic-import' ? {path, external: true} : undefined,
        ),
    }
    const {metafile} = await build({
      entryPoints: [join(root, 'src/planner.ts')],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'cjs',
      plugins: [later],
      logLevel: 'error',
    })
    const loaded = Object.values(metafile.outputs)
      .flatMap(({imports}) => imports)
      .filter(({kind}) => kind !== 'dynamic-import')
      .map(({path}) => path)
    assert.equal([...new Set(loaded)].sort(), ['node:fs', 'node:path'])
  })

  test('test/ mirrors src/: a file of tests is called after what it tries, or says in its first line what that is', () => {
    const files = readdirSync(join(root, 'test'), {recursive: true, encoding: 'utf8'})
    const strangers = files
      .filter(file => file.endsWith('.test.ts') && !/^(launcher|hooks|support)\//.test(file))
      .filter(file => !source.files.includes(file.replace(/\.test\.ts$/, '.ts')))
      .filter(file => !readFileSync(join(root, 'test', file), 'utf8').startsWith('/**'))
    assert.equal(strangers, [])
    const homeless = files
      .filter(
        file => file.endsWith('.test.ts') && file.includes('/') && !/^(launcher|hooks|support)\//.test(file),
      )
      .filter(file => !existsSync(join(root, 'src', file, '..')))
    assert.equal(homeless, [])
  })

  test('CONTRIBUTING shows the rooms as they are', () => {
    const path = join(root, 'CONTRIBUTING.md')
    const text = readFileSync(path, 'utf8')
    const drawn = text.replace(block, (_, before, __, after) => `${before}${picture()}${after}`)
    assert.match(text, block)
    if (process.env['UPDATE'] === '1') writeFileSync(path, drawn)
    else assert.is(text.match(block)?.[2], picture(), 'draw it anew: UPDATE=1 npm test -- imports')
    console.log(figures())
  })

  test('CONTRIBUTING names files that are there', () => {
    const named = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(
      /(?<![\w/.-])(?:src|test|config|docs|bin|scripts|hooks)\/[\w./-]*/g,
    )
    const missing = [...named]
      .map(([path]) => path.replace(/[.,]$/, ''))
      .filter(path => !path.includes('NAME') && !existsSync(join(root, path)))
    assert.equal(missing, [])
  })

  test('names say what a thing is', () => {
    const vague = /\b\w*(manager|handler|helper|service)\w*\b|\butils?\b|Utils?\b/i
    const names = source.files.flatMap(file => [
      file,
      ...[...source.text(file).matchAll(/\b(?:function|const|let|type|class) (\w+)/g)].map(
        ([, name]) => name ?? '',
      ),
    ])
    assert.equal(
      names.filter(name => vague.test(name)),
      [],
    )
  })

  test('imports are read in every form', () => {
    const text = [
      "import {a} from './a.ts'",
      "import {type B, c} from './b.ts'",
      "import {type D} from './d.ts'",
      "import type {E} from './e.ts'",
      "import * as f from './f.ts'",
      "import './g.ts'",
      "import {\n  type H,\n  type I,\n} from './h.ts'",
      "export {j} from './j.ts'",
      "const k = await import('./k.ts')",
      "let l: typeof import('./l.ts')",
      "import fs from 'node:fs'",
    ].join('\n')
    assert.equal(
      importsIn('room/x.ts', text).map(({to, isType}) => `${to}${isType ? ' type' : ''}`),
      [
        'room/a.ts',
        'room/b.ts',
        'room/d.ts type',
        'room/e.ts type',
        'room/f.ts',
        'room/g.ts',
        'room/h.ts type',
        'room/j.ts',
        'room/k.ts',
        'room/l.ts type',
        'node:fs',
      ],
    )
  })
})

const block = /(<!-- rooms: drawn by `UPDATE=1 npm test -- imports` -->\n```\n)([\s\S]*?)(```\n)/

function figures(): string {
  const next = (file: string) => ours.filter(({from}) => from === file).map(({to}) => to)
  const count = {
    rooms: rooms.length,
    floors: Math.max(...rooms.map(floorOf)),
    arrows: arrows.length,
    upwards: arrows.length - downwards.length,
    circles: circles(source.files, next).length,
  }
  return Object.entries(count)
    .map(([name, number]) => `${number} ${name}`)
    .join(', ')
}

/** A line a room, from the top floor down: its floor, and where its arrows go. */
function picture(): string {
  const rows = rooms
    .map(room => ({
      room,
      floor: floorOf(room),
      to: arrows.filter(([from]) => from === room).map(([, to]) => to),
    }))
    .sort((a, b) => b.floor - a.floor || (a.room < b.room ? -1 : 1))
  const lines = rows.map(({room, floor, to}) => {
    const head = `${String(floor).padStart(2)}  ${room.padEnd(10)}`
    const targets = to.sort((a, b) => floorOf(b) - floorOf(a) || (a < b ? -1 : 1)).join(' ')
    return targets === '' ? head.trimEnd() : `${head} → ${targets}`
  })
  return `${figures()}\n\nfloor, room → rooms that it imports\n${lines.join('\n')}\n`
}
