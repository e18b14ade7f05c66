import * as assert from 'uvu/assert'
import type {Module} from '../../src/go/binary/build-info.ts'
import {type GoModOf, modulesText} from '../../src/inspect/modules.ts'
import {suite} from '../support/suite.ts'

/** `a@v1.0.0` by its name; behind ` => ` what replaces it. */
function module(text: string): Module {
  const [own = '', by] = text.split(' => ')
  const [path = '', version = 'v1.0.0'] = own.split('@')
  const [to = '', toVersion = '(devel)'] = (by ?? '').split('@')
  return by === undefined ? {path, version} : {path, version, replace: {path: to, version: toVersion}}
}

function known(goMods: Record<string, string>): GoModOf {
  return ({path, version}) => goMods[`${path}@${version}`]
}

const require = (...lines: string[]) =>
  `module x\n\nrequire (\n${lines.map(line => `\t${line}\n`).join('')})\n`

type Row = [name: string, main: string, deps: string[], goMods: Record<string, string>, lines: string[]]

const rows: Row[] = [
  [
    'what requires what, each module with its own once',
    'm',
    ['a', 'b', 'c'],
    {
      'm@v1.0.0': require('a v1.0.0', 'b v1.0.0', 'c v1.0.0 // indirect'),
      'a@v1.0.0': require('c v1.0.0', 'gone v1.0.0'),
      'b@v1.0.0': require('a v1.0.0', 'c v0.9.0'),
      'c@v1.0.0': 'module c\n',
    },
    [
      'm@v1.0.0',
      '├─ a@v1.0.0',
      '│  └─ c@v1.0.0',
      '└─ b@v1.0.0',
      '   ├─ a@v1.0.0 *',
      '   └─ c@v1.0.0 (v0.9.0 required) *',
      '3 modules beside the main one; * shown elsewhere',
    ],
  ],
  [
    'the go.mod of a main module without a version is not known',
    'm@(devel)',
    ['a', 'b'],
    {'a@v1.0.0': require('b v1.0.0'), 'b@v1.0.0': ''},
    [
      'm (devel) ?',
      'what the main module requires is not known; of the others, nobody requires:',
      '└─ a@v1.0.0',
      '   └─ b@v1.0.0',
      '2 modules beside the main one',
    ],
  ],
  [
    'of a replaced module counts what replaces it, and a folder may hold anything',
    'm',
    ['a => other@v2.0.0', 'b => ../b', 'c'],
    {'m@v1.0.0': require('a v1.0.0', 'b v1.0.0'), 'other@v2.0.0': require('c v1.0.0'), 'c@v1.0.0': ''},
    [
      'm@v1.0.0',
      '├─ a@v1.0.0 => other@v2.0.0',
      '│  └─ c@v1.0.0',
      '└─ b@v1.0.0 => ../b ?',
      '3 modules beside the main one; ? its go.mod is not in the module cache',
    ],
  ],
  [
    'modules that require each other',
    'm',
    ['a', 'b'],
    {'m@v1.0.0': '', 'a@v1.0.0': require('b v1.0.0'), 'b@v1.0.0': require('a v1.0.0')},
    [
      'm@v1.0.0',
      'required by modules of which no go.mod is known here:',
      '└─ a@v1.0.0',
      '   └─ b@v1.0.0',
      '      └─ a@v1.0.0 *',
      '2 modules beside the main one; * shown elsewhere',
    ],
  ],
  [
    'a go.mod that go refuses is not known',
    'm',
    ['a'],
    {'m@v1.0.0': require('a'), 'a@v1.0.0': ''},
    [
      'm@v1.0.0 ?',
      'what the main module requires is not known; of the others, nobody requires:',
      '└─ a@v1.0.0',
      '1 module beside the main one',
    ],
  ],
  [
    'names that a terminal would obey',
    'm@(devel)\x1b[31m',
    [],
    {},
    ['m@(devel)\\x1b[31m ?', '0 modules beside the main one'],
  ],
]

suite('inspect/modules', test => {
  for (const [name, main, deps, goMods, lines] of rows) {
    test(name, () => {
      const text = modulesText(
        [
          {
            file: 'app',
            kind: 'go',
            format: 'ELF',
            bits: 64,
            goVersion: 'go1.26.8',
            main: module(main),
            deps: deps.map(module),
            settings: [],
            stamp: {kind: 'none'},
            buildId: {kind: 'none'},
          },
        ],
        known(goMods),
      )
      assert.is(text, ['app', ...lines.map(line => `  ${line}`), ''].join('\n'))
    })
  }

  test('a file that is no Go binary has none', () => {
    const text = modulesText([{file: 'x', kind: 'not-go', reason: 'it is a script'}], known({}))
    assert.is(text, 'x\n  no modules are known: it is a script\n')
  })
})
