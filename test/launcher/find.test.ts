/** Which go the launcher runs: the first on PATH behind its own folder, never itself, and never without end. */
import {chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {heard, makeFakeGo, makeGo, makeTellingGo, placeLauncher} from '../support/fake-go.ts'
import {machine, root, tiny} from '../support/rig.ts'
import {
  anyShell,
  type EndedBytes,
  nobody,
  noNobody,
  runBytes,
  shells,
  withWarmRig,
} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

/** Runs the launcher in `own`, or the one that `launcher` names below the folder. */
type Run = (path: string, more?: More) => Promise<EndedBytes>
type More = {launcher?: string; words?: string[]; env?: Record<string, string>; user?: number}

/** PATH entries by folder; a name that starts with "./" or is empty goes in as it stands. */
function entries(at: string, names: readonly string[]): string {
  return names.map(name => (/^(\.|$|\/)/.test(name) ? name : `${at}/${name}`)).join(':')
}

async function withPlaces(shell: readonly string[], body: (at: string, run: Run) => Promise<void>) {
  await withTemporary(async at => {
    placeLauncher(join(at, 'own'), 'link')
    placeLauncher(join(at, 'link'), 'link')
    placeLauncher(join(at, 'copy'), 'copy')
    mkdirSync(join(at, 'work'))
    mkdirSync(join(at, 'hard'))
    linkSync(join(at, 'copy/go'), join(at, 'hard/go'))
    symlinkSync('own', join(at, 'alias'))
    for (const name of ['first', 'second', 'work/relative', 'odd * [a] \'"$HOME`\\', 'new\nline'])
      makeFakeGo(join(at, name))
    makeFakeGo(join(at, 'plain'))
    chmodSync(join(at, 'plain/go'), 0o644)
    mkdirSync(join(at, 'directory/go'), {recursive: true})
    mkdirSync(join(at, 'empty'))
    symlinkSync('nowhere', join(at, 'empty/go'))
    makeFakeGo(join(at, 'work'))
    const [program = '', ...shellWords] = shell
    await body(at, (path, more = {}) =>
      runBytes(
        program,
        [...shellWords, `${at}/${more.launcher ?? 'own/go'}`, ...(more.words ?? ['version', 'x'])],
        {
          cwd: join(at, 'work'),
          env: {...more.env, PATH: path},
          user: more.user,
        },
      ),
    )
  })
}

/** The words of PATH, and the folder whose go runs. */
const found: [name: string, path: string[], folder: string, launcher?: string][] = [
  ['the first behind the launcher', ['own', 'first', 'second'], 'first'],
  ['not a go in front of the launcher', ['first', 'own', 'second'], 'second'],
  ['the first of all when the launcher is not on PATH', ['first', 'second'], 'first'],
  ['not a link to the launcher', ['own', 'link', 'first'], 'first'],
  ['not a link to the launcher, which is not on PATH', ['link', 'first'], 'first'],
  ['not a copy of the launcher', ['own', 'copy', 'first'], 'first'],
  ['not a copy of the launcher, which is not on PATH', ['copy', 'hard', 'first'], 'first'],
  ['not a hard link to the launcher', ['copy', 'hard', 'first'], 'first', 'copy/go'],
  ['not the launcher under another name of its folder', ['alias', 'own', 'first'], 'first', 'alias/go'],
  ['behind its own folder when that stands twice', ['own', 'first', 'own', 'second'], 'first'],
  ['behind a second gowarden', ['own', 'copy', 'first'], 'first'],
  ['behind a second gowarden that stands in front', ['copy', 'own', 'first'], 'first'],
  ['behind a second gowarden, which is asked', ['own', 'copy', 'first'], 'first', 'copy/go'],
  ['behind two gowardens, the first of which is asked', ['copy', 'own', 'first'], 'first', 'copy/go'],
  ['behind its own folder written with a slash', ['first', 'own/', 'second'], 'second'],
  ['behind its own folder, called with a slash too many', ['first', 'own/', 'second'], 'second', 'own//go'],
  ['in a folder written with a slash', ['own', 'first/', 'second'], 'first/'],
  ['not in a relative folder', ['own', './relative', 'first'], 'first'],
  ['not in the working directory', ['own', '.', 'first'], 'first'],
  ['not in an empty entry', ['own', '', 'first'], 'first'],
  ['not in an empty entry at the start', ['', 'own', 'first'], 'first'],
  ['behind an empty entry at the start, when the launcher is not on PATH', ['', 'first', ''], 'first'],
  ['not a file that is not executable', ['own', 'plain', 'first'], 'first'],
  ['not a directory', ['own', 'directory', 'first'], 'first'],
  ['not a link to nowhere', ['own', 'empty', 'first'], 'first'],
  ['not in a folder that is not there', ['own', 'absent', 'first'], 'first'],
  ['in a folder with an odd name', ['own', 'odd * [a] \'"$HOME`\\', 'first'], 'odd * [a] \'"$HOME`\\'],
  ['in a folder with a line break', ['own', 'new\nline', 'first'], 'new\nline'],
]

/** PATHs on which no go stands behind the launcher. */
const notFound: [name: string, path: string[]][] = [
  ['an empty PATH', []],
  ['the launcher alone', ['own']],
  ['a go in front of the launcher only', ['first', 'own']],
  ['launchers only', ['own', 'link', 'copy', 'hard']],
  ['relative folders only', ['own', './relative', '.', '']],
  ['a go that is not executable', ['own', 'plain']],
]

/** What GOWARDEN_VIA may hold without changing which go runs. */
const strangeVias = [
  '',
  ' ',
  'x',
  '1',
  '1 2',
  '1 2 relative/go',
  '-1 1 /x/go',
  '0x10 1 /x/go',
  '1x 1 /x/go',
  '08 1 /x/go',
  '3 1 /x/go',
  '3 1 /x y/go',
  '99999999999999999999 1 /x/go',
  '1\n2 3 /x/go',
]

for (const {name, words, missing} of shells) {
  suite(`launcher/find under ${name}`, test => {
    for (const [what, path, folder, launcher = 'own/go'] of found) {
      test.unless(missing, `runs the go ${what}`, async () => {
        await withPlaces(words, async (at, run) => {
          const ended = await run(entries(at, path), {launcher})
          assert.equal(
            [ended.code, ended.stderr, heard(ended.stdout)],
            [0, '', {go: `${at}/${folder}/go`, words: ['version', 'x']}],
          )
        })
      })
    }

    for (const [what, path] of notFound) {
      test.unless(missing, `exits 127 with ${what}`, async () => {
        await withPlaces(words, async (at, run) => {
          const ended = await run(entries(at, path))
          assert.equal([ended.code, ended.stdout], [127, ''])
          assert.ok(
            ended.stderr.startsWith(`gowarden: error: no go on PATH behind ${at}/own\n`),
            ended.stderr,
          )
          assert.match(ended.stderr, /^gowarden: hint: .*export PATH=/m)
        })
      })
    }

    for (const via of strangeVias) {
      test.unless(missing, `GOWARDEN_VIA=${JSON.stringify(via)} changes nothing`, async () => {
        await withPlaces(words, async (at, run) => {
          const ended = await run(entries(at, ['own', 'first']), {env: {GOWARDEN_VIA: via}})
          assert.equal([ended.code, ended.stderr, heard(ended.stdout)?.go], [0, '', `${at}/first/go`])
        })
      })
    }

    test.unless(
      missing,
      'a nested command with an empty PATH runs the go that the outer one found',
      async () => {
        await withPlaces(words, async (at, run) => {
          const ended = await run('', {env: {GOWARDEN_VIA: `1 1 ${at}/second/go`}})
          assert.equal([ended.code, ended.stderr, heard(ended.stdout)?.go], [0, '', `${at}/second/go`])
        })
      },
    )

    // A shim that finds its go on PATH finds the launcher again.
    for (const [what, again] of [
      ['by name', 'go'],
      ['by path', 'LAUNCHER'],
    ] as const) {
      test.unless(
        missing,
        `behind shims that hand over to the launcher ${what}, the next go runs`,
        async () => {
          await withPlaces(words, async (at, run) => {
            const lines = `exec ${again === 'go' ? 'go' : `'${at}/own/go'`} "$@"`
            makeGo(join(at, 'shim'), lines)
            makeGo(join(at, 'other shim'), lines)
            const one = await run(entries(at, ['own', 'shim', 'first', 'second']))
            assert.equal([one.code, one.stderr, heard(one.stdout)?.go], [0, '', `${at}/first/go`])
            const two = await run(entries(at, ['own', 'shim', 'other shim', 'second']))
            assert.equal([two.code, two.stderr, heard(two.stdout)?.go], [0, '', `${at}/second/go`])
          })
        },
      )
    }

    test.unless(missing, 'a shim that hands over to the launcher, with no go behind it', async () => {
      await withPlaces(words, async (at, run) => {
        const shim = makeGo(join(at, 'shim'), `exec '${at}/own/go' "$@"`)
        const ended = await run(entries(at, ['own', 'shim']))
        assert.equal([ended.code, ended.stdout], [1, ''])
        assert.ok(ended.stderr.includes(`${at}/own/go runs ${shim}`), ended.stderr)
        assert.match(ended.stderr, /^gowarden: hint: /m)
      })
    })

    test.unless(missing, 'a shim that starts the launcher over and over is stopped', async () => {
      await withPlaces(words, async (at, run) => {
        const shim = makeGo(join(at, 'shim'), counting(at, `'${at}/own/go' "$@"\nexit $?`))
        const ended = await run(entries(at, ['own', 'shim', 'first']))
        assert.equal([ended.code, ended.stdout], [1, ''])
        assert.ok(ended.stderr.includes(`${at}/own/go and ${shim} run each other without end`), ended.stderr)
        assert.equal(ended.stderr.match(/error:/g)?.length, 1)
        assert.ok(countOf(at) < 60, `the shim ran ${countOf(at)} times`)
      })
    })

    test.unless(missing ?? noNobody, 'a go that the user may run but not read is no launcher', async () => {
      await withPlaces(words, async (at, run) => {
        mkdirSync(join(at, 'closed'))
        copyFileSync(join(machine.goroot, 'bin/go'), join(at, 'closed/go'))
        chmodSync(join(at, 'closed/go'), 0o711)
        chmodSync(at, 0o755)
        const ended = await run(entries(at, ['own', 'copy', 'closed', 'first']), {
          words: ['version'],
          env: {GOROOT: machine.goroot},
          user: nobody,
        })
        assert.equal([ended.code, ended.stderr], [0, ''])
        assert.match(ended.stdout, /^go version /)
      })
    })
  })
}

/** Lines for a shim that counts its runs, and stops on its own where a launcher would not stop it. */
function counting(at: string, lines: string): string {
  return `PATH=/usr/bin:/bin:$PATH
echo >>'${at}/runs'
[ "$(wc -l <'${at}/runs')" -lt 100 ] || exit 99
PATH=\${PATH#/usr/bin:/bin:}
${lines}`
}

function countOf(at: string): number {
  return existsSync(join(at, 'runs')) ? readFileSync(join(at, 'runs'), 'utf8').length : 0
}

suite('launcher/find, with a plan to make', test => {
  /** Each makes the planner's own `go env` come back to the launcher, which may need a plan to answer it. */
  const shims = {
    'hands over to the launcher': `exec '${root}/bin/go' "$@"`,
    'starts the launcher': `'${root}/bin/go' "$@"\nexit $?`,
  }
  for (const [what, lines] of Object.entries(shims)) {
    for (const isolated of [false, true]) {
      test(`a shim that ${what}${isolated ? ', with a cache of its own' : ''}`, async () => {
        await withWarmRig(async rig => {
          rig.write(tiny)
          makeGo(join(rig.folder, 'shim'), counting(rig.folder, lines))
          const telling = makeTellingGo(join(rig.folder, 'telling'))
          const env = {
            PATH: `${root}/bin:${rig.folder}/shim:${telling}:${rig.env['PATH']}`,
            ...(isolated ? {GOWARDEN_CACHE: 'isolate'} : {}),
          }
          const ended = await rig.go(['list', '.'], {env, shell: anyShell})
          assert.ok(countOf(rig.folder) < 100, `the shim ran ${countOf(rig.folder)} times`)
          if (what === 'starts the launcher') {
            assert.equal([ended.code, ended.stdout], [1, ''])
            assert.match(ended.stderr, /run each other without end/)
          } else {
            const {go, words} = heard(ended.stdout) ?? {go: '', words: []}
            assert.equal([ended.code, ended.stderr, go], [0, '', `${telling}/go`])
            assert.match(words.join('\n'), /^list\n-gcflags=all=-env=ToolchainHash=\S+\n\.$/)
          }
        })
      })
    }
  }

  test('a shim that answers go env with nonsense is no ground to build on, nor to report success', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const shim = join(rig.folder, 'shim')
      for (const answer of ['echo nonsense', 'echo {}', ':', 'exit 0']) {
        makeGo(shim, `case $1 in env) ${answer} ;; *) : >'${rig.work}/ran' ;; esac`)
        const ended = await rig.go(['build', '.'], {env: {PATH: `${root}/bin:${shim}:${rig.env['PATH']}`}})
        assert.is.not(ended.code, 0, answer)
        assert.match(ended.stderr, /gowarden: error: /, answer)
        assert.not(existsSync(join(rig.work, 'ran')), answer)
      }
    })
  })
})
