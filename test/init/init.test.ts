/** `gowarden init` in fresh repositories, one for each tool that runs Git hooks, with the real tools. */
import {spawnSync} from 'node:child_process'
import {appendFileSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {contentOf, type Hooked, vendoredFile, withHooked, writeHook} from '../support/hooked.ts'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'

type Tool = {
  name: string
  files: Record<string, string>
  /** What activates the tool in a clone. */
  activate: string[][]
  missing: string | undefined
}

const tools: Tool[] = [
  {name: 'git', files: {}, activate: [], missing: undefined},
  {
    name: 'husky',
    files: {
      'package.json': '{"private": true,\n    "devDependencies": {"husky": "9.1.7"}}\n',
      '.husky/pre-commit': '# ours\nexit 0',
    },
    activate: [[process.execPath, join(root, 'node_modules/husky/bin.js')]],
    missing: undefined,
  },
  {
    name: 'lefthook',
    files: {
      'lefthook.yml':
        '# ours\npre-commit:\n    parallel: false   # as we like it\n    commands:\n        "echo":\n            run: echo {staged_files}\n',
    },
    activate: [['lefthook', 'install']],
    missing: missing('lefthook'),
  },
  {
    name: 'pre-commit',
    files: {
      '.pre-commit-config.yaml': `# ours
repos:
- repo: local   # nothing is fetched
  hooks:
  - {id: echo, name: echo, language: system, entry: echo}
`,
    },
    activate: [['pre-commit', 'install']],
    missing: missing('pre-commit'),
  },
]

function missing(program: string): string | undefined {
  return spawnSync(program, ['--version']).error === undefined ? undefined : `${program} is not on PATH`
}

/** Runs `body` where the tool is active and init has run and is committed. */
async function withInit(tool: Tool, body: (hooked: Hooked) => void): Promise<void> {
  await withHooked(tool.files, hooked => {
    for (const [file = '', ...words] of tool.activate) assert.is(hooked.run(file, ...words).code, 0)
    const {code, output} = hooked.run('gowarden', 'init')
    assert.is(code, 0, output)
    hooked.git('add', '--all')
    const first = hooked.run('git', 'commit', '--message=gowarden')
    assert.is(first.code, 0, first.output)
    body(hooked)
  })
}

suite('gowarden init', test => {
  for (const tool of tools) {
    test.unless(tool.missing, `${tool.name}: an edit of vendor is refused, mended it passes`, async () => {
      await withInit(tool, ({directory, run, git}) => {
        appendFileSync(join(directory, vendoredFile), '// edited\n')
        git('add', '--all')
        const refused = run('git', 'commit', '--message=x')
        assert.is.not(refused.code, 0)
        assert.match(refused.output, `${vendoredFile}: differs from the module it comes from [VENDOR_EDITED]`)
        git('checkout', '--quiet', 'HEAD', '--', 'vendor')
        writeFileSync(
          join(directory, 'main.go'),
          'package main\n\nimport _ "github.com/pkg/errors"\n\nfunc main() {}\n',
        )
        git('add', '--all')
        const mended = run('git', 'commit', '--message=x')
        assert.is(mended.code, 0, mended.output)
      })
    })

    test.unless(tool.missing, `${tool.name}: a vendored file that is deleted is refused`, async () => {
      await withInit(tool, ({run, git}) => {
        git('rm', '--quiet', vendoredFile)
        const refused = run('git', 'commit', '--message=x')
        assert.is.not(refused.code, 0, refused.output)
        assert.match(refused.output, 'VENDOR_MISSING')
      })
    })

    test(`${tool.name}: a second run changes nothing, --remove takes out what the first wrote`, async () => {
      await withHooked(tool.files, ({directory, run}) => {
        const before = contentOf(directory)
        assert.is(run('gowarden', 'init', '--action', 'example/gowarden@v1').code, 0)
        const after = contentOf(directory)
        assert.is.not(after, before)
        assert.match(run('gowarden', 'init', '--action', 'example/gowarden@v1').output, 'nothing to do')
        assert.is(contentOf(directory), after)
        assert.is(run('gowarden', 'init', '--remove').code, 0)
        assert.is(contentOf(directory), before)
        assert.not(existsSync(join(directory, '.github')))
      })
    })

    test(`${tool.name}: --dry-run writes nothing and shows a diff that git apply takes`, async () => {
      await withHooked(tool.files, ({directory, run, git}) => {
        const before = contentOf(directory)
        const {output} = run('gowarden', 'init', '--dry-run')
        assert.is(contentOf(directory), before)
        assert.match(
          output,
          /^\.gowarden\/schema\.json, \d+ kB: the schema of the policy file, for editors$/m,
        )
        assert.ok(output.split('\n').length < 150, 'nobody reads a schema line by line')
        const patch = output.replace(/^--- \/dev\/null\n\+\+\+ b\/\.git\/[\s\S]*?(?=^--- |$(?![\s\S]))/m, '')
        writeFileSync(join(directory, '..', 'patch'), patch)
        git('apply', '--check', '../patch')
      })
    })
  }

  test('every choice of the policy file that init writes can be taken', async () => {
    await withHooked({}, ({directory, run}) => {
      run('gowarden', 'init')
      const file = join(directory, '.gowardenrc.yaml')
      const written = readFileSync(file, 'utf8')
      assert.is(run('gowarden', 'policy').code, 0)
      const chosen = written.replace(/^# (?=[a-z ])(?!yaml-language)/gm, '')
      writeFileSync(file, chosen)
      const {code, output} = run('gowarden', 'policy')
      assert.is(code, 0, output)
      const keys = Object.keys(JSON.parse(readFileSync(join(root, 'config/schema.json'), 'utf8')).properties)
      const missing = keys.filter(key => !new RegExp(`^${key}:`, 'm').test(chosen))
      assert.equal(missing, ['$schema', 'extends'])
    })
  })

  test('a block that somebody changed is left and named', async () => {
    await withHooked({}, ({directory, run}) => {
      run('gowarden', 'init')
      const hook = join(directory, '.git/hooks/pre-commit')
      writeFileSync(hook, readFileSync(hook, 'utf8').replace('exit 1', 'exit 3'))
      const {code, output} = run('gowarden', 'init', '--remove')
      assert.is(code, 1)
      assert.match(output, 'left .git/hooks/pre-commit as it is: its gowarden block was changed since')
      assert.match(readFileSync(hook, 'utf8'), 'exit 3')
    })
  })

  test('in a bare repository nobody is told to make one', async () => {
    await withHooked({}, ({directory, run, git}) => {
      git('clone', '--quiet', '--bare', '.', 'bare.git')
      const {code, output} = run('sh', '-c', 'cd bare.git && gowarden init')
      assert.is(code, 1)
      assert.match(output, /hint: run it where the files are checked out/)
      assert.not(existsSync(join(directory, 'bare.git/.gowardenrc.yaml')))
    })
  })

  test('a policy that a person wrote stays, and that is no failure; line breaks of Windows are not a change', async () => {
    await withHooked({}, ({directory, run}) => {
      const policy = join(directory, '.gowardenrc.yaml')
      run('gowarden', 'init')
      writeFileSync(policy, 'stamp: required\n')
      const {code, output} = run('gowarden', 'init', '--remove')
      assert.is(code, 0, output)
      assert.match(output, 'left .gowardenrc.yaml as it is: you wrote it, or changed it since\n')
      assert.is(readFileSync(policy, 'utf8'), 'stamp: required\n')
      assert.not(existsSync(join(directory, '.git/hooks/pre-commit')))

      rmSync(policy)
      run('gowarden', 'init')
      writeFileSync(policy, readFileSync(policy, 'utf8').replaceAll('\n', '\r\n'))
      assert.is(run('gowarden', 'init', '--remove').code, 0)
      assert.not(existsSync(policy))
    })
  })

  test('a hook that ends early is changed before it ends', async () => {
    await withHooked({}, ({directory, run, git}) => {
      writeHook(directory, '.git/hooks/pre-commit', '#!/bin/sh\nexec true\n')
      assert.match(run('gowarden', 'init').output, 'changed .git/hooks/pre-commit')
      appendFileSync(join(directory, vendoredFile), '// edited\n')
      git('add', '--all')
      assert.is.not(run('git', 'commit', '--message=x').code, 0)
    })
  })

  test('a hook in another language is left and named', async () => {
    await withHooked({}, ({directory, run}) => {
      writeHook(directory, '.git/hooks/pre-commit', '#!/usr/bin/env python3\n')
      const {output} = run('gowarden', 'init')
      assert.match(output, 'left .git/hooks/pre-commit as it is: it is not a shell script')
      assert.match(
        output,
        'next: nothing of .git/hooks/pre-commit was written: let it run gowarden verify --staged\n',
      )
      assert.not.match(output, 'in every clone')
      assert.not.match(output, 'chmod')
    })
  })

  const shared: [name: string, hooks: string[], hint: RegExp, said: string][] = [
    [
      'no hook anywhere',
      [],
      /hint: give this one its own: git config --local core\.hooksPath /,
      'which other repositories use too\n',
    ],
    [
      'samples and other files',
      ['../hooks/pre-commit.sample', '../hooks/helper', '.git/hooks/update'],
      /hint: give this one its own: /,
      'which other repositories use too\n',
    ],
    [
      'hooks in the shared folder',
      ['../hooks/pre-push', '../hooks/commit-msg'],
      /hint: to check without a hook: gowarden verify --staged/,
      'a folder of its own would switch off commit-msg, pre-push\n',
    ],
    [
      'hooks that wait in its own folder',
      ['.git/hooks/post-merge'],
      /hint: to check without a hook: gowarden verify --staged/,
      'a folder of its own would switch on post-merge of ',
    ],
  ]
  for (const [name, hooks, hint, said] of shared) {
    test(`a core.hooksPath outside of the repository, ${name}: it is not written to, and the hint runs what ran`, async () => {
      await withHooked({}, ({directory, run, git}) => {
        const mark = join(directory, '../ran')
        for (const path of hooks)
          writeHook(directory, path, `#!/bin/sh\necho "$0" >>'${mark.replaceAll("'", "'\\''")}'\n`)
        git('config', 'core.hooksPath', join(directory, '../hooks'))
        const before = contentOf(join(directory, '..'))
        const {code, output} = run('gowarden', 'init')
        assert.is(code, 2)
        assert.match(output, /Git's hooks are in .*\/hooks, which other repositories use too/)
        assert.match(output, said)
        assert.match(output, hint)
        assert.is(contentOf(join(directory, '..')), before)
        const [, command = ''] = /: (git config .*)$/m.exec(output) ?? []
        if (command === '') return
        assert.is(run('sh', '-c', command).code, 0)
        assert.match(run('gowarden', 'init').output, 'made .git/hooks/pre-commit')
        appendFileSync(join(directory, vendoredFile), '// edited\n')
        assert.is(run('git', 'commit', '--all', '--message=x').code, 1)
        assert.not(existsSync(mark))
      })
    })
  }

  test('husky, lefthook and pre-commit: what activates them says which hooks it switches off, or what it cannot do', async () => {
    const rows: [
      files: Record<string, string>,
      hooks: string[],
      hooksPath: string | undefined,
      next: string,
    ][] = [
      [{'.husky/commit-msg': ''}, [], undefined, 'next: husky is not active in this clone: npx husky\n'],
      [
        {'.husky/commit-msg': ''},
        ['.git/hooks/pre-push', '.git/hooks/pre-commit'],
        undefined,
        'next: husky is not active in this clone, and then switches off pre-commit, pre-push of .git/hooks: npx husky\n',
      ],
      [{'lefthook.yml': ''}, [], undefined, 'next: lefthook is not active in this clone: lefthook install\n'],
      [
        {'lefthook.yml': ''},
        ['.git/hooks/pre-commit'],
        undefined,
        'next: lefthook is not active in this clone, and then puts .git/hooks/pre-commit aside as pre-commit.old: lefthook install\n',
      ],
      [
        {'lefthook.yml': ''},
        [],
        'ours',
        'where core.hooksPath is set: let ours/pre-commit run lefthook run pre-commit\n',
      ],
      [
        {'.pre-commit-config.yaml': ''},
        [],
        'ours',
        'where core.hooksPath is set: let ours/pre-commit run pre-commit run\n',
      ],
    ]
    for (const [files, hooks, hooksPath, next] of rows) {
      await withHooked(files, ({directory, run, git}) => {
        for (const path of hooks) writeHook(directory, path, '#!/bin/sh\n')
        if (hooksPath !== undefined) git('config', 'core.hooksPath', hooksPath)
        assert.match(run('gowarden', 'init').output, next)
      })
    }
  })

  test('two hook tools: which one has to be said', async () => {
    await withHooked(
      {'lefthook.yml': 'pre-commit: {}\n', '.pre-commit-config.yaml': 'repos: []\n'},
      ({run}) => {
        const {code, output} = run('gowarden', 'init')
        assert.is(code, 2)
        assert.match(output, 'choose: gowarden init --hooks lefthook')
      },
    )
  })

  test('without gowarden a commit of vendor is refused, with what to do; others pass', async () => {
    await withHooked({}, ({directory, run, git}) => {
      run('gowarden', 'init')
      rmSync(join(directory, '../programs/gowarden'))
      writeFileSync(join(directory, 'README'), 'x\n')
      git('add', 'README')
      assert.is(run('git', 'commit', '--message=x').code, 0)
      appendFileSync(join(directory, vendoredFile), '// edited\n')
      git('add', '--all')
      const {code, output} = run('git', 'commit', '--message=x')
      assert.is(code, 1)
      assert.match(output, 'hint: to install it, in the folder of a release: sh install.sh --from .')
      assert.is(run('env', 'GOWARDEN=off', 'git', 'commit', '--message=x').code, 0)
    })
  })

  const husky8: Record<string, string> = {
    'package.json': '{"private": true, "devDependencies": {"husky": "^8.0.3"}}\n',
    // As husky 8's own does: the hook is run again by sh, unless a person switched hooks off.
    '.husky/_/husky.sh':
      '[ -n "$again" ] || { [ "$HUSKY" = 0 ] && exit 0; export again=1; sh -e "$0" "$@"; exit $?; }\n',
  }
  const husky8Hooks: [name: string, files: Record<string, string>][] = [
    ['no hook yet', {}],
    ['a hook', {'.husky/pre-commit': '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\necho mine\n'}],
  ]
  for (const [name, files] of husky8Hooks) {
    test(`husky 8, ${name}: refused once, HUSKY=0 passes, --remove restores`, async () => {
      await withHooked({...husky8, ...files}, ({directory, run, git}) => {
        for (const path of Object.keys(files)) chmodSync(join(directory, path), 0o755)
        const before = contentOf(directory)
        assert.match(
          run('gowarden', 'init').output,
          'next: husky is not active in this clone: npx husky install',
        )
        git('config', 'core.hooksPath', '.husky')
        assert.not(run('gowarden', 'init').output.includes('not active'))
        appendFileSync(join(directory, vendoredFile), '// edited\n')
        git('add', vendoredFile)
        const refused = run('git', 'commit', '--message=x')
        assert.is(refused.code, 1)
        assert.is(refused.output.match(/VENDOR_EDITED/g)?.length, 1)
        git('checkout', '--quiet', 'HEAD', '--', 'vendor')
        assert.is(run('gowarden', 'init', '--remove').code, 0)
        assert.is(contentOf(directory), before)
        run('gowarden', 'init')
        appendFileSync(join(directory, vendoredFile), '// edited\n')
        git('add', vendoredFile)
        assert.is(run('env', 'HUSKY=0', 'git', 'commit', '--message=x').code, 0)
      })
    })
  }

  const stages: [version: string, stage: string][] = [
    ['2.20.0', 'commit'],
    ['3.1.1', 'commit'],
    ['3.2.0', 'pre-commit'],
    ['4.3.0', 'pre-commit'],
  ]
  for (const [version, stage] of stages) {
    test(`pre-commit ${version}: the stage is called ${stage}`, async () => {
      await withHooked(
        {'.pre-commit-config.yaml': 'repos:\n- repo: local\n  hooks: []\n'},
        ({directory, run}) => {
          writeProgram(join(directory, '../programs/pre-commit'), `#!/bin/sh\necho pre-commit ${version}\n`)
          assert.match(run('gowarden', 'init').output, 'pre-commit install --hook-type pre-commit')
          assert.match(
            readFileSync(join(directory, '.pre-commit-config.yaml'), 'utf8'),
            `stages: [${stage}]}\n`,
          )
        },
      )
    })
  }

  test('what verify finds today is said, in order or not, and init itself ends well', async () => {
    await withHooked({}, ({directory, run}) => {
      const clean = run('gowarden', 'init')
      assert.is(clean.code, 0)
      assert.match(clean.output, /^gowarden verify finds today: the work tree: .*: in order$/m)
      appendFileSync(join(directory, vendoredFile), '// edited\n')
      const edited = run('gowarden', 'init')
      assert.is(edited.code, 0)
      assert.match(
        edited.output,
        /^gowarden verify finds today: the work tree: .*: 1 error\nnext: see them: gowarden verify$/m,
      )
      writeFileSync(join(directory, '.gowardenrc.yaml'), 'nope: 1\n')
      const broken = run('gowarden', 'init')
      assert.is(broken.code, 0)
      assert.match(broken.output, /^gowarden verify cannot say what it finds today: /m)
      assert.not(run('gowarden', 'init', '--dry-run').output.includes('today'))
    })
  })

  test('the policy names a schema that is there, for editors', async () => {
    for (const manifest of ['{}', '{"devDependencies": {"gowarden": "*"}}']) {
      await withHooked({'package.json': manifest}, ({directory, run}) => {
        run('gowarden', 'init')
        const policy = readFileSync(join(directory, '.gowardenrc.yaml'), 'utf8')
        const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(policy) ?? []
        if (manifest !== '{}') assert.is(schema, './node_modules/gowarden/config/schema.json')
        else {
          const written = readFileSync(join(directory, schema), 'utf8')
          assert.is(written, readFileSync(join(root, 'config/schema.json'), 'utf8'))
        }
      })
    }
  })
})
