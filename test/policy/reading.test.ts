/** What a repository may put in the place of a policy: nothing hangs, nothing leaks, and what cannot be read is no policy to build under. */
import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {findPolicy} from '../../src/policy/find.ts'
import {describeOrigin} from '../../src/policy/policy.ts'
import {isUsageError} from '../../src/system/errors.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {emptyRepository, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

type Place = {folder: string; outside: string}

/** Who sets `cache` in a repository that `make` fills, or the complaint and its hint; folders' names are taken out. */
async function cacheOf(make: (place: Place) => void, at = ''): Promise<string> {
  return await withTemporary(async base => {
    const place = {folder: join(base, 'r'), outside: join(base, 'outside')}
    writeFiles(place.folder, emptyRepository)
    mkdirSync(place.outside)
    make(place)
    const told = (text: string) => text.replaceAll(`${place.folder}/`, '').replaceAll(base, 'BASE')
    try {
      const {cache} = await findPolicy({...nodeSystem(), env: {}}, join(place.folder, at))
      return told(`${cache.value} by ${describeOrigin(cache.origin)}`)
    } catch (error) {
      if (!isUsageError(error)) throw error
      return told(`${error.message} | ${error.hint}`)
    }
  })
}

const secret = 's3cr3t-token: {[\n'

suite('policy/reading', test => {
  for (const name of ['go.mod', 'go.work', '.git']) {
    test(`a ${name} that is a link to itself is no reason to fail`, async () => {
      const made = await cacheOf(({folder}) => {
        mkdirSync(join(folder, 'm'))
        symlinkSync(name, join(folder, 'm', name))
      }, 'm')
      assert.is(made, 'refuse by the default')
    })
  }

  for (const name of ['.gowardenrc.yaml', '.gowardenrc.yml', '.gowardenrc.json', 'package.json']) {
    const refused: [what: string, make: (place: Place, path: string) => void, message: RegExp][] = [
      [
        'a link to nothing',
        (_, path) => symlinkSync('missing/policy.yaml', path),
        /: a link to nothing \| see where it leads: ls -l /,
      ],
      ['a link to itself', (_, path) => symlinkSync(path, path), /: a link to nothing /],
      ['a FIFO', (_, path) => execFileSync('mkfifo', [path]), /: not a regular file, /],
      ['a link to a device', (_, path) => symlinkSync('/dev/zero', path), /: a link that leads outside of /],
      [
        'a link out of the repository',
        ({outside}, path) => {
          writeFileSync(join(outside, 'secret'), secret)
          symlinkSync(join(outside, 'secret'), path)
        },
        /: a link that leads outside of /,
      ],
    ]
    for (const [what, make, message] of refused) {
      test(`${name}: ${what} is refused, and nothing of it shown`, async () => {
        const told = await cacheOf(place => make(place, join(place.folder, name)))
        assert.match(told, message)
        assert.ok(told.startsWith(name), told)
        assert.not.match(told, 's3cr3t')
      })
    }
  }

  const cases: [what: string, make: (place: Place) => void, expected: RegExp | string, at?: string][] = [
    [
      'a directory',
      ({folder}) => mkdirSync(join(folder, '.gowardenrc.yaml')),
      /^\.gowardenrc\.yaml: a directory, where/,
    ],
    [
      'a directory called package.json',
      ({folder}) => mkdirSync(join(folder, 'package.json')),
      'refuse by the default',
    ],
    [
      'a link within the repository',
      ({folder}) => {
        writeFiles(folder, {'policy/base.yaml': 'cache: isolate\n'})
        symlinkSync('policy/base.yaml', join(folder, '.gowardenrc.yaml'))
      },
      'isolate by .gowardenrc.yaml:1',
    ],
    [
      'a valid one before one that hangs',
      ({folder}) => {
        writeFiles(folder, {'.gowardenrc.yaml': 'cache: isolate\n'})
        symlinkSync('/dev/zero', join(folder, '.gowardenrc.yml'))
      },
      /there is also \.gowardenrc\.yml/,
    ],
    [
      'an extended device',
      ({folder}) => {
        writeFiles(folder, {'.gowardenrc.yaml': 'extends: ./zero.yaml\n'})
        symlinkSync('/dev/zero', join(folder, 'zero.yaml'))
      },
      /^\.gowardenrc\.yaml:1: extends \.\/zero\.yaml, which lies outside of /,
    ],
    [
      'an extended FIFO',
      ({folder}) => {
        writeFiles(folder, {'.gowardenrc.yaml': 'extends: ./fifo.yaml\n'})
        execFileSync('mkfifo', [join(folder, 'fifo.yaml')])
      },
      /^\.gowardenrc\.yaml:1: extends \.\/fifo\.yaml: not a regular file, /,
    ],
    [
      'a package that is a link out of the repository',
      ({folder, outside}) => {
        writeFiles(outside, {'.gowardenrc.yaml': secret})
        writeFiles(folder, {'.gowardenrc.yaml': 'extends: evil\n', 'node_modules/.keep': ''})
        symlinkSync(outside, join(folder, 'node_modules/evil'))
      },
      /leads outside of|lies outside of/,
    ],
    [
      'a package that is a link within it, as of a workspace',
      ({folder}) => {
        writeFiles(folder, {
          '.gowardenrc.yaml': 'extends: ours\n',
          'packages/ours/.gowardenrc.yaml': 'cache: isolate\n',
          'node_modules/.keep': '',
        })
        symlinkSync('../packages/ours', join(folder, 'node_modules/ours'))
      },
      'isolate by node_modules/ours/.gowardenrc.yaml:1',
    ],
    [
      '65 kB',
      ({folder}) => writeFiles(folder, {'.gowardenrc.yaml': `# ${'x'.repeat(65 * 1024)}\n`}),
      /: longer than 64 kB \| /,
    ],
    [
      '64 kB',
      ({folder}) => writeFiles(folder, {'.gowardenrc.yaml': `cache: isolate\n#${'x'.repeat(65_520)}`}),
      'isolate by .gowardenrc.yaml:1',
    ],
    [
      'a package.json of 600 kB without the key',
      ({folder}) =>
        writeFiles(folder, {
          'package.json': JSON.stringify({name: 'gowarden', list: Array(60_000).fill('gowarden')}),
        }),
      'refuse by the default',
    ],
    [
      'a package.json of 600 kB with it',
      ({folder}) =>
        writeFiles(folder, {
          'package.json': JSON.stringify(
            {list: Array(60_000).fill('gowarden'), gowarden: {cache: 'isolate'}},
            null,
            1,
          ),
        }),
      'isolate by package.json:60005',
    ],
    [
      'a package.json that JSON refuses, without the key',
      ({folder}) => writeFiles(folder, {'package.json': '{\n  "name": "{{ .Name }}",\n  // gowarden\n}\n'}),
      'refuse by the default',
    ],
    [
      'a package.json that JSON refuses, with it',
      ({folder}) => writeFiles(folder, {'package.json': '{\n"gowarden": {cache: share}}'}),
      /^package\.json: not JSON \| /,
    ],
    [
      'a diamond of 25 layers',
      ({folder}) => {
        const layers = Array.from({length: 25}, (_, at) => [
          `n${at}.yaml`,
          `extends: [./n${at + 1}.yaml, ./n${at + 1}.yaml]\n`,
        ])
        writeFiles(folder, {
          ...Object.fromEntries(layers),
          'n25.yaml': 'cache: isolate\n',
          '.gowardenrc.yaml': 'extends: ./n0.yaml\n',
        })
      },
      'isolate by n25.yaml:1',
    ],
    [
      'a chain of 33 files',
      ({folder}) => {
        const layers = Array.from({length: 32}, (_, at) => [`n${at}.yaml`, `extends: ./n${at + 1}.yaml\n`])
        writeFiles(folder, {
          ...Object.fromEntries(layers),
          'n32.yaml': '',
          '.gowardenrc.yaml': 'extends: ./n0.yaml\n',
        })
      },
      /^n30\.yaml:1: extends \.\/n31\.yaml: the policy is made of more than 32 files/,
    ],
    [
      'nested without end',
      ({folder}) => writeFiles(folder, {'.gowardenrc.yaml': '['.repeat(60_000)}),
      /^\.gowardenrc\.yaml/,
    ],
    [
      'aliases of aliases',
      ({folder}) => {
        const lines = Array.from(
          {length: 12},
          (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`)}]\n`,
        )
        writeFiles(folder, {'.gowardenrc.yaml': `a0: &a0 x\n${lines.join('')}`})
      },
      /^\.gowardenrc\.yaml: not a policy/,
    ],
    [
      'many items',
      ({folder}) =>
        writeFiles(folder, {
          '.gowardenrc.yaml': `cache: isolate\nflags:\n  deny:\n${'    - -x\n'.repeat(7000)}`,
        }),
      'isolate by .gowardenrc.yaml:1',
    ],
    [
      'an empty folder called .git',
      ({folder}) => {
        writeFiles(folder, {'.gowardenrc.yaml': 'cache: isolate\n', 'sub/go.mod': 'module x\n'})
        mkdirSync(join(folder, 'sub/.git'))
      },
      'isolate by .gowardenrc.yaml:1',
      'sub',
    ],
    [
      'a file called .git that names no repository',
      ({folder}) => writeFiles(folder, {'.gowardenrc.yaml': 'cache: isolate\n', 'sub/.git': 'nothing\n'}),
      'isolate by .gowardenrc.yaml:1',
      'sub',
    ],
    [
      'a submodule, or a work tree: a file that names one',
      ({folder}) =>
        writeFiles(folder, {
          '.gowardenrc.yaml': 'cache: isolate\n',
          'sub/.git': 'gitdir: ../.git/modules/sub\n',
        }),
      'refuse by the default',
      'sub',
    ],
    [
      'a folder behind a link counts by its real path',
      ({folder, outside}) => {
        writeFiles(folder, {'.gowardenrc.yaml': 'cache: isolate\n', 'sub/go.mod': 'module x\n'})
        symlinkSync(join(folder, 'sub'), join(outside, 'link'))
      },
      'isolate by .gowardenrc.yaml:1',
      '../outside/link',
    ],
  ]
  for (const [what, make, expected, at] of cases) {
    test(what, async () => {
      const told = await cacheOf(make, at)
      if (typeof expected === 'string') assert.is(told, expected)
      else assert.match(told, expected)
      assert.not.match(told, 's3cr3t')
    })
  }

  for (const [name, text] of [
    ['.gowardenrc.yaml', '{s3cr3t: [\n'],
    ['.gowardenrc.yaml', 's3cr3t: "\\q s3cr3t"\n'],
    ['.gowardenrc.yaml', '%s3cr3t s3cr3t\n---\n- [s3cr3t\n'],
    ['.gowardenrc.yaml', 'a: *s3cr3t\n'],
    ['.gowardenrc.yaml', 'a: !s3cr3t x\n@s3cr3t\n'],
    ['.gowardenrc.yaml', 's3cr3t\n'],
    ['.gowardenrc.json', 's3cr3t\n'],
    ['.gowardenrc.json', '{"a": s3cr3t}\n'],
  ] as const) {
    test(`nothing is quoted of what does not parse: ${name}, ${JSON.stringify(text)}`, async () => {
      const told = await cacheOf(({folder}) => writeFiles(folder, {[name]: text}))
      assert.ok(told.startsWith(name), told)
      assert.not.match(told, 's3cr3t')
    })
  }

  test.unless(
    process.geteuid?.() === 0 ? 'root may read everything' : undefined,
    'a file that may not be read',
    async () => {
      const told = await cacheOf(({folder}) => {
        writeFiles(folder, {'.gowardenrc.yaml': ''})
        chmodSync(join(folder, '.gowardenrc.yaml'), 0)
      })
      assert.match(
        told,
        /^\.gowardenrc\.yaml: reading the policy: permission denied \| make it readable: chmod \+r /,
      )
    },
  )
})
