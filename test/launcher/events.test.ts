/** What go commands leave behind as events, through the launcher. */
import {spawn} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {randomFrom} from '../support/random.ts'
import {type Rig, root, tiny} from '../support/rig.ts'
import {withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const crowd = 64
const denied = {...tiny, '.gowardenrc.yaml': 'flags: {deny: [-trimpath]}\n'}

type Line = {kind: string; subcommand?: string; found?: {code: string; level: string}[]} & Partial<
  Record<string, unknown>
>

async function eventsOf(rig: Rig): Promise<Line[]> {
  const {stdout} = await rig.gowarden(['events', '--json'])
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}

suite('launcher/events', test => {
  test('a plan is an event, what follows it is none, and a refusal is one with its codes', async () => {
    await withKnownRig(async rig => {
      rig.write(denied)
      for (let times = 0; times < 3; times += 1) assert.is((await rig.go(['list', '.'])).code, 0)
      const [plan, ...more] = await eventsOf(rig)
      assert.equal(more, [])
      assert.equal(plan && [plan.kind, plan.subcommand, plan['repository'], plan['found']], [
        'plan',
        'list',
        rig.work,
        [],
      ])
      assert.match(String(plan?.['toolchain']), /^go1\.\S+@h1:/)

      assert.is((await rig.go(['build', '-trimpath', '.'])).code, 1)
      assert.is((await rig.go(['build', '.'], {env: {GOWARDEN_CACHE: 'nonsense'}})).code, 2)
      const [, refused, wrong] = await eventsOf(rig)
      assert.equal(refused && [refused.kind, refused['exit'], refused.found], [
        'refusal',
        1,
        [{code: 'FLAG_DENIED', level: 'error', count: 1}],
      ])
      assert.equal(wrong && [wrong.kind, wrong['exit'], wrong.found], ['refusal', 2, []])

      const {stdout} = await rig.gowarden(['events'])
      assert.match(
        stdout,
        /^2\S+ +plan +go list +go1\S+ +.*\n2\S+ +refusal +go build +FLAG_DENIED .*\n2\S+ +refusal +go build +exit 2 /,
      )
      assert.is((await rig.gowarden(['events', '--since', '2999-01-01'])).stdout, 'no events are kept\n')
      assert.is((await rig.gowarden(['events', '--since', 'x'])).code, 2)
    })
  })

  test('only the user can read them', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      await rig.go(['list', '.'])
      const folder = join(rig.store, 'events')
      assert.is(statSync(folder).mode & 0o777, 0o700)
      assert.is(statSync(join(folder, 'events.jsonl')).mode & 0o777, 0o600)
    })
  })

  test('no words of a command are kept unless they are asked for, and of a URL no password then', async () => {
    await withKnownRig(async rig => {
      rig.write(denied)
      const words = ['build', '-trimpath', '-ldflags', '-X main.at=https://u:s3cret@host/?token=t0p', '.']
      await rig.go(words)
      await rig.go(words, {env: {GOWARDEN_EVENTS: 'words'}})
      const text = readFileSync(join(rig.store, 'events/events.jsonl'), 'utf8')
      assert.not.match(text, /s3cret|t0p/)
      const [bare, worded] = await eventsOf(rig)
      assert.is(bare?.['words'], undefined)
      assert.equal(worded?.['words'], [
        'build',
        '-trimpath',
        '-ldflags',
        '-X main.at=https://***@host/?token=***',
        '.',
      ])
    })
  })

  test('GOWARDEN_EVENTS=off keeps nothing but what a policy wants recorded', async () => {
    await withKnownRig(async rig => {
      rig.write({...denied, '.gowardenrc.yaml': 'bypass: reason\nflags: {deny: [-trimpath]}\n'})
      const env = {GOWARDEN_EVENTS: 'off'}
      await rig.go(['list', '.'], {env})
      await rig.go(['build', '-trimpath', '.'], {env})
      await rig.gowarden(['doctor'], {env})
      assert.not.ok(existsSync(join(rig.store, 'events')))
      await rig.go(['list', '.'], {env: {...env, GOWARDEN: 'off', GOWARDEN_REASON: 'why'}})
      assert.equal(
        (await eventsOf(rig)).map(({kind}) => kind),
        ['bypass'],
      )
    })
  })

  test('a place for events that cannot be written is nobody’s trouble, and nothing is said of it', async () => {
    await withKnownRig(async rig => {
      rig.write(denied)
      mkdirSync(rig.store, {recursive: true})
      writeFileSync(join(rig.store, 'events'), 'mine')
      const listed = await rig.go(['list', '.'])
      assert.equal([listed.code, listed.stdout, listed.stderr], [0, 'tiny\n', ''])
      const refused = await rig.go(['list', '-trimpath', '.'])
      assert.is(refused.code, 1)
      assert.not.match(refused.stderr, /event/)
      assert.is(readFileSync(join(rig.store, 'events'), 'utf8'), 'mine')
      chmodSync(rig.store, 0o777)
      assert.is((await rig.gowarden(['events'])).stdout, 'no events are kept\n')
    })
  })

  test(`${crowd} launchers at once lose no refusal`, async () => {
    await withKnownRig(async rig => {
      rig.write(denied)
      const ended = await Promise.all(Array.from({length: crowd}, () => rig.go(['build', '-trimpath', '.'])))
      assert.equal([...new Set(ended.map(({code}) => code))], [1])
      const text = readFileSync(join(rig.store, 'events/events.jsonl'), 'utf8')
      const kinds = text
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line).kind)
      assert.is(kinds.filter(kind => kind === 'refusal').length, crowd)
    })
  })

  test('launchers and planners that are killed: every line but one that was being written is whole', async () => {
    await withKnownRig(async rig => {
      rig.write(denied)
      const random = randomFrom(20261127)
      const rounds = Number(process.env['KILLS'] ?? 24)
      await Promise.all(
        Array.from({length: rounds}, async () => {
          const child = spawn(`${root}/bin/go`, ['build', '-trimpath', '.'], {
            cwd: rig.work,
            env: {PWD: rig.work, ...rig.env},
            detached: true,
            stdio: 'ignore',
          })
          const ended = new Promise(resolve => child.on('close', resolve))
          const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), random(rounds * 60))
          await ended
          clearTimeout(timer)
        }),
      )
      await rig.go(['build', '-trimpath', '.'])
      const lines = readFileSync(join(rig.store, 'events/events.jsonl'), 'utf8').split('\n')
      assert.is(lines.pop(), '')
      const whole = await eventsOf(rig)
      // A line that was cut has the next one right behind it, and that one is read.
      assert.is(whole.length, lines.length)
      assert.is(whole.at(-1)?.kind, 'refusal')
      assert.equal(readdirSync(join(rig.store, 'events')), ['events.jsonl'])
    })
  })
})
