/**
 * Every hint of every finding, pasted as it stands: in each mode the finding is gone afterwards, and nothing is lost that the
 * finding is not about. A code is a row of `rows`, or says in `withoutHint` why it has none.
 */
import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import type {VerifyCode} from '../../src/findings/facts-of-verify.ts'
import {verifyLevels} from '../../src/findings/levels.ts'
import type {Setting} from '../../src/policy/policy.ts'
import type {VerifyPolicy} from '../../src/verify/policy.ts'
import type {Judged} from '../../src/verify/probes/snapshot.ts'
import type {VerifyResult} from '../../src/verify/result.ts'
import {suite} from '../support/suite.ts'
import {commitAll, edit, put, stageAll, tampers, targets} from '../support/tampers.ts'
import {git, makeTrees, type TreeName, treeEnv, withTree, writeFiles} from '../support/vendored.ts'
import {found, storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced', 'workspace', 'vendor.mod'])
const units = 'vendor/github.com/docker/go-units'
const wrong = `h1:${'A'.repeat(42)}E=`

type Mode = 'worktree' | 'staged' | 'commit' | 'range'
const allModes: Mode[] = ['worktree', 'staged', 'commit', 'range']

/** `found` is a code that must be found first; `tree` is replaced, unless it says otherwise. */
type Row = {
  name: string
  found: VerifyCode
  change(directory: string): void
  tree?: TreeName
  modes?: Mode[]
  policy?: VerifyPolicy
  /** Committed before the change. */
  before?(directory: string): void
  /** What stays although the hints were followed, and why the docs say so. */
  remains?: VerifyCode[]
  env?: Record<string, string>
  /** Files that have this content afterwards, in the work tree and in the index. */
  keeps?: Record<string, string>
}

/** Codes of which the hints are run elsewhere. */
const elsewhere: Partial<Record<VerifyCode, string>> = {
  LOCK_OUT_OF_STEP: 'test/lock/',
  VENDOR_EOL: 'test/verify/attributes.test.ts',
}

/** Codes that no command of ours could settle. */
const withoutHint: Partial<Record<VerifyCode, string>> = {
  LOCK_MALFORMED: 'what the lock should say, only a person knows; gowarden lock --help has the rest',
  MOD_MALFORMED: 'go itself says what is wrong with the line, and a person has to write another',
  MOD_OUTSIDE: 'a directory that only one person has cannot be committed by a command',
  VENDOR_NOT_GO: 'go mod vendor would empty what another tool or a person wrote',
  VENDOR_OUTSIDE: 'there is nothing in this repository to compare with',
  WORK_MEMBER_ABSENT: 'whether the use line or the directory is wrong, only a person knows',
}

const unitsLine = /^(\S*docker\/go-units v\S+ )h1:.*\n/m
const rule = (value: 'required' | 'forbidden') => ({levels: {}, toolchainLine: value}) as VerifyPolicy

function extra(...globs: string[]): VerifyPolicy {
  const settings = globs.map((value): Setting<string> => ({value, origin: {kind: 'default'}}))
  return {levels: {}, vendorExtra: settings}
}

const rows: Row[] = [
  {
    name: 'an edited file',
    found: 'VENDOR_EDITED',
    change: directory => edit(directory, `${units}/duration.go`, text => `${text}// x\n`),
  },
  {
    name: 'an added file',
    found: 'VENDOR_ADDED',
    change: directory => put(directory, `${units}/evil.go`, 'package units\n'),
  },
  {
    name: 'a directory of files, and a file',
    found: 'VENDOR_GHOST',
    change: directory => {
      writeFiles(directory, {
        'vendor/example.com/ghost/a.go': 'package ghost\n',
        'vendor/example.com/ghost/LICENSE': '',
      })
      put(directory, `${units}/evil b'.txt`, '')
    },
  },
  {
    name: 'twenty added files',
    found: 'VENDOR_ADDED',
    change: directory => {
      for (let i = 0; i < 20; i++) put(directory, `${units}/x${i}.txt`, '')
    },
  },
  {
    name: 'an executable file',
    found: 'VENDOR_MODE',
    change: directory => chmodSync(join(directory, units, 'duration.go'), 0o755),
  },
  {
    name: 'many executable files',
    found: 'VENDOR_MODE',
    change: directory => {
      const folder = 'vendor/golang.org/x/text/width'
      for (const at of [units, ...(existsSync(join(directory, folder)) ? [folder] : [])])
        for (const name of readdirSync(join(directory, at))) chmodSync(join(directory, at, name), 0o755)
    },
  },
  {
    name: 'a vendored directory that is a link',
    found: 'VENDOR_MODE',
    change: directory => {
      rmSync(join(directory, units), {recursive: true})
      symlinkSync('../../../lib', join(directory, units))
    },
  },
  {
    name: 'vendor is a link',
    found: 'VENDOR_MODE',
    change: directory => {
      rmSync(join(directory, 'vendor'), {recursive: true})
      symlinkSync('lib', join(directory, 'vendor'))
    },
  },
  {
    name: 'modules.txt is a link, or executable',
    found: 'VENDOR_MODE',
    change: directory => {
      chmodSync(join(directory, 'tools/vendor/modules.txt'), 0o755)
      put(directory, 'list', readFileSync(join(directory, 'vendor/modules.txt'), 'utf8'))
      rmSync(join(directory, 'vendor/modules.txt'))
      symlinkSync('../list', join(directory, 'vendor/modules.txt'))
    },
  },
  {
    name: 'a link and an executable file that nobody knows',
    found: 'VENDOR_MODE',
    change: directory => {
      symlinkSync('/etc/passwd', join(directory, units, 'BUILD'))
      put(directory, `${units}/x y.sh`, '')
      chmodSync(join(directory, units, 'x y.sh'), 0o755)
    },
  },
  {
    name: 'a file in the place of a directory, and a directory in the place of a file',
    found: 'VENDOR_MISSING',
    change: directory => {
      rmSync(join(directory, 'vendor/example.com'), {recursive: true})
      put(directory, 'vendor/example.com', '')
      rmSync(join(directory, units, 'duration.go'))
      writeFiles(directory, {[`${units}/duration.go/x.go`]: 'package x\n'})
    },
  },
  {
    name: 'a vendored file that is untracked',
    found: 'VENDOR_MISSING',
    change: directory => git(directory, 'rm', '--cached', '--quiet', `${units}/duration.go`),
    modes: ['staged'],
  },
  {
    name: 'a vendored file that is only intended to be added',
    found: 'VENDOR_MISSING',
    change: directory => {
      git(directory, 'rm', '--cached', '--quiet', `${units}/duration.go`)
      git(directory, 'add', '--intent-to-add', `${units}/duration.go`)
    },
    modes: ['staged'],
  },
  {
    name: 'a vendored file that a rule hides',
    found: 'VENDOR_MISSING',
    change: directory => {
      put(directory, '.gitignore', 'duration.go\n')
      git(directory, 'rm', '--cached', '--quiet', `${units}/duration.go`)
      git(directory, 'add', '.gitignore')
    },
    modes: ['worktree', 'staged'],
  },
  {
    name: 'a line of modules.txt that go would write otherwise',
    found: 'MODULES_TXT_DIFFERS',
    change: directory => edit(directory, 'vendor/modules.txt', text => text.replace('## explicit', '## x')),
  },
  {
    name: 'a version that vendor does not have',
    found: 'VENDOR_INCONSISTENT',
    change: directory =>
      edit(directory, 'go.mod', text =>
        text.replace(
          'github.com/pkg/errors => github.com/pkg/errors v0.9.1',
          'github.com/pkg/errors => github.com/pkg/errors v0.9.0',
        ),
      ),
  },
  {
    name: 'a package that the module does not have',
    found: 'VENDOR_PACKAGE_ABSENT',
    change: directory =>
      edit(directory, 'vendor/modules.txt', text =>
        text.replace('\ngithub.com/docker/go-units\n', '$&github.com/docker/go-units/ghost\n'),
      ),
  },
  {
    name: 'a package that nothing imports any more',
    found: 'VENDOR_PACKAGE_STALE',
    change: directory =>
      edit(directory, 'main.go', text =>
        text.replace('\t"github.com/docker/go-units"\n', '').replace('units.KB', '1'),
      ),
  },
  {
    name: 'a missing line and a package that is not vendored',
    found: 'VENDOR_PACKAGE_MISSING',
    change: directory => {
      edit(directory, 'go.sum', text => text.replace(/^\S*docker\/go-units v\S+\/go\.mod .*\n/m, ''))
      edit(directory, 'main.go', text => text.replace('"fmt"', '"fmt"\n\n\t_ "golang.org/x/text/width"'))
    },
  },
  {
    name: 'vendor without its list',
    found: 'VENDOR_UNLISTED',
    change: directory => rmSync(join(directory, 'tools/vendor/modules.txt')),
  },
  {
    name: 'an attribute by which Git stores another content',
    found: 'VENDOR_EDITED',
    change: directory => {
      put(directory, '.gitattributes', `/${units}/*.go ident\n`)
      edit(directory, `${units}/duration.go`, text => `${text}// $Id: x $\n`)
    },
  },
  {
    name: 'modules that are not in the module cache',
    found: 'VENDOR_UNPROVEN',
    change: () => {},
    env: {
      GOMODCACHE: join(base, 'no modules'),
      GOFLAGS: '-modcacherw',
      GOPROXY: `file://${execFileSync('go', ['env', 'GOMODCACHE'], {env: treeEnv()}).toString().trim()}/cache/download`,
    },
    modes: ['worktree'],
  },
  {
    name: 'a changed hash and an edited file',
    found: 'SUM_CHANGED',
    change: directory => {
      edit(directory, 'go.sum', text => text.replace(/^(\S*docker\/go-units v\S+ h1:)./m, '$1A'))
      edit(directory, 'vendor/example.com/lib/lib.go', text => `${text}// x\n`)
    },
  },
  {
    name: 'a hash that was always wrong',
    found: 'SUM_MISMATCH',
    before: directory => edit(directory, 'go.sum', text => text.replace(unitsLine, `$1${wrong}\n`)),
    change: () => {},
    remains: ['SUM_CHANGED'],
  },
  {
    name: 'conflict markers in go.sum',
    found: 'SUM_CONFLICT',
    change: directory =>
      edit(directory, 'go.sum', text =>
        text.replace(unitsLine, '<<<<<<< ours\n$&=======\n$&>>>>>>> theirs\n'),
      ),
  },
  {
    name: 'a line twice',
    found: 'SUM_DUPLICATE',
    change: directory => edit(directory, 'go.sum', text => text.replace(unitsLine, '$&$&')),
  },
  {
    name: 'a second hash',
    found: 'SUM_TWO_HASHES',
    change: directory => edit(directory, 'go.sum', text => text.replace(unitsLine, `$1${wrong}\n$&`)),
  },
  {
    name: 'a malformed line, and an edited file',
    found: 'SUM_MALFORMED',
    change: directory => {
      edit(directory, 'go.sum', text => text.replace(unitsLine, '$1h1:abc=\n'))
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
    },
  },
  {
    name: 'go.sum is gone',
    found: 'SUM_MISSING',
    change: directory => rmSync(join(directory, 'go.sum')),
  },
  {
    name: 'a line of a version that nobody needs',
    found: 'SUM_SURPLUS',
    change: directory =>
      edit(directory, 'go.sum', text =>
        text.replace(/^(\S*docker\/go-units) v\S+ (h1:.*)\n/m, '$&$1 v0.1.0 $2\n'),
      ),
  },
  {
    name: 'a rule hides go.sum',
    found: 'SUM_IGNORED',
    change: directory => {
      put(directory, 'tools/.gitignore', 'go.sum\n')
      git(directory, 'rm', '--cached', '--quiet', 'tools/go.sum')
      git(directory, 'add', 'tools/.gitignore')
    },
    modes: ['worktree', 'staged'],
  },
  {
    name: 'members that contradict each other',
    found: 'SUM_DISAGREE',
    tree: 'workspace',
    before: directory =>
      edit(directory, 'b/go.sum', text => text.replace(/^(\S*google\/uuid v1\.6\.0 ).*$/m, `$1${wrong}`)),
    change: () => {},
    remains: ['SUM_CHANGED'],
  },
  {
    name: 'a line that only another member has',
    found: 'SUM_BORROWED',
    tree: 'workspace',
    change: directory => {
      edit(directory, 'a/go.sum', text => text.replace(/^\S*google\/uuid v1\.6\.0 .*\n/m, ''))
    },
  },
  {
    name: 'a requirement that nothing imports',
    found: 'MOD_UNTIDY',
    change: directory => {
      edit(directory, 'tools/tools.go', () => 'package tools\n')
    },
  },
  {
    name: 'a requirement that is marked indirect',
    found: 'MOD_UNTIDY',
    change: directory => edit(directory, 'go.mod', text => text.replace('go-units v0.4.0', '$& // indirect')),
  },
  {
    name: 'an import that no requirement provides',
    found: 'MOD_UNTIDY',
    change: directory =>
      writeFiles(directory, {
        'new/go.mod': 'module example.com/new\n\ngo 1.23\n',
        'new/new.go': 'package new\n\nimport _ "github.com/pkg/errors"\n',
      }),
  },
  {
    name: 'a nested module that replaces its parent',
    found: 'MOD_STALE',
    change: directory =>
      writeFiles(directory, {
        'ex/go.mod':
          'module example.com/ex\n\ngo 1.20\n\nrequire example.com/parent v0.0.0\n\nreplace example.com/parent => ../parent\n',
        'ex/ex.go': 'package ex\n\nimport _ "example.com/parent"\n',
        'parent/go.mod': 'module example.com/parent\n\ngo 1.23\n',
        'parent/p.go': 'package parent\n',
      }),
  },
  {
    name: 'a package of its own that a rule hides',
    found: 'PACKAGE_IGNORED',
    change: directory => {
      put(directory, 'inner/.gitignore', '*\n')
      put(directory, 'inner/inner.go', 'package inner\n')
      edit(directory, 'main.go', text => text.replace('"fmt"', '"fmt"\n\n\t_ "example.com/replaced/inner"'))
    },
    modes: ['worktree'],
  },
  {
    name: 'a toolchain line that the policy forbids',
    found: 'TOOLCHAIN_LINE',
    change: directory => {
      edit(directory, 'go.mod', text => text.replace('go 1.23\n', 'go 1.23\n\ntoolchain go1.24.0\n'))
      edit(directory, 'tools/go.mod', text => text.replace('go 1.21\n', 'go 1.21\n\ntoolchain go1.24.0\n'))
    },
    policy: rule('forbidden'),
  },
  {
    name: 'a toolchain line that the policy asks for',
    found: 'TOOLCHAIN_LINE',
    change: () => {},
    policy: rule('required'),
  },
  {
    name: 'a toolchain line that the policy asks for, of a workspace',
    found: 'TOOLCHAIN_LINE',
    tree: 'workspace',
    change: () => {},
    policy: rule('required'),
  },
  {
    name: 'files of another tool, beside an edited one',
    found: 'VENDOR_EDITED',
    change: directory => {
      put(directory, `${units}/BUILD.bazel`, 'tracked\n')
      put(directory, `vendor/BUILD.bazel`, 'at the top\n')
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
    },
    policy: extra('**/BUILD.bazel'),
    keeps: {[`${units}/BUILD.bazel`]: 'tracked\n', 'vendor/BUILD.bazel': 'at the top\n'},
  },
  {
    name: 'many files of another tool, and one of Go that the same rule names',
    found: 'VENDOR_EDITED',
    change: directory => {
      for (let i = 0; i < 12; i++) put(directory, `${units}/B U${i}.txt`, `${i}\n`)
      edit(directory, `${units}/duration.go`, text => `${text}// x\n`)
    },
    policy: extra('vendor/**'),
    keeps: Object.fromEntries(Array.from({length: 12}, (_, i) => [`${units}/B U${i}.txt`, `${i}\n`])),
  },
  {
    name: 'a vendored file whose conflict is resolved and not staged',
    found: 'INDEX_UNMERGED',
    change: directory => {
      const goFile = `${units}/duration.go`
      const [target] = targets
      assert.ok(target)
      tampers.find(({name}) => name === 'unmerged')?.apply(directory, {...target, goFile})
    },
    modes: ['staged'],
  },
  {
    name: 'one file in conflict, another one untracked',
    found: 'VENDOR_MISSING',
    change: directory => {
      const goFile = `${units}/duration.go`
      const [target] = targets
      assert.ok(target)
      git(directory, 'rm', '--cached', '--quiet', `${units}/size.go`)
      tampers.find(({name}) => name === 'unmerged')?.apply(directory, {...target, goFile})
      edit(directory, goFile, text => `<<<<<<< ours\n=======\n>>>>>>> theirs\n${text}`)
    },
    modes: ['staged'],
  },
  {
    name: 'vendor.mod without a go.mod, and an edited file',
    found: 'VENDOR_EDITED',
    tree: 'vendor.mod',
    change: directory => edit(directory, 'vendor/github.com/pkg/errors/errors.go', text => `${text}// x\n`),
  },
  {
    name: 'vendor.mod without a go.mod, and a missing line',
    found: 'SUM_MISSING',
    tree: 'vendor.mod',
    change: directory => edit(directory, 'vendor.sum', text => text.replace(/^\S*pkg\/errors .*\n/m, '')),
  },
]

const judgedOf: Record<Mode, Judged> = {
  worktree: {kind: 'worktree'},
  staged: {kind: 'staged'},
  commit: {kind: 'commit', revision: 'HEAD'},
  range: {kind: 'commit', revision: 'HEAD'},
}

/** What a person has lying about: untracked, hidden by a rule, and changed but not staged. */
const mine = {
  'docs/notes.txt': 'untracked\n',
  'docs/a.secret': 'ignored\n',
  README: 'changed, and not staged\n',
}

function layOut(directory: string): void {
  writeFiles(directory, {'.git/info/exclude': '*.secret\n', ...mine})
}

function hintsOf({findings, next}: VerifyResult): string[] {
  return [
    ...new Set(findings.flatMap(finding => describe(finding).hints)),
    ...(next === undefined ? [] : [next]),
  ]
}

function paste(directory: string, hint: string, env: Record<string, string> = {}): void {
  const ended = spawnSync('sh', ['-c', hint], {
    cwd: directory,
    env: treeEnv({GOSUMDB: 'off', ...env}),
    encoding: 'utf8',
  })
  assert.is(ended.status, 0, `${hint}: ${ended.stderr}`)
}

async function mends(directory: string, {found: code, policy, remains = [], env = {}}: Row, mode: Mode) {
  const options = {
    store: storeIn(base, env['GOMODCACHE'] === undefined ? 'hints' : 'hints without modules'),
    judged: judgedOf[mode],
    env,
    inRange: mode === 'range',
    ...(policy === undefined ? {} : {policy}),
  }
  const first = await verifyTree(directory, options)
  assert.ok(
    first.findings.some(finding => finding.code === code),
    `${mode}: ${found(first)}`,
  )
  const hints = hintsOf(first)
  assert.ok(hints.length > 0 && hints.length <= 5, `${mode}: ${hints.join('\n')}`)
  for (const hint of hints) paste(directory, hint, env)
  const after = await verifyTree(directory, options)
  const left = new Set(after.findings.map(({code}) => code))
  // A hash that was put right on top of the commit that broke it has changed, and that is a warning.
  const mayStay = mode === 'commit' ? [...remains, 'SUM_CHANGED'] : remains
  assert.equal(
    [...left].filter(code => !(mayStay as string[]).includes(code)),
    [],
    `${mode}: ${hints.join('\n')}`,
  )
  assert.ok(
    after.findings.every(({level}) => level !== 'error'),
    `${mode}: ${found(after)}`,
  )
}

/** All modes for the first row of a code; two in turn for the others. */
function modesOf(row: Row, index: number): Mode[] {
  if (row.modes !== undefined) return row.modes
  if (rows.findIndex(({found}) => found === row.found) === index) return allModes
  return index % 2 === 0 ? ['worktree', 'range'] : ['staged', 'commit']
}

suite('verify: hints', test => {
  for (const [index, row] of rows.entries()) {
    const {name, tree = 'replaced'} = row
    const modes = modesOf(row, index)
    test.unless(unavailable, `${row.found}: ${name}: every hint mends, in ${modes.join(', ')}`, () =>
      withTree(base, tree, async directory => {
        put(directory, 'README', 'as committed\n')
        row.before?.(directory)
        commitAll(directory)
        const start = git(directory, 'rev-parse', 'HEAD').trim()
        for (const mode of modes) {
          row.change(directory)
          if (mode === 'staged' && row.modes === undefined) stageAll(directory)
          if (mode === 'commit' || mode === 'range') {
            stageAll(directory)
            git(directory, 'commit', '--quiet', '--allow-empty', '--message=changed')
          }
          layOut(directory)
          await mends(directory, row, mode)
          for (const [path, content] of Object.entries(mine))
            assert.is(readFileSync(join(directory, path), 'utf8'), content, `${mode}: ${path}`)
          const status = git(directory, 'status', '--porcelain', '--', 'docs', 'README')
          assert.is(status, ' M README\n?? docs/\n', mode)
          for (const [path, content] of Object.entries(row.keeps ?? {})) {
            assert.is(readFileSync(join(directory, path), 'utf8'), content, `${mode}: ${path}`)
            assert.is(git(directory, 'show', `:${path}`), content, `${mode}: ${path}`)
          }
          git(directory, 'reset', '--quiet', '--hard', start)
          git(directory, 'clean', '--quiet', '-fdx')
        }
      }),
    )
  }

  test('every code is one of these, is tried elsewhere, or says why it has no hint', () => {
    const tried = new Set<string>(rows.map(({found}) => found))
    for (const code of Object.keys(verifyLevels) as VerifyCode[]) {
      const places = [tried.has(code), elsewhere[code] !== undefined, withoutHint[code] !== undefined]
      assert.is(places.filter(Boolean).length, 1, code)
    }
  })
})
