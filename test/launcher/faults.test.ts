/** A machine that lacks something, and files that are not what they should be: guarded or refused, and never a trace. */
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {corruptions, rewrite} from '../support/corruptions.ts'
import {placeLauncher} from '../support/fake-go.ts'
import {
  type Ended,
  machine,
  type Rig,
  root,
  runProgram,
  tiny,
  withoutWaits,
  writeFiles,
} from '../support/rig.ts'
import {
  anyShell,
  isStamped,
  nobody,
  noNobody,
  noNode,
  runBytes,
  sh,
  shells,
  withWarmRig,
} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {makeTwin, writeProgram} from '../support/twin.ts'

const notRoot = process.geteuid?.() === 0 ? undefined : 'only root may give a file to another user'

/** A stack of Node or a complaint of sh about what it sourced. */
const trace = /^ {4}at |this is a bug|yntax error|unexpected|unterminated|cannot execute|not found$/im

function warnings({stderr}: Pick<Ended, 'stderr'>): number {
  return stderr.match(/^gowarden: warning: /gm)?.length ?? 0
}

/** A build that ended well: stamped, and with nothing said but `warned` warnings. */
function assertStamped(rig: Rig, ended: Ended, warned = 0, binary = join(rig.work, 'out')): void {
  assert.equal([ended.code, ended.stdout, warnings(ended)], [0, '', warned], ended.stderr)
  if (warned === 0) assert.is(withoutWaits(ended.stderr), '')
  assert.not.match(ended.stderr, trace)
  assert.ok(isStamped(binary), 'the binary is not stamped')
  rmSync(binary)
}

/** A command that was refused, in words. */
function assertRefused(rig: Rig, ended: Ended, code: number | undefined, text: RegExp | string): void {
  if (code === undefined) assert.is.not(ended.code, 0)
  else assert.is(ended.code, code, ended.stderr)
  assert.is(ended.stdout, '')
  if (typeof text === 'string') assert.ok(ended.stderr.includes(text), ended.stderr)
  else assert.match(ended.stderr, text)
  assert.not.match(ended.stderr, trace)
  assert.not(existsSync(join(rig.work, 'out')), 'something was built')
}

const build = ['build', '-o', 'out', '.']

/** A shell that is stopped when a command does not come to an end: in /proc, recursive mkdir of Node never returns. */
const bounded = ['timeout', '20', ...anyShell]

/** Every file below a folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/** The one stored plan. */
function storedPlan(store: string): string {
  const [path = ''] = filesBelow(join(store, 'plans'))
  assert.match(path, /=plan-\d+$/)
  return path
}

// ---- Node and the planner -----------------------------------------------------------------------------------------

/** A launcher and a go on a PATH without Node. */
function withoutNode(rig: Rig): {launcher: string; env: Record<string, string>} {
  const own = placeLauncher(join(rig.folder, 'own'), 'link')
  return {launcher: join(own, 'go'), env: {PATH: `${own}:${machine.goroot}/bin`}}
}

/** What stands in Node's place on PATH, as lines of sh. `$2` is the real go, from `$3` on stand the words. */
const brokenNodes: [name: string, lines: string, code?: number][] = [
  ['prints nothing', ':', 70],
  ['prints nothing and fails', 'exit 3', 70],
  ['prints the start of a plan', `echo '# gowarden plan 1'; echo 'set -- version'`, 70],
  ['prints a plan and a word behind it', `echo '# gowarden plan 1'; echo '# end'; echo x`, 70],
  ['prints a word and a plan', `echo x; echo '# gowarden plan 1'; echo '# end'`, 70],
  ['prints the plan of another version', `echo '# gowarden plan 2'; echo '# end'`, 70],
  ['prints a plan and fails', `echo '# gowarden plan 1'; echo '# end'; exit 1`, 70],
  ['prints a plan and is killed', `echo '# gowarden plan 1'; echo '# end'; kill -KILL $$`, 70],
  ['is killed', 'kill -KILL $$', 70],
  ['is terminated', 'kill -TERM $$', 70],
  ['prints bytes that are no text', `printf '\\001\\377\\000x'`, 70],
  ['prints shell text', `echo 'exec "$gowarden_real" version'`, 70],
  ['prints a refusal and succeeds', `echo '# gowarden refused'; echo '# end'`],
  ['is not there after all', 'exit 127'],
  ['cannot be run after all', 'exit 126'],
  ['fails as a bug would, without a word', 'exit 70'],
]

for (const {name, words: shell, missing} of shells) {
  suite(`launcher/faults of Node under ${name}`, test => {
    test.unless(missing ?? noNode, 'without Node a building command is refused', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const {launcher, env} = withoutNode(rig)
        for (const command of ['build', 'install', 'run', 'test', 'vet', 'generate']) {
          const ended = await runProgram(shell[0] ?? '', [...shell.slice(1), launcher, command, '.'], {
            cwd: rig.work,
            env: {...rig.env, ...env},
          })
          assertRefused(
            rig,
            ended,
            127,
            /^gowarden: error: go \w+ needs a plan, and Node, .*nothing was built\n/,
          )
          assert.match(ended.stderr, /^gowarden: hint: install Node/m)
          assert.match(ended.stderr, /^gowarden: hint: .*GOWARDEN=off/m)
        }
        assert.equal(readdirSync(rig.work).sort(), ['go.mod', 'main.go'])
      })
    })

    test.unless(missing, 'without Node everything else passes', async () => {
      await withWarmRig(async rig => {
        rig.write({...tiny, 'below/package.json': '{}\n'})
        const {launcher, env} = withoutNode(rig)
        for (const [folder, ...words] of [
          ['.', 'version'],
          ['.', 'env', 'GOVERSION'],
          ['.', 'mod', 'edit', '-json'],
          ['.', 'help', 'build'],
          ['.', 'fmt', './...'],
          ['.'],
          ['.', 'nosuchcommand'],
          // A folder that may hold a policy.
          ['below', 'env', 'GOVERSION'],
        ]) {
          const options = {cwd: join(rig.work, folder ?? ''), env: {...rig.env, ...env}}
          const ended = await runProgram(shell[0] ?? '', [...shell.slice(1), launcher, ...words], options)
          const bare = await runProgram(join(machine.goroot, 'bin/go'), words, options)
          assert.equal(ended, bare, `in ${folder}: go ${words.join(' ')}`)
        }
      })
    })

    test.unless(missing, 'without Node GOWARDEN=off builds', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const {launcher, env} = withoutNode(rig)
        const ended = await runProgram(shell[0] ?? '', [...shell.slice(1), launcher, ...build], {
          cwd: rig.work,
          env: {...rig.env, ...env, GOWARDEN: 'off'},
        })
        assert.equal([ended.code, ended.stderr], [0, ''])
        assert.not(isStamped(join(rig.work, 'out')))
      })
    })

    test.unless(missing, 'a node on PATH that cannot be run is passed over', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        mkdirSync(join(rig.folder, 'a/node'), {recursive: true})
        writeFiles(join(rig.folder, 'b'), {node: '#!/bin/sh\nexit 1\n'})
        writeFiles(rig.work, {'relative/node': '#!/bin/sh\nexit 1\n'})
        chmodSync(join(rig.work, 'relative/node'), 0o755)
        const PATH = `${root}/bin:${rig.folder}/a:${rig.folder}/b:relative:${rig.env['PATH']}`
        assertStamped(rig, await rig.go(build, {shell, env: {PATH}}))
      })
    })

    test.unless(
      missing,
      'what Node reads at its start is for programs of the user, not for the planner',
      async () => {
        await withWarmRig(async rig => {
          rig.write({
            ...tiny,
            'main.go': `${tiny['main.go']}\n//go:generate sh -c "echo $NODE_OPTIONS $NODE_EXTRA_CA_CERTS"\n`,
            '.gowardenrc.yaml': 'bypass: reason\n',
          })
          const env = {NODE_OPTIONS: '--no-such-option', NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem'}
          assertStamped(rig, await rig.go(build, {shell, env}))
          for (const off of [{}, {GOWARDEN: 'off', GOWARDEN_REASON: 'a test'}]) {
            const ended = await rig.go(['generate'], {shell, env: {...env, ...off}})
            assert.equal([ended.stdout, ended.stderr], ['--no-such-option /nowhere/ca.pem\n', ''])
          }
        })
      },
    )

    for (const [what, lines, code] of brokenNodes) {
      test.unless(missing ?? noNode, `a planner that ${what}`, async () => {
        await withWarmRig(async rig => {
          rig.write(tiny)
          const folder = join(rig.folder, 'broken')
          mkdirSync(folder)
          writeProgram(join(folder, 'node'), `#!/bin/sh\n${lines}\n`)
          const env = {PATH: `${root}/bin:${folder}:${rig.env['PATH']}`}
          assertRefused(
            rig,
            await rig.go(build, {shell, env}),
            code,
            /^gowarden: error: .*nothing was built/m,
          )
        })
      })
    }
  })
}

// ---- home, store and cache -------------------------------------------------------------------------------------------

/** Runs `body` with a file system of its own mounted on a folder; removes the mount afterwards. */
async function withMount(size: string, body: (folder: string) => Promise<void>): Promise<void> {
  await withTemporary(async folder => {
    const mount = (words: string[]) => runProgram('mount', words, {cwd: '/', env: process.env})
    const mounted = await mount(['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', folder])
    assert.is(mounted.code, 0, mounted.stderr)
    try {
      await body(folder)
    } finally {
      const gone = await runProgram('umount', [folder], {cwd: '/', env: process.env})
      assert.is(gone.code, 0, gone.stderr)
    }
  })
}

/** Why nothing can be mounted here; undefined when it can. */
const noMount = await (async () => {
  if (notRoot !== undefined) return 'only root may mount'
  try {
    await withMount('64k', async () => undefined)
    return undefined
  } catch {
    return 'mounting is not allowed here'
  }
})()

/** Homes and cache folders in which nothing can be remembered. */
const unusableStores: [name: string, env: (rig: Rig) => Record<string, string | undefined>][] = [
  ['HOME unset', () => ({HOME: undefined, XDG_CACHE_HOME: undefined})],
  ['HOME empty', () => ({HOME: '', XDG_CACHE_HOME: ''})],
  ['HOME relative', () => ({HOME: 'home', XDG_CACHE_HOME: undefined})],
  ['HOME where nothing can be made', () => ({HOME: '/proc/nobody', XDG_CACHE_HOME: undefined})],
  ['XDG_CACHE_HOME where nothing can be made', () => ({XDG_CACHE_HOME: '/proc/nothing'})],
  [
    'a file in place of XDG_CACHE_HOME',
    rig => {
      rmSync(dirname(rig.store), {recursive: true})
      writeFileSync(dirname(rig.store), '')
      return {}
    },
  ],
  [
    'a file in place of the store',
    rig => {
      rmSync(rig.store, {recursive: true})
      writeFileSync(rig.store, '')
      return {}
    },
  ],
  [
    'a link to nowhere in place of the store',
    rig => {
      rmSync(rig.store, {recursive: true})
      symlinkSync('/proc/nothing', rig.store)
      return {}
    },
  ],
  [
    'a store that others may write in',
    rig => {
      chmodSync(rig.store, 0o777)
      return {}
    },
  ],
]

suite('launcher/faults of home and store', test => {
  for (const [what, change] of unusableStores) {
    test(`${what}: guarded, with one warning`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const env = change(rig)
        const ended = await rig.go(build, {env, shell: bounded})
        assert.match(ended.stderr, /\[STORE_UNUSABLE\]/)
        assertStamped(rig, ended, 1)
      })
    })
  }

  test('a HOME that is not there: guarded', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const env = {HOME: join(rig.folder, 'absent'), XDG_CACHE_HOME: undefined}
      for (const {words: shell, missing} of shells)
        if (missing === undefined) assertStamped(rig, await rig.go(build, {env, shell}))
    })
  })

  test.unless(noMount, 'a store that is full: guarded, with one warning', async () => {
    await withMount('64k', async folder => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        await sh(rig, 'dd if=/dev/zero of="$1/filler" bs=4096 count=100 2>/dev/null || true', folder)
        const ended = await rig.go(build, {env: {XDG_CACHE_HOME: folder}})
        assert.match(ended.stderr, /no space left/)
        assertStamped(rig, ended, 1)
        assert.equal(
          filesBelow(folder).filter(path => statSync(path).size > 0),
          [`${folder}/filler`],
        )
      })
    })
  })

  test.unless(noMount, 'a store that fills up: guarded, with one warning', async () => {
    await withMount('256k', async folder => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const env = {XDG_CACHE_HOME: folder}
        assertStamped(rig, await rig.go(build, {env}))
        rmSync(join(folder, 'gowarden/plans'), {recursive: true})
        await sh(rig, 'dd if=/dev/zero of="$1/filler" bs=4096 count=100 2>/dev/null || true', folder)
        assertStamped(rig, await rig.go(build, {env}), 1)
      })
    })
  })

  test.unless(
    noMount,
    'a store that is read-only: guarded, with one warning, or none while nothing is to write',
    async () => {
      await withMount('1m', async folder => {
        await withWarmRig(async rig => {
          rig.write(tiny)
          const env = {XDG_CACHE_HOME: folder}
          await sh(rig, 'mount -o remount,ro "$1"', folder)
          const ended = await rig.go(build, {env})
          assert.match(ended.stderr, /read-only file system/)
          assertStamped(rig, ended, 1)

          await sh(rig, 'mount -o remount,rw "$1"', folder)
          assertStamped(rig, await rig.go(build, {env}))
          await sh(rig, 'mount -o remount,ro "$1"', folder)
          assertStamped(rig, await rig.go(build, {env}))
          rig.write({'go.mod': 'module tiny\n\ngo 1.20\n'})
          assertStamped(rig, await rig.go(build, {env}), 1)
        })
      })
    },
  )
})

/** Values of GOCACHE with which bare go does not build, and what is to be read then. */
const brokenCaches: [name: string, text: RegExp, env: (rig: Rig) => Record<string, string | undefined>][] = [
  ['off', /disabled by GOCACHE=off/, () => ({GOCACHE: 'off'})],
  ['relative', /GOCACHE is not an absolute path/, () => ({GOCACHE: 'cache'})],
  [
    'undefined, for want of a HOME',
    /GOCACHE is not defined/,
    () => ({GOCACHE: undefined, HOME: '', XDG_CACHE_HOME: ''}),
  ],
  [
    'a file',
    /not a directory/,
    rig => {
      writeFileSync(join(rig.folder, 'file'), 'mine')
      return {GOCACHE: join(rig.folder, 'file')}
    },
  ],
  ['below a file', /not a directory/, rig => ({GOCACHE: join(rig.write(tiny), 'main.go/cache')})],
  ['where nothing can be made', /\/proc\/nothing/, () => ({GOCACHE: '/proc/nothing/cache'})],
  [
    'a link to itself',
    /too many/,
    rig => {
      symlinkSync('loop', join(rig.folder, 'loop'))
      return {GOCACHE: join(rig.folder, 'loop')}
    },
  ],
  [
    'a folder with a file in place of its first',
    /not a directory|file exists/,
    rig => {
      writeFiles(join(rig.folder, 'odd'), {'00': 'mine'})
      return {GOCACHE: join(rig.folder, 'odd')}
    },
  ],
]

suite('launcher/faults of GOCACHE', test => {
  for (const [what, text, change] of brokenCaches) {
    for (const policy of ['', 'isolate']) {
      // An isolated cache lies in a folder of its own, whatever is in place of the others.
      if (policy === 'isolate' && what.startsWith('a folder')) continue
      test(`GOCACHE ${what}${policy === '' ? '' : `, under ${policy}`}: an error in words`, async () => {
        await withWarmRig(async rig => {
          rig.write(tiny)
          const env = {...change(rig), GOWARDEN_CACHE: policy}
          assert.is.not((await rig.bareGo(build, {env})).code, 0, 'bare go builds there')
          assertRefused(rig, await rig.go(build, {env, shell: bounded}), 1, text)
        })
      })
    }
  }
})

// ---- odd paths -----------------------------------------------------------------------------------------------------

const oddNames = [
  'a b',
  "it's",
  'say "hi"',
  '$HOME',
  'back\\slash',
  '`id`',
  '$(id)',
  '-n',
  '*',
  ' starts and ends ',
  '# end',
  'naïve 🦫',
]

for (const {name, words: shell, missing} of shells) {
  suite(`launcher/faults of paths under ${name}`, test => {
    for (const folder of oddNames) {
      test.unless(missing, `a work folder named ${JSON.stringify(folder)}`, async () => {
        await withWarmRig(async rig => {
          const work = join(rig.work, folder)
          writeFiles(work, tiny)
          const log = join(rig.folder, 'log')
          const env = {GOWARDEN_DEBUG: log}
          await storePlan(rig, shell, work)
          assertStamped(rig, await rig.go(build, {cwd: work, env, shell}), 0, join(work, 'out'))
          assert.match(readFileSync(log, 'utf8'), / is fresh$/m)
        })
      })
    }

    // Bare go builds no package there: "invalid package directory".
    test.unless(missing, 'a work folder with a line break in its name', async () => {
      await withWarmRig(async rig => {
        const work = join(rig.work, 'two\nlines')
        writeFiles(work, tiny)
        for (const words of [build, ['list', '-m'], ['list', '.']]) {
          const bare = await rig.bareGo(words, {cwd: work})
          for (const _ of ['first', 'second']) assert.equal(await rig.go(words, {cwd: work, shell}), bare)
        }
      })
    })

    test.unless(missing, 'a work folder whose name is not UTF-8 is refused', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const line = `at=$(printf 'a\\377b') && mkdir "$at" && cp go.mod main.go "$at" && cd "$at" && "$@" build -o ../out .`
        const ended = await runBytes('sh', ['-c', line, 'sh', ...shell, join(root, 'bin/go')], {
          cwd: rig.work,
          env: rig.env,
        })
        assertRefused(rig, ended, 1, 'is not UTF-8')
      })
    })

    test.unless(missing, 'a home, a store and a cache with odd names', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        // Bare go does not build in a cache with a line break in its name.
        const odd = join(rig.folder, `it's "$HOME" \`id\` \\ *`)
        mkdirSync(odd)
        symlinkSync(rig.cache, join(odd, 'cache'))
        const env = {HOME: join(odd, 'home'), XDG_CACHE_HOME: join(odd, 'xdg'), GOCACHE: join(odd, 'cache')}
        for (const _ of ['first', 'second']) assertStamped(rig, await rig.go(build, {env, shell}))
      })
    })

    test.unless(missing, 'isolated caches below a cache with an odd name', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const cache = join(rig.folder, `it's "$HOME" \`id\`\\\n *`)
        const env = {GOCACHE: cache, GOWARDEN_CACHE: 'isolate'}
        const asked = await rig.go(['env', 'GOCACHE'], {env, shell})
        assert.equal([asked.code, asked.stderr], [0, ''])
        assert.ok(asked.stdout.startsWith(`${cache}/gowarden/${machine.version}.`), asked.stdout)
      })
    })

    test.unless(missing, 'GOROOTs with odd names', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        for (const folder of ['a b', "it's", '$HOME *']) {
          const goroot = sameToolchain(join(rig.folder, folder))
          const env = {
            PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`,
            GOWARDEN_DEBUG: join(rig.folder, 'log'),
          }
          for (const _ of ['new', 'stored']) assertStamped(rig, await rig.go(build, {env, shell}))
          assert.match(readFileSync(join(rig.folder, 'log'), 'utf8'), / is fresh$/m)
        }
      })
    })

    test.unless(missing, 'GOWARDEN_DEBUG tells the way, on stderr or into a file', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const log = join(rig.folder, 'a "log" $x')
        const first = await rig.go(build, {shell, env: {GOWARDEN_DEBUG: '1'}})
        assert.match(first.stderr, /^gowarden: debug: plan with \S+\n/)
        assert.match(first.stderr, new RegExp(`^gowarden: debug: exec ${machine.goroot}/bin/go$`, 'm'))
        const second = await rig.go(build, {shell, env: {GOWARDEN_DEBUG: log}})
        assertStamped(rig, second)
        assert.match(readFileSync(log, 'utf8'), /^gowarden\[\d+\]: plan .* is fresh\n/)
        for (const off of ['', '0'])
          assertStamped(rig, await rig.go(build, {shell, env: {GOWARDEN_DEBUG: off}}))
        assert.equal(readdirSync(rig.work).sort(), ['go.mod', 'main.go'])
      })
    })

    test.unless(missing, 'GOWARDEN_DEBUG that cannot be written does not keep from building', async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const ended = await rig.go(build, {shell, env: {GOWARDEN_DEBUG: '/proc/nothing/log'}})
        assert.is(ended.code, 0)
        assert.ok(isStamped(join(rig.work, 'out')))
      })
    })
  })
}

/** The machine's toolchain in another place: the same bytes, so the same hash. */
function sameToolchain(folder: string): string {
  makeTwin(folder)
  for (const name of readdirSync(join(machine.goroot, 'bin')))
    if (name !== 'go') symlinkSync(join(machine.goroot, 'bin', name), join(folder, 'bin', name))
  for (const platform of readdirSync(join(folder, 'pkg/tool'))) {
    const compiler = join(folder, 'pkg/tool', platform, 'compile')
    if (!existsSync(compiler)) continue
    unlinkSync(compiler)
    symlinkSync(join(machine.goroot, 'pkg/tool', platform, 'compile'), compiler)
  }
  return folder
}

// ---- stored files ---------------------------------------------------------------------------------------------------

/** What may have become of a stored plan so that it is somebody else's text. */
const strangePlans: [name: string, needs: string | undefined, change: (plan: string, rig: Rig) => void][] = [
  ['belongs to another user', notRoot, plan => chownSync(plan, nobody, nobody)],
  ['is writable for everybody', undefined, plan => chmodSync(plan, 0o602)],
  ['is writable for the group', undefined, plan => chmodSync(plan, 0o620)],
  ['lies in a folder that everybody may write', undefined, plan => chmodSync(dirname(plan), 0o777)],
  ['lies in a folder that the group may write', undefined, plan => chmodSync(dirname(plan), 0o770)],
  ['lies in a folder of another user', notRoot, plan => chownSync(dirname(plan), nobody, nobody)],
  ['lies below a folder that everybody may write', undefined, (_, rig) => chmodSync(rig.store, 0o777)],
  [
    'lies below a folder of another user',
    notRoot,
    (_, rig) => chownSync(join(rig.store, 'plans'), nobody, nobody),
  ],
  [
    'lies below a folder of another user where everybody may write, sticky',
    notRoot,
    (_, rig) => {
      chmodSync(dirname(rig.store), 0o1777)
      chownSync(dirname(rig.store), nobody, nobody)
    },
  ],
  [
    'is a link to a file of another user',
    notRoot,
    (plan, rig) => {
      const other = join(rig.folder, 'other')
      renameSync(plan, other)
      chownSync(other, nobody, nobody)
      symlinkSync(other, plan)
    },
  ],
]

const planCorruptions: typeof corruptions = [
  ...corruptions,
  ['its first line alone', path => writeFileSync(path, '# gowarden stored plan 2\n')],
  ['a head with wrong sh behind it', path => writeFileSync(path, `${headOf(path)})(\n`)],
  [
    'a head with an open quote behind it',
    path => writeFileSync(path, `${headOf(path)}gowarden_plan_key='x\n`),
  ],
  ['a head with an exit behind it', path => appendFileSync(path, 'gowarden_plan_key=\n')],
  [
    'a head with bytes behind it',
    path =>
      writeFileSync(
        path,
        Buffer.concat([Buffer.from(headOf(path)), Buffer.from([0, 127, 69, 76, 70, 39, 0, 255])]),
      ),
  ],
]

function headOf(plan: string): string {
  return readFileSync(plan, 'utf8').replace(/^gowarden_plan_key=[\s\S]*/m, '')
}

for (const {name, words: shell, missing} of shells) {
  suite(`launcher/faults of stored plans under ${name}`, test => {
    test.unless(
      missing,
      'a plan of the user is sourced, which the cases below show by its absence',
      async () => {
        await withWarmRig(async rig => {
          const {plan, marker} = await storeMarkedPlan(rig, shell)
          assertStamped(rig, await rig.go(build, {shell}))
          assert.ok(existsSync(marker), readFileSync(plan, 'utf8'))
        })
      },
    )

    for (const [what, needs, change] of strangePlans) {
      test.unless(missing ?? needs, `a plan that ${what} is not sourced`, async () => {
        await withWarmRig(async rig => {
          const {plan, marker} = await storeMarkedPlan(rig, shell)
          change(plan, rig)
          const ended = await rig.go(build, {shell})
          assert.not(existsSync(marker), 'the plan was sourced')
          assertStamped(rig, ended, warnings(ended))
          assert.ok(warnings(ended) <= 1, ended.stderr)
        })
      })
    }

    for (const [what, change] of planCorruptions) {
      test.unless(missing, `a plan that is ${what} is made anew`, async () => {
        await withWarmRig(async rig => {
          rig.write(tiny)
          await storePlan(rig, shell)
          const plan = storedPlan(rig.store)
          change(plan)
          const ended = await rig.go(build, {shell})
          // A folder in its place cannot be written over, and is said to be in the way.
          assertStamped(rig, ended, what === 'a folder' ? warnings(ended) : 0)
        })
      })
    }
  })
}

/** Lists, which stores the plan that builds follow too. */
async function storePlan(rig: Rig, shell: readonly string[], cwd = rig.work): Promise<void> {
  const ended = await rig.go(['list', '.'], {cwd, shell})
  assert.equal([ended.code, ended.stderr], [0, ''])
}

/** Lets the stored plan leave a mark when it is sourced. */
async function storeMarkedPlan(rig: Rig, shell: readonly string[]): Promise<{plan: string; marker: string}> {
  rig.write(tiny)
  await storePlan(rig, shell)
  const plan = storedPlan(rig.store)
  const marker = join(rig.folder, 'marker')
  appendFileSync(plan, `: >'${marker}'\n`)
  return {plan, marker}
}

suite('launcher/faults of the toolchain memo', test => {
  // Whatever else may have become of it: test/store/toolchains.
  const changes = corruptions.filter(([name]) =>
    ['cut in half', 'a folder', 'a link to itself'].includes(name),
  )
  for (const [what, change] of changes) {
    test(`a memo that is ${what} is made anew`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        change(memoOf(rig))
        const ended = await rig.go(build)
        assertStamped(rig, ended, what === 'a folder' ? warnings(ended) : 0)
      })
    })
  }

  test.unless(noNobody, 'a memo that the user may not read is made anew', async () => {
    await withWarmRig(async rig => {
      const ended = await buildAsNobody(rig, store => chmodSync(memoOf({...rig, store}), 0))
      assertStamped(rig, ended)
    })
  })
})

function memoOf(rig: Pick<Rig, 'store'>): string {
  return join(rig.store, `toolchains${machine.goroot}/=toolchain.json`)
}

suite('launcher/faults of the owner record', test => {
  const changes: typeof corruptions = [
    ...corruptions,
    ['null', path => writeFileSync(path, 'null')],
    ['a list', path => writeFileSync(path, '[]')],
    ['without an owner', path => writeFileSync(path, '{"format":1,"owners":[]}')],
    ['with an owner that is none', path => writeFileSync(path, '{"format":1,"owners":[null]}')],
    ['of another format', path => rewrite(path, record => ({...record, format: 2}))],
    [
      'with an owner without a GOROOT',
      path => writeFileSync(path, '{"format":1,"owners":[{"hash":"x","goroot":"","version":"go1.2"}]}'),
    ],
  ]
  for (const [what, change] of changes) {
    test(`a record that is ${what} is refused by its name, or made anew`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const env = {GOCACHE: join(rig.folder, 'cache of its own')}
        assert.is((await rig.go(['list', '.'], {env})).code, 0)
        const record = join(env.GOCACHE, '00/gowarden-owner.json')
        const whole = readFileSync(record, 'utf8')
        change(record)
        const ended = await rig.go(['list', '.'], {env})
        if (ended.code === 0) {
          assert.equal([ended.stdout, ended.stderr], ['tiny\n', ''])
          assert.is(readFileSync(record, 'utf8').trim(), whole.trim())
        } else {
          assertRefused(rig, ended, 1, record)
          assert.match(ended.stderr, /^gowarden: hint: /m)
        }
      })
    })
  }
})

// ---- other users ------------------------------------------------------------------------------------------------------

suite('launcher/faults of rights', test => {
  for (const [what, below] of [
    ['without a cache folder', []],
    ['with a cache folder', ['.cache']],
    ['with a store', ['.cache', '.cache/gowarden']],
  ] as const) {
    test.unless(notRoot, `root with the HOME of another user, ${what}`, async () => {
      await withWarmRig(async rig => {
        rig.write(tiny)
        const home = join(rig.folder, 'home')
        chmodSync(rig.folder, 0o755)
        for (const folder of below) mkdirSync(join(home, folder), {mode: 0o700})
        for (const folder of ['', ...below]) chownSync(join(home, folder), nobody, nobody)
        const ended = await rig.go(build, {env: {XDG_CACHE_HOME: undefined}})
        assertStamped(rig, ended, 1)
        const ours = (await sh(rig, 'find "$1" -uid 0 ! -path "*/.config*"', home)).trim()
        assert.is(ours, '', 'files of root in the HOME of another user')
      })
    })
  }

  test.unless(notRoot, "root with the HOME of another user does not run that user's plan", async () => {
    await withWarmRig(async rig => {
      const home = join(rig.folder, 'home')
      mkdirSync(join(home, '.cache'))
      cpSync(rig.store, join(home, '.cache/gowarden'), {recursive: true})
      rig.env['XDG_CACHE_HOME'] = undefined
      const store = join(home, '.cache/gowarden')
      chmodSync(store, 0o700)
      const {marker} = await storeMarkedPlan({...rig, store}, anyShell)
      await sh(rig, 'chown -R "$2:$2" "$1"', home, String(nobody))
      for (const {words: shell, missing} of shells) {
        if (missing !== undefined) continue
        assertStamped(rig, await rig.go(build, {shell}), 1)
        assert.not(existsSync(marker), 'the plan was sourced')
      }
      assert.is((await sh(rig, 'find "$1" -uid 0 ! -path "*/.config*"', home)).trim(), '')
    })
  })

  test.unless(noNobody, 'a stored plan that the user may not read is made anew', async () => {
    await withWarmRig(async rig => {
      const ended = await buildAsNobody(rig, async (store, again) => {
        await again()
        chmodSync(storedPlan(store), 0)
      })
      assertStamped(rig, ended)
    })
  })

  test.unless(noNobody, 'a cache with a folder that the user may not read: an error in words', async () => {
    await withWarmRig(async rig => {
      const closed = (folder: string) => {
        const cache = join(folder, '../../cache')
        rmSync(join(cache, '00'), {recursive: true, force: true})
        mkdirSync(join(cache, '5a'), {recursive: true})
        chownSync(join(cache, '5a'), 0, 0)
        chmodSync(join(cache, '5a'), 0o700)
      }
      const ended = await buildAsNobody(rig, closed)
      assertRefused(rig, ended, 1, 'denied')
    })
  })

  test.unless(
    noNobody,
    'a GOROOT with a file that the user may not read: an error that names it',
    async () => {
      await withWarmRig(async rig => {
        const goroot = sameToolchain(join(rig.folder, 'goroot'))
        rmSync(join(goroot, 'README.md'))
        writeFileSync(join(goroot, 'README.md'), '', {mode: 0o600})
        const ended = await buildAsNobody(rig, () => undefined, {
          PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`,
        })
        assertRefused(rig, ended, 1, `${goroot}/README.md`)
      })
    },
  )
})

/** Builds as a user with a home and a cache of its own, once `change` has had its way with the store. */
async function buildAsNobody(
  rig: Rig,
  change: (store: string, again: () => Promise<Ended>) => void | Promise<void>,
  env: Record<string, string> = {},
): Promise<Ended> {
  rig.write(tiny)
  const own = join(rig.folder, 'nobody')
  const store = join(own, 'xdg/gowarden')
  mkdirSync(join(own, 'xdg'), {recursive: true})
  cpSync(rig.store, store, {recursive: true})
  // The warm objects, which are another user's to keep.
  cpSync(realpathSync(rig.cache), join(own, 'cache'), {recursive: true})
  await sh(
    rig,
    'chmod 755 "$1"; chmod 700 "$4"; chown -R "$3:$3" "$2" "$PWD" "$TMPDIR"',
    rig.folder,
    own,
    String(nobody),
    store,
  )
  const run = () =>
    runBytes(join(root, 'bin/go'), build, {
      cwd: rig.work,
      env: {...rig.env, HOME: own, XDG_CACHE_HOME: join(own, 'xdg'), GOCACHE: join(own, 'cache'), ...env},
      user: nobody,
    })
  await change(store, run)
  return await run()
}
