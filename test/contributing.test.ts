/** CONTRIBUTING.md: what it names is there, and its rules that no test of a room holds. */
import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Happening, isEvent} from '../src/system/happening.ts'
import {switches} from './support/environment.ts'
import {readSource} from './support/imports.ts'
import {root} from './support/rig.ts'
import {suite} from './support/suite.ts'

const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
const places = page.match(/## Where things are\n\n```\n([\s\S]*?)```/)?.[1] ?? ''
const tests = readdirSync(join(root, 'test'), {recursive: true, encoding: 'utf8'})
  .filter(file => file.endsWith('.ts'))
  .map(file => ({file, text: readFileSync(join(root, 'test', file), 'utf8')}))
const source = readSource()

type Tracked = {mode: string; path: string}

/** What Git holds of this folder, which has .git. */
function trackedFiles(): Tracked[] {
  const words = ['-c', 'safe.directory=*', 'ls-files', '-z', '--stage']
  const lines = execFileSync('git', words, {cwd: root, encoding: 'utf8'}).split('\0')
  // 100644 5b1006d1… 0\tbin/gowarden
  return lines.flatMap(line => {
    const [, mode = '', path = ''] = line.match(/^(\d+) \w+ \d\t(.*)$/s) ?? []
    return path === '' ? [] : [{mode, path}]
  })
}

suite('contributing', test => {
  const noGit = existsSync(join(root, '.git')) ? undefined : 'this folder is no clone'

  test.unless(noGit, 'a script is executable in the index, and nothing else is', () => {
    const wrong = trackedFiles().filter(({mode, path}) => {
      if (!mode.startsWith('100') || !existsSync(join(root, path))) return false
      const isScript = readFileSync(join(root, path)).subarray(0, 2).toString() === '#!'
      return isScript !== (mode === '100755')
    })
    assert.equal(wrong, [])
  })

  test.unless(noGit, 'every folder at the top has its line in "Where things are"', () => {
    const folders = trackedFiles().map(({path}) => path.match(/^([^./][^/]*\/)/)?.[1] ?? '')
    const missing = [...new Set(folders)].filter(folder => !`\n${places}`.includes(`\n${folder}`))
    assert.equal(missing, [])
  })

  test('every room has its place in "Where things are", and every place is there', () => {
    const rooms = new Set(source.files.flatMap(file => file.match(/^([^/]+\/)/)?.[1] ?? []))
    const named = [...places.matchAll(/(?<=^| {2}|\/ )[a-z]+\//gm)].map(([place]) => place)
    assert.equal(
      [...rooms].filter(room => !named.includes(room)),
      [],
    )
    assert.equal(
      [...named].filter(
        place => ![root, join(root, 'src'), join(root, 'test')].some(at => existsSync(join(at, place))),
      ),
      [],
    )
  })

  test('a name in backticks is one that the code has', () => {
    const code = [
      ...source.files.map(file => source.text(file)),
      ...tests.map(({text}) => text),
      readFileSync(join(root, 'scripts/build.js'), 'utf8'),
    ].join('\n')
    const names = [
      ...page
        .replace(/```[\s\S]*?```/g, '')
        .matchAll(/`([a-z]\w*[A-Z]\w*|[A-Z]\w*[a-z]\w*(?:\.\w+)?|chunks|shapes|judge|raisable)`/g),
    ].map(([, name = '']) => name)
    assert.ok(names.length > 10)
    assert.equal(
      names.filter(name => !new RegExp(`\\b${name.split('.').at(-1)}\\b`).test(code)),
      [],
    )
  })

  test('a command of npm is a script of package.json, a pattern matches a test, and a switch gets to it', () => {
    const {scripts} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const run = [...page.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name)
    assert.ok(run.length > 4)
    assert.equal(
      run.filter(name => !(name in scripts)),
      [],
    )
    const patterns = [...page.matchAll(/\bnpm test -- ([\w/-]+)/g)].map(([, pattern = '']) => pattern)
    assert.ok(patterns.length > 6)
    assert.equal(
      patterns.filter(
        pattern => !tests.some(({file}) => new RegExp(`${pattern}.*\\.test\\.ts$`).test(`test/${file}`)),
      ),
      [],
    )
    const set = [...page.matchAll(/\b([A-Z]+)=\S+ npm test/g)].map(([, name = '']) => name)
    assert.ok(set.length > 6)
    const read = tests.flatMap(({text}) =>
      [...text.matchAll(/process\.env\['([A-Z]+)'\]/g)].map(([, name = '']) => name),
    )
    const machines = ['PATH', 'GOPROXY']
    assert.equal(
      [...set, ...read].filter(name => !switches.includes(name) && !machines.includes(name)),
      [],
    )
    assert.equal(
      switches.filter(name => !page.includes(`${name}=`)),
      [],
      'a switch that nobody hears of',
    )
  })

  test('a test runs itself, and has no hooks', () => {
    const strangers = tests.filter(
      ({file, text}) => file !== 'support/suite.ts' && /^import\b.* from 'uvu'/m.test(text),
    )
    assert.equal(
      strangers.map(({file}) => file),
      [],
    )
    assert.equal(
      tests
        .filter(({file, text}) => file.endsWith('.test.ts') && !/^\s*suite\(/m.test(text))
        .map(({file}) => file),
      [],
    )
  })

  test('what is over is told by programs and verbs, and a bypass before the command runs', () => {
    const told = source.files.flatMap(file =>
      [...source.text(file).matchAll(/\b(?:tell|appendEvent)\([^{}]*\{\s*kind: '([\w-]+)'/g)].map(
        ([, kind = '']) => ({file, isEvent: isEvent({kind} as Happening)}),
      ),
    )
    const events = told.filter(({isEvent}) => isEvent).map(({file}) => file)
    assert.ok(events.length > 5 && events.length < told.length)
    assert.equal(
      events.filter(file => !/^[\w-]+\.ts$|^verbs\/|^policy\/bypass\.ts$/.test(file)),
      [],
    )
  })

  test('an exported function has a comment, or its file begins with one that says what it does', () => {
    const bare = source.files
      .filter(file => !source.text(file).startsWith('/**'))
      .flatMap(file => {
        const lines = source.text(file).split('\n')
        return lines.flatMap((line, at) => {
          const [, name] = line.match(/^export (?:async )?function\*? ?(\w+)/) ?? []
          const before = lines[at - 1] ?? ''
          // Behind another form of the same function the comment stands once.
          const isCovered = before.endsWith('*/') || before.startsWith(`export function ${name}(`)
          return name === undefined || isCovered ? [] : [`${file}: ${name}`]
        })
      })
    assert.equal(bare, [])
  })

  test('a program is started with a list of arguments, never through a shell', () => {
    const throughShell = /\bshell: true\b|(?<![.\w])exec(?:Sync|aCommand\w*)?\(/
    assert.equal(
      source.files.filter(file => throughShell.test(source.text(file))),
      [],
    )
  })

  test('CHANGELOG says nothing twice, and has each heading of a version once', () => {
    const versions = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m).slice(1)
    assert.ok(versions.length > 0)
    for (const version of versions) {
      const lines = version.split('\n').filter(line => /^(- |### )/.test(line))
      assert.equal(
        lines.filter((line, at) => lines.indexOf(line) !== at),
        [],
      )
      const headings = lines.filter(line => line.startsWith('### '))
      const kinds = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']
      assert.equal(
        headings.filter(line => !kinds.includes(line.slice('### '.length))),
        [],
      )
    }
  })

  test('a wrong call begins with a lower-case letter or a name, and has no period at its end', () => {
    const said = source.files.flatMap(file =>
      [...source.text(file).matchAll(/new (?:UsageError|WorldError)\(\s*(['`])((?:(?!\1)[^\\])*)\1/g)].map(
        ([, , text = '']) => ({file, text}),
      ),
    )
    assert.ok(said.length > 50)
    assert.equal(
      said.filter(({text}) => /^[A-Z][a-z]|[^.]\.$|!$/.test(text)),
      [],
    )
  })
})
