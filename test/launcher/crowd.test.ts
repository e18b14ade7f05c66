/** Many launchers at once, and launchers that are killed, wiped from below, slowed down or sent back in time. */
import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import * as assert from 'uvu/assert'
import {randomFrom} from '../support/random.ts'
import {type Ended, machine, type Rig, root, tiny, withoutWaits, withRig, writeFiles} from '../support/rig.ts'
import {isStamped, nobody, noNobody, noNode, runBytes, sh, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin, writeProgram} from '../support/twin.ts'

const crowd = 64

suite('launcher/crowd', test => {
  test('launchers at once, in a home that knows nothing: one reads GOROOT, the others wait for what it finds', async () => {
    await withRig(async rig => {
      rig.write(tiny)
      // Whoever has read a GOROOT asks its compiler which flag takes a stamp.
      const asked = join(rig.folder, 'asked')
      const twin = makeTwin(join(rig.folder, 'twin'), {
        compiler: original =>
          `#!/bin/sh\ncase "$*" in *ToolchainHash*-V=full*) echo . >>'${asked}' ;; esac\nexec '${original}' "$@"\n`,
      })
      const env = {PATH: rig.env['PATH']?.replace(machine.goroot, twin)}
      // What was written a moment ago is not remembered.
      await setTimeout(100)
      const ended = await Promise.all(
        Array.from({length: 8}, () => rig.go(['list', '-f', '{{.ToolchainHash}}', '.'], {env})),
      )
      assert.is(new Set(ended.map(({stdout}) => stdout)).size, 1)
      assert.is(readFileSync(asked, 'utf8'), '.\n')
    })
  })

  test(`${crowd} launchers at once, in a home that knows nothing: all are guarded`, async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      rmSync(rig.store, {recursive: true})
      const ended = await Promise.all(Array.from({length: crowd}, (_, index) => rig.go(guarded(index))))
      for (const [index, each] of ended.entries()) assertGuarded(rig, each, index)
      assertSound(rig)
    })
  })

  test(`${crowd} launchers at once, with a plan: nothing is planned again`, async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      await settle(rig)
      const trace = join(rig.folder, 'trace')
      const env = {GOWARDEN_DEBUG: trace}
      const words = (index: number) => (index % 8 === 0 ? build(index) : ['list', '.'])
      const ended = await Promise.all(Array.from({length: crowd}, (_, index) => rig.go(words(index), {env})))
      for (const [index, each] of ended.entries())
        if (index % 8 === 0) assertBuilt(rig, each, index)
        else assert.equal([each.code, each.stdout, each.stderr], [0, 'tiny\n', ''])
      assert.not.match(readFileSync(trace, 'utf8'), 'plan with')
    })
  })

  test('launcher, planner and go killed at random: what is left never breaks or unguards the next build', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const random = randomFrom(20261125)
      for (let round = 0; round < 16; round += 1) {
        if (round % 4 === 0) rmSync(rig.store, {recursive: true, force: true})
        if (round % 4 === 2) writeFileSync(join(rig.work, 'go.mod'), `${tiny['go.mod']}// ${round}\n`)
        await killed(start(rig, build(0)), random(900))
        // A file that go finished is a stamped one.
        const out = join(rig.work, 'out0')
        if (isFinished(out)) assert.ok(isStamped(out))
        rmSync(out, {force: true})
      }
      assertBuilt(rig, await rig.go(build(1)), 1)
      assertSound(rig)
    })
  })

  test('the store wiped again and again while builds run', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      let isOver = false
      const wiping = (async () => {
        while (!isOver) {
          await rm(rig.store, {recursive: true, force: true}).catch(() => undefined)
          await setTimeout(40)
        }
      })()
      for (let index = 0; index < 6; index += 1) assertBuilt(rig, await rig.go(build(index)), index)
      isOver = true
      await wiping
    })
  })

  test.unless(noNode, 'a clock that was set back two days', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      await settle(rig)
      const past = await launcherWithNode(rig, `const now = Date.now; Date.now = () => now() - 2 * 86400e3`)
      for (let index = 0; index < 3; index += 1) {
        writeFileSync(join(rig.work, 'go.mod'), `${tiny['go.mod']}// ${index}\n`)
        assertBuilt(rig, await past(build(index)), index)
      }
      await settle(rig)
      assertSound(rig)
    })
  })

  test.unless(noNode, 'a file system on which every look takes long: the wait is explained', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      await settle(rig)
      const slow = await launcherWithNode(
        rig,
        `const fs = require('node:fs'); const look = fs.statSync
fs.statSync = (...words) => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); return look(...words) }`,
      )
      writeFileSync(join(rig.work, 'go.mod'), `${tiny['go.mod']}// changed\n`)
      const ended = await slow(build(0))
      assert.match(ended.stderr, /^gowarden: checking whether GOROOT .* has changed$/m)
      assertBuilt(rig, ended, 0)
    })
  })

  test.unless(noNobody, 'two users on one GOCACHE', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const shared = join(rig.folder, 'shared cache')
      await sh(
        rig,
        'cp -r "$1" "$2" && rm -f "$2/00/gowarden-owner.json" && chmod -R a+rwX "$2" "$TMPDIR" "$PWD" && chmod 755 "$3"',
        rig.cache,
        shared,
        rig.folder,
      )
      const asNobody = async (index: number): Promise<Ended> => {
        const home = join(rig.folder, 'nobody')
        mkdirSync(home, {recursive: true})
        await sh(rig, 'chown "$1:$1" "$2"', String(nobody), home)
        return await runBytes(join(root, 'bin/go'), build(index), {
          cwd: rig.work,
          env: {...rig.env, HOME: home, XDG_CACHE_HOME: join(home, 'xdg'), GOCACHE: shared},
          user: nobody,
        })
      }
      const env = {GOCACHE: shared}
      const first = await Promise.all([
        rig.go(build(0), {env}),
        asNobody(1),
        rig.go(build(2), {env}),
        asNobody(3),
      ])
      for (const [index, ended] of first.entries()) assertBuilt(rig, ended, index)
      assertBuilt(rig, await asNobody(1), 1)
      const record = JSON.parse(readFileSync(join(shared, '00/gowarden-owner.json'), 'utf8'))
      assert.is(record.owners.length, 1)

      // A record that the second user may read and not write is enough.
      chmodSync(join(shared, '00'), 0o755)
      chmodSync(join(shared, '00/gowarden-owner.json'), 0o644)
      assertBuilt(rig, await asNobody(1), 1)
    })
  })
})

function build(index: number): string[] {
  return ['build', '-o', `out${index}`, '.']
}

/** One in eight builds, the others ask for the stamp: linking a program 64 times would tell nothing more. */
function guarded(index: number): string[] {
  return index % 8 === 0 ? build(index) : ['list', '-f', '{{.ToolchainHash}}', '.']
}

function assertGuarded(rig: Rig, ended: Ended, index: number): void {
  if (index % 8 === 0) {
    assertBuilt(rig, ended, index)
    return
  }
  assert.equal([ended.code, ended.stderr], [0, ''])
  assert.match(ended.stdout, new RegExp(`^${machine.version}\\.\\S+@h1:\\S{43}=\n$`))
}

/** A build that ended well, said nothing but why it took long, and left a stamped file. */
function assertBuilt(rig: Rig, ended: Pick<Ended, 'code' | 'stdout' | 'stderr'>, index: number): void {
  assert.equal([ended.code, ended.stdout, withoutWaits(ended.stderr)], [0, '', ''])
  assert.ok(isStamped(join(rig.work, `out${index}`)))
  rmSync(join(rig.work, `out${index}`))
}

/** What the store holds is whole: plans end as plans do, and memos are JSON. */
function assertSound(rig: Rig): void {
  for (const name of readdirSync(rig.store, {recursive: true, encoding: 'utf8'})) {
    if (/=plan-\d+$/.test(name)) {
      const text = readFileSync(join(rig.store, name), 'utf8')
      assert.match(text, /^# gowarden stored plan 2\n[\s\S]*\ngowarden_plan_stat='[^']*'\n$/)
    }
    if (name.endsWith('/=toolchain.json')) JSON.parse(readFileSync(join(rig.store, name), 'utf8'))
  }
}

/** Builds until a plan is stored and followed. */
async function settle(rig: Rig): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const {stderr} = await rig.go(['list', '.'], {env: {GOWARDEN_DEBUG: '1'}})
    if (stderr.includes(' is fresh\n')) return
    await setTimeout(30)
  }
  throw new Error('no plan is ever kept')
}

/** Starts the launcher as the leader of a group of its own. */
function start(rig: Rig, words: string[]): ChildProcess {
  return spawn(join(root, 'bin/go'), words, {
    cwd: rig.work,
    env: {...rig.env, PWD: rig.work},
    stdio: 'ignore',
    detached: true,
  })
}

/** Kills a child and all of its group, `afterMs` from now, and waits for its end. */
async function killed(child: ChildProcess, afterMs: number): Promise<void> {
  const ended = new Promise(resolve => child.on('close', resolve))
  await setTimeout(afterMs)
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it had ended before
  }
  await ended
}

/** Whether go had written the whole of a binary: its own reader finds build settings in it. */
function isFinished(file: string): boolean {
  if (!existsSync(file)) return false
  try {
    return execFileSync('go', ['version', '-m', file], {
      env: {...process.env, GOWARDEN: 'off'},
      stdio: 'pipe',
    }).includes('build\t')
  } catch {
    return false
  }
}

/** The launcher from a folder of its own, whose Node runs `lines` before the planner. */
async function launcherWithNode(rig: Rig, lines: string): Promise<(words: string[]) => Promise<Ended>> {
  const bin = join(rig.folder, 'with node')
  writeFiles(bin, {'before.cjs': lines})
  symlinkSync(join(root, 'bin/go'), join(bin, 'go'))
  writeProgram(
    join(bin, 'gowarden-node'),
    `#!/bin/sh\nexec '${process.execPath}' -r '${bin}/before.cjs' "$@"\n`,
  )
  const env = {...rig.env, PATH: (rig.env['PATH'] ?? '').replace(dirname(join(root, 'bin/go')), bin)}
  return async words => await runBytes(join(bin, 'go'), words, {cwd: rig.work, env})
}
