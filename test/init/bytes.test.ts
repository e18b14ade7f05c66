/** `gowarden init` on whatever bytes, links and kinds of files lie where it writes: all of it is left, or kept around a block. */
import {execFileSync, spawnSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import type {Initialized} from '../../src/init/init.ts'
import {init} from '../../src/init/init.ts'
import type {HookTool} from '../../src/init/repository-setup.ts'
import {nodeSystem, pipeChild} from '../../src/system/node.ts'
import {damage, randomFrom} from '../support/random.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

type Repository = {
  top: string
  /** `inside` is the folder that init is called in. */
  run(hooks: HookTool, isRemoval?: boolean, inside?: string): Promise<Initialized>
}

/** An empty repository, and init in it. */
async function withRepository(body: (repository: Repository) => Promise<void>): Promise<void> {
  await withTemporary(async folder => {
    const top = join(folder, 'top')
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
    }
    mkdirSync(top)
    execFileSync('git', ['init', '--quiet', '--template='], {cwd: top, env})
    mkdirSync(join(top, '.git/hooks'))
    const system = {...nodeSystem(), env, pipe: pipeChild}
    const run: Repository['run'] = (hooks, isRemoval = false, inside = '') =>
      init(
        {...system, cwd: join(top, inside)},
        {
          hooks,
          also: hooks === 'git' || hooks === 'husky' ? ['pre-push', 'post-merge'] : [],
          action: undefined,
          isDryRun: false,
          isRemoval,
        },
      )
    await body({top, run})
  })
}

function put(top: string, path: string, content: string | Buffer, mode = 0o644): void {
  const file = join(top, path)
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, content)
  chmodSync(file, mode)
}

function reasonOf({left}: Initialized, path: string): string | undefined {
  return left.find(each => each.path === path)?.reason
}

/** The file each tool reads first. */
const fileOf: Record<HookTool, string> = {
  git: '.git/hooks/pre-commit',
  husky: '.husky/pre-commit',
  lefthook: 'lefthook.yml',
  'pre-commit': '.pre-commit-config.yaml',
}

const latin1 = (text: string) => Buffer.from(text, 'latin1')

/** Amended: all that stood there stands there, around the block. */
const amended: [name: string, tool: HookTool, content: Buffer, mode?: number][] = [
  ['Latin-1 in a comment', 'git', latin1('#!/bin/sh\n# caf\xe9\ntrue\n'), 0o755],
  ['no final newline', 'git', latin1('#!/bin/sh\nexit 0'), 0o755],
  ['no first line that says who runs it', 'git', latin1('true'), 0o755],
  ['a mode that the umask would cut', 'git', latin1('#!/bin/sh\n'), 0o777],
  ['a mode of the owner alone', 'git', latin1('#!/bin/bash -e\n'), 0o700],
  ['CRLF in a later line', 'husky', latin1('#!/bin/sh\ntrue # \r\n'), 0o644],
  [
    'every byte but NUL',
    'husky',
    Buffer.from(
      ['#!/bin/sh\n', ...Array.from({length: 255}, (_, i) => String.fromCharCode(i + 1))].join(''),
      'latin1',
    ),
  ],
  [
    'a byte order mark',
    'lefthook',
    Buffer.from('\ufeffpre-commit:\n  commands:\n    a:\n      run: "true"\n'),
  ],
  ['a byte order mark before another hook', 'lefthook', Buffer.from('\ufeffpre-push:\n  parallel: true\n')],
  ['a byte order mark and nothing', 'lefthook', Buffer.from('\ufeff')],
  ['CRLF', 'lefthook', latin1('pre-commit:\r\n  commands:\r\n    a:\r\n      run: "true"\r\n')],
  ['Latin-1', 'lefthook', latin1('# caf\xe9\npre-commit:\n  commands:\n    caf\xe9:\n      run: "true"\n')],
  [
    'UTF-8 in a key',
    'lefthook',
    Buffer.from('pré: 1\npre-commit:\n  commands:\n    café →:\n      run: "true"'),
  ],
  [
    'an anchor that nothing refers to',
    'lefthook',
    latin1('pre-commit: &all\n  commands: &c\n    a:\n      run: "true"\n'),
  ],
  ['jobs', 'lefthook', latin1('pre-commit:\n  jobs:\n    # caf\xe9\n    - run: "true"\n')],
  ['CRLF and comments', 'pre-commit', latin1('# \xfc\r\nrepos:\r\n- repo: local\r\n  hooks: []\r\n')],
  [
    'an anchor elsewhere',
    'pre-commit',
    latin1('x: &x [a]\nrepos:\n  - repo: local\n    hooks: []\n    exclude: *x'),
  ],
  ...[
    '# EXAMPLE USAGE:\n#\n#   pre-push:\n#     parallel: true\n',
    '\n   \n# no line break at its end',
    '# caf\xe9\r\n#\r\n',
    'pre-commit:\n  commands:\n    a:\n      run: "true"\n# end',
    'pre-commit:\n  commands:\n    a:\n      run: "true"\n  jobs:\n    - run: "true"\n',
    'pre-commit:\n  jobs:\n  -   {name: a, run: "true"}   # as we like it\n  - run: "true"\n',
    'pre-commit:\n  jobs:\n    - group:\n        jobs:\n          - run: "true"\n',
    'pre-commit:\n  jobs: # none\n',
    'pre-commit:\n  scripts:\n    "a.sh":\n      runner: bash\n',
    '"pre-commit":\n\n  # which\n\n  "commands":\n\n    # first\n\n    \'a\':\n      run: |\n        gowarden:\n        b\n',
    '? pre-commit\n: commands:\n    a:\n      run: "true"\n',
    'pre-commit:\t\n  commands:\t# tabs\n    a:\t\n      run:\t"true"\n',
    '# first\n--- # the document\npre-commit:\n  commands:\n    a:\n      run: "true"\n...\n',
    'pre-commit:\n  commands:\r\n    a:\r\n      run: "true"\n',
    '  pre-push:\n    parallel: true',
    'x: &x\n  a:\n    run: "true"\npre-commit:\n  commands:\n    <<: *x\n    b:\n      run: "true"\n',
    '!!map\npre-commit: !!map\n  commands: !!map\n    a: !!map\n      run: !!str true\n',
    '&r\npre-push:\n  parallel: true\n',
    'extends:\n  - a.yml\npre-commit:\n  parallel: true\n  piped: false\n',
  ].map((text): [string, HookTool, Buffer] => [JSON.stringify(text), 'lefthook', latin1(text)]),
  ...[
    '# nothing yet\n',
    'repos:\n- repo: local\n  hooks: []\n# end',
    'repos:\n    # Go\n\n    -   repo: local\n        hooks: []\n',
    'repos:\n  - {repo: local, hooks: []}\n',
    '---\nfail_fast: true\n"repos":\n- "repo": "local"\n  "hooks": []\n...\n',
    'repos: &all\r\n- repo: local\r\n  hooks: []',
    'default_stages: [pre-push]\nrepos:\n- repo: local\n  hooks: []\n',
  ].map((text): [string, HookTool, Buffer] => [JSON.stringify(text), 'pre-commit', latin1(text)]),
]

/** Left as it is, and why. */
const left: [name: string, tool: HookTool, content: Buffer, reason: RegExp][] = [
  ['a program', 'git', readFileSync('/bin/true'), /not text/],
  ['a program', 'husky', readFileSync('/bin/true'), /not text/],
  ['UTF-16', 'lefthook', Buffer.from('\ufeffpre-commit:\n', 'utf16le'), /not text/],
  ['a script in Python', 'git', latin1('#!/usr/bin/python3\n'), /not a shell script/],
  ['a first line without an end', 'git', latin1('#!/bin/sh'), /does not end/],
  ['a script with CRLF', 'husky', latin1('#!/bin/sh\r\ntrue\r\n'), /CRLF/],
  ['a script with a byte order mark', 'git', Buffer.from('\ufeff#!/bin/sh\n'), /byte order mark/],
  ['more than a megabyte', 'git', Buffer.alloc(1_100_000, '#'), /larger than 1 MB/],
  ['no YAML', 'lefthook', latin1('a: [\n'), /not YAML/],
  [
    'two documents',
    'pre-commit',
    latin1('repos:\n- repo: local\n---\nrepos: []\n'),
    /more than one document/,
  ],
  [
    'a second, empty document',
    'lefthook',
    latin1('---\npre-commit:\n  parallel: true\n---\n'),
    /more than one/,
  ],
  ['a list', 'pre-commit', latin1('- repo: local\n  hooks: []\n'), /not a mapping/],
  ['a word', 'lefthook', latin1('hello\n'), /not a mapping/],
  ['the mark of a document', 'lefthook', latin1('---\n'), /marks of a document/],
  ['a directive', 'pre-commit', latin1('%YAML 1.2\n---\n# x\n'), /marks of a document/],
  ['an empty list of repos', 'pre-commit', latin1('repos: []\n'), /inline .* or empty/],
  ['repos and nothing', 'pre-commit', latin1('fail_fast: true\nrepos:\n'), /list of repos is empty/],
  ['no repos', 'pre-commit', latin1('fail_fast: true\n'), /no list of repos/],
  ['repos that are a mapping', 'pre-commit', latin1('repos:\n  a: b\n'), /no list of repos/],
  [
    'pre-commit and nothing',
    'lefthook',
    latin1('pre-commit:\npre-push:\n  parallel: true\n'),
    /pre-commit is empty/,
  ],
  ['commands and nothing', 'lefthook', latin1('pre-commit:\n  commands: ~\n  parallel: true\n'), /are empty/],
  ['commands in empty braces', 'lefthook', latin1('pre-commit:\n  commands: {}\n'), /inline .* or empty/],
  ['jobs in brackets', 'lefthook', latin1('pre-commit:\n  jobs: [{run: "true"}]\n'), /inline .* or empty/],
  [
    'a first job that is an alias',
    'lefthook',
    latin1('x: &x {run: "true"}\npre-commit:\n  jobs:\n    - *x\n'),
    /alias/,
  ],
  [
    'a first job with an anchor',
    'lefthook',
    latin1('pre-commit:\n  jobs:\n    - &x {run: "true"}\n    - *x\n'),
    /line of its own/,
  ],
  [
    'a dash on a line of its own',
    'pre-commit',
    latin1('repos:\n  -\n    repo: local\n    hooks: []\n'),
    /line of its own/,
  ],
  [
    'tabs that indent',
    'lefthook',
    latin1('pre-commit:\n\tcommands:\n\t\ta:\n\t\t\trun: "true"\n'),
    /not YAML: Tabs/,
  ],
  [
    'a key twice',
    'lefthook',
    latin1('pre-commit:\n  parallel: true\npre-commit:\n  parallel: false\n'),
    /not YAML/,
  ],
  [
    'lines that end with CR',
    'lefthook',
    latin1('pre-commit:\r  commands:\r    a:\r      run: "true"\r'),
    /not YAML/,
  ],
  ['braces', 'lefthook', latin1('pre-commit: {commands: {a: {run: "true"}}}\n'), /inline/],
  ['a list in brackets', 'pre-commit', latin1('repos: [{repo: local}]\n'), /inline/],
  [
    'entries that another hook shares',
    'lefthook',
    latin1('pre-commit:\n  commands: &c\n    a:\n      run: "true"\npre-push:\n  commands: *c\n'),
    /anchors or merge keys/,
  ],
  [
    'a hook that is an alias',
    'lefthook',
    latin1('pre-push: &p\n  commands:\n    a:\n      run: "true"\npre-commit: *p\n'),
    /alias/,
  ],
  [
    'entries that are merged in',
    'lefthook',
    latin1('x: &x\n  commands:\n    a:\n      run: "true"\npre-commit:\n  <<: *x\n  parallel: true\n'),
    /anchors or merge keys/,
  ],
  [
    'an entry of the same name',
    'lefthook',
    latin1('pre-commit:\n  commands:\n    gowarden:\n      run: "true"\n'),
    /another entry/,
  ],
  [
    'a thousand aliases',
    'lefthook',
    latin1(
      `a: &a [${'x, '.repeat(50)}x]\nb: &b [${'*a, '.repeat(50)}*a]\nc: [${'*b, '.repeat(50)}*b]\npre-commit:\n  parallel: true\n`,
    ),
    /not YAML that can be read whole/,
  ],
]

suite('gowarden init: bytes', test => {
  for (const [name, tool, content, mode = 0o644] of amended) {
    test(`${tool}, ${name}: kept around the block, and restored`, async () => {
      await withRepository(async ({top, run}) => {
        const file = join(top, fileOf[tool])
        put(top, fileOf[tool], content, mode)
        const {changes} = await run(tool)
        assert.ok(changes.some(({path}) => path === fileOf[tool]))
        assert.ok(isAround(readFileSync(file), content))
        assert.is(statSync(file).mode & 0o7777, mode)
        assert.equal((await run(tool)).changes, [])
        await run(tool, true)
        assert.ok(readFileSync(file).equals(content))
        assert.is(statSync(file).mode & 0o7777, mode)
      })
    })
  }

  const readers = {
    lefthook: {words: ['lefthook', 'dump'], shows: /gowarden\/pre-commit/},
    'pre-commit': {words: ['pre-commit', 'validate-config'], shows: /^/},
  }
  for (const [tool, {words, shows}] of Object.entries(readers)) {
    const [program = '', ...rest] = words
    const isMissing =
      spawnSync(program, ['--version']).error === undefined ? undefined : `${program} is not on PATH`
    test.unless(
      isMissing,
      `${tool} itself reads every file that was amended, if it read it before`,
      async () => {
        await withRepository(async ({top, run}) => {
          let read = 0
          const path = fileOf[tool as HookTool]
          for (const [name, , content] of amended.filter(row => row[1] === tool)) {
            put(top, path, content)
            const ask = () => spawnSync(program, rest, {cwd: top, encoding: 'utf8'})
            if (ask().status !== 0) continue
            await run(tool as HookTool)
            const {status, stdout} = ask()
            assert.is(status, 0, `${name}: ${readFileSync(join(top, path), 'latin1')}`)
            assert.match(stdout, shows, name)
            read++
          }
          assert.ok(read > 4, `${read} files`)
        })
      },
    )
  }

  for (const [name, tool, content, reason] of left) {
    test(`${tool}, ${name}: left and named`, async () => {
      await withRepository(async ({top, run}) => {
        put(top, fileOf[tool], content, 0o755)
        const first = await run(tool)
        assert.match(reasonOf(first, fileOf[tool]) ?? '', reason)
        assert.ok(readFileSync(join(top, fileOf[tool])).equals(content))
        await run(tool, true)
        assert.ok(readFileSync(join(top, fileOf[tool])).equals(content))
      })
    })
  }

  test('lefthook, TOML and JSON: no second configuration is made beside them', async () => {
    for (const name of ['lefthook.toml', '.lefthook.json', '.config/lefthook.json']) {
      await withRepository(async ({top, run}) => {
        put(top, name, '')
        assert.match(reasonOf(await run('lefthook'), name) ?? '', 'init edits YAML only')
        assert.not(existsSync(join(top, 'lefthook.yml')))
      })
    }
  })

  for (const tool of ['git', 'husky', 'lefthook', 'pre-commit'] as const) {
    const path = fileOf[tool]

    test(`${tool}, a link to a file outside: nothing is written there`, async () => {
      await withRepository(async ({top, run}) => {
        writeFileSync(join(top, '../outside'), '#!/bin/sh\n')
        mkdirSync(dirname(join(top, path)), {recursive: true})
        symlinkSync(join(top, '../outside'), join(top, path))
        assert.match(reasonOf(await run(tool), path) ?? '', 'it is a symbolic link out of the repository')
        assert.is(readFileSync(join(top, '../outside'), 'utf8'), '#!/bin/sh\n')
        await run(tool, true)
        assert.ok(lstatSync(join(top, path)).isSymbolicLink())
      })
    })

    test(`${tool}, a link to nothing, to itself, into Git's directory: left and named`, async () => {
      const targets = {
        '../../nothing': 'it is a symbolic link to nothing',
        [path.split('/').at(-1) ?? '']: 'it is a symbolic link to itself',
        TOP: 'it is a symbolic link out of the repository',
      }
      for (const [target, reason] of Object.entries(targets)) {
        await withRepository(async ({top, run}) => {
          mkdirSync(dirname(join(top, path)), {recursive: true})
          const to = target === 'TOP' ? join(top, '.git/config') : target
          symlinkSync(to, join(top, path))
          const before = readFileSync(join(top, '.git/config'), 'utf8')
          assert.match(reasonOf(await run(tool), path) ?? '', reason)
          assert.is(readlinkSync(join(top, path)), to)
          assert.is(readFileSync(join(top, '.git/config'), 'utf8'), before)
        })
      }
    })

    test(`${tool}, a link to a file inside: that file is amended and restored, the link stays`, async () => {
      await withRepository(async ({top, run}) => {
        const content = tool === 'lefthook' || tool === 'pre-commit' ? '' : '#!/bin/sh\n'
        put(top, 'ours/file', content, 0o755)
        mkdirSync(dirname(join(top, path)), {recursive: true})
        symlinkSync(join(top, 'ours/file'), join(top, path))
        await run(tool)
        assert.match(readFileSync(join(top, 'ours/file'), 'utf8'), '>>> gowarden')
        assert.ok(lstatSync(join(top, path)).isSymbolicLink())
        await run(tool, true)
        assert.is(readFileSync(join(top, 'ours/file'), 'utf8'), content)
      })
    })

    test(`${tool}, a directory or a FIFO where the file belongs: left and named`, async () => {
      await withRepository(async ({top, run}) => {
        mkdirSync(join(top, path), {recursive: true})
        assert.is(reasonOf(await run(tool), path), 'it is a directory')
        rmSync(join(top, path), {recursive: true})
        execFileSync('mkfifo', [join(top, path)])
        assert.is(reasonOf(await run(tool), path), 'it is not a regular file')
        await run(tool, true)
        assert.ok(lstatSync(join(top, path)).isFIFO())
      })
    })
  }

  test('husky, its folder is a link out of the repository: nothing is made there', async () => {
    await withRepository(async ({top, run}) => {
      mkdirSync(join(top, '../outside'))
      symlinkSync('../outside', join(top, '.husky'))
      const reason = reasonOf(await run('husky'), '.husky/pre-commit') ?? ''
      assert.match(reason, 'a symbolic link out of the repository')
      assert.equal(readdirSync(join(top, '../outside')), [])
    })
  })

  test('git, its hooks folder is a link out of the repository: nothing is made there', async () => {
    await withRepository(async ({top, run}) => {
      mkdirSync(join(top, '../outside'))
      rmSync(join(top, '.git/hooks'), {recursive: true})
      symlinkSync('../../outside', join(top, '.git/hooks'))
      const refused = await run('git').catch((error: Error) => error.message)
      assert.match(String(refused), 'which other repositories use too')
      assert.equal(readdirSync(join(top, '../outside')), [])
      assert.not(existsSync(join(top, '.gowardenrc.yaml')))
    })
  })

  for (const inside of ['', 'sub']) {
    test(`git, without its hooks folder, as an empty template leaves it: it is made${inside && ', from a folder below'}`, async () => {
      await withRepository(async ({top, run}) => {
        rmSync(join(top, '.git/hooks'), {recursive: true})
        mkdirSync(join(top, 'sub'))
        const outcome = await run('git', false, inside)
        assert.is(reasonOf(outcome, '.git/hooks/pre-commit'), undefined)
        assert.ok(statSync(join(top, '.git/hooks/pre-commit')).mode & 0o100)
        await run('git', true, inside)
        assert.not(existsSync(join(top, '.git/hooks/pre-commit')))
      })
    })
  }

  for (const [tool, folder, path] of [
    ['git', '.git/hooks', '.git/hooks/pre-commit'],
    ['husky', '.husky', '.husky/pre-commit'],
  ] as const) {
    test(`${tool}, ${folder} is a file: left and named`, async () => {
      await withRepository(async ({top, run}) => {
        rmSync(join(top, folder), {recursive: true, force: true})
        put(top, folder, 'mine\n')
        assert.match(reasonOf(await run(tool), path) ?? '', 'is not a directory')
        assert.is(readFileSync(join(top, folder), 'utf8'), 'mine\n')
      })
    })
  }

  test('a policy that is a link: left and named, and its target is not made', async () => {
    await withRepository(async ({top, run}) => {
      symlinkSync('../nothing', join(top, '.gowardenrc.yaml'))
      assert.is(reasonOf(await run('git'), '.gowardenrc.yaml'), 'it is a symbolic link to nothing')
      assert.not(existsSync(join(top, '../nothing')))
    })
  })

  test('a package.json with a byte order mark names its tools all the same; a FIFO is passed over', async () => {
    await withRepository(async ({top, run}) => {
      put(top, 'package.json', '\ufeff{"devDependencies": {"husky": "9", "gowarden": "*"}}')
      const {setup} = await run('git')
      assert.equal([setup.tools, setup.dependsOnGowarden], [['husky'], true])
      rmSync(join(top, 'package.json'))
      execFileSync('mkfifo', [join(top, 'package.json')])
      assert.equal((await run('git')).setup.tools, [])
    })
  })

  test('random bytes, damaged hooks and configurations: kept around a block or left, and restored', async () => {
    const random = randomFrom(12)
    const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T
    const seeds = [...amended, ...left].filter(([, , content]) => content.length < 10_000)
    const tools: HookTool[] = ['git', 'husky', 'lefthook', 'pre-commit']
    let [kept, restored] = [0, 0]
    await withRepository(async ({top, run}) => {
      for (let i = 0; i < 120; i++) {
        const tool = tools[i % tools.length] as HookTool
        const seed = pick(seeds.filter(seed => seed[1] === tool || random(8) === 0))[2]
        let content =
          random(10) === 0 ? Buffer.from(Array.from({length: random(60)}, () => random(256))) : seed
        for (let times = random(4); times > 0 && content.length > 0; times--)
          content = damage(content, random)
        const mode = pick([0o644, 0o755, 0o777, 0o600, 0o444])
        const file = join(top, fileOf[tool])
        put(top, fileOf[tool], content, mode)
        const first = await run(tool)
        const written = readFileSync(file)
        const isLeft = reasonOf(first, fileOf[tool]) !== undefined
        const what = `${i} ${tool} ${JSON.stringify(content.toString('latin1'))}`
        assert.ok(isLeft ? written.equals(content) : isAround(written, content), what)
        assert.equal((await run(tool)).changes, [], what)
        await run(tool, true)
        assert.ok(readFileSync(file).equals(content), what)
        assert.is(statSync(file).mode & 0o7777, mode, what)
        if (isLeft) kept++
        else restored++
        rmSync(file)
      }
    })
    assert.ok(kept > 12 && restored > 12, `${kept} left, ${restored} amended`)
  })
})

/** Whether a file is what was there, with one run of bytes put in. */
function isAround(written: Buffer, before: Buffer): boolean {
  const more = written.length - before.length
  if (more <= 0) return false
  let at = 0
  while (at < before.length && written[at] === before[at]) at++
  return written.subarray(at + more).equals(before.subarray(at))
}
