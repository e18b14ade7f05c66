/** gowarden cache audit on a cache that go itself filled. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Audit, auditCache} from '../../src/cache/audit.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {type Rig, tiny, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

/** The paths of a cache's files with this ending, the largest first. */
function filesOf(cache: string, ending: '-a' | '-d'): string[] {
  return readdirSync(cache, {recursive: true, encoding: 'utf8'})
    .filter(name => /^[0-9a-f]{2}\//.test(name) && name.endsWith(ending))
    .map(name => join(cache, name))
    .filter(path => statSync(path).isFile() && statSync(path).size > 0)
    .sort((a, b) => statSync(b).size - statSync(a).size)
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

async function withFilled(body: (rig: Rig, audit: (words?: string[]) => Promise<Audit>) => Promise<void>) {
  await withRig(async rig => {
    rig.write(tiny)
    assert.is((await rig.go(['build', '-o', 'tiny', '.'])).code, 0)
    await body(rig, async (words = []) => {
      const {stdout, stderr, code} = await rig.gowarden(['cache', 'audit', '--json', ...words])
      assert.is(stderr, '')
      const audit: Audit = JSON.parse(stdout)
      assert.is(code, audit.wrong.length > 0 ? 1 : 0)
      return audit
    })
  })
}

const ask = (cache: string, sinceMs?: number) =>
  auditCache(nodeSystem(), cache, {sinceMs, quarantines: false}, () => undefined)

suite('cache/audit', test => {
  test('a sound cache is sound; one flipped byte of any kind is found, moved aside, and made again', async () => {
    await withFilled(async (rig, audit) => {
      const sound = await audit()
      assert.equal(sound.wrong, [])
      assert.ok(sound.objects >= filesOf(rig.cache, '-d').length)
      assert.is(sound.entries, filesOf(rig.cache, '-a').length)
      assert.ok(sound.versions.some(({version, objects}) => version.startsWith('go1.') && objects > 10))
      assert.equal(sound.unnamed, {objects: 0, bytes: 0})
      assert.is(sound.dangling, 0)

      const [largest = '', ...objects] = filesOf(rig.cache, '-d')
      const [entry = '', other = '', third = ''] = filesOf(rig.cache, '-a')
      flip(largest, Math.floor(statSync(largest).size / 2))
      flip(objects.at(-1) ?? '', 0)
      flip(entry, 1)
      copyFileSync(third, other)
      const found = await audit()
      const paths = found.wrong.map(({path}) => path).sort()
      assert.equal(paths, [largest, objects.at(-1), entry, other].sort())

      const moved = await audit(['--quarantine'])
      assert.is(moved.quarantine?.moved, 4)
      assert.not(existsSync(largest))
      assert.ok(existsSync(join(moved.quarantine?.folder ?? '', largest.slice(rig.cache.length))))
      assert.equal((await audit()).wrong, [])
      const {code, stderr} = await rig.go(['build', '-o', 'again', '.'])
      assert.equal([code, stderr], [0, ''])
      assert.ok(readFileSync(join(rig.work, 'again')).equals(readFileSync(join(rig.work, 'tiny'))))
    })
  })

  test('an object that no entry names, an entry whose object is gone, and an entry of another size', async () => {
    await withFilled(async (rig, audit) => {
      const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
      mkdirSync(join(rig.cache, 'e3'), {recursive: true})
      const isNew = !existsSync(join(rig.cache, `e3/${empty}-d`))
      writeFileSync(join(rig.cache, `e3/${empty}-d`), '')
      const unnamed = await audit()
      assert.is(unnamed.unnamed?.objects, isNew ? 1 : 0)
      const entries = filesOf(rig.cache, '-a')
      const [first = '', second = ''] = entries
      const text = readFileSync(first, 'latin1')
      writeFileSync(first, text.replace(/ [0-9a-f]{64} (?= )/, ` ${'0'.repeat(64)} `))
      assert.is((await audit()).dangling, 1)
      writeFileSync(
        second,
        readFileSync(second, 'latin1').replace(/(\d)(?= +\d+\n$)/, digit => (digit === '1' ? '2' : '1')),
      )
      assert.match(
        (await audit()).wrong.map(({reason}) => reason).join(),
        /it says \d+ bytes of an object of \d+/,
      )
    })
  })

  test('--since looks at what was made since, and moves all of that', async () => {
    await withFilled(async (rig, audit) => {
      const all = await audit()
      const later = new Date(Date.now() + 3_600_000).toISOString()
      assert.is((await audit(['--since', later])).objects, 0)
      assert.is((await audit(['--since', '2h'])).objects, all.objects)
      const moved = await audit(['--since', '2h', '--quarantine'])
      assert.is(moved.quarantine?.moved, all.objects + all.entries)
      assert.is((await audit()).objects, 0)
      for (const text of ['yesterday', '12', '2026-13-40', '']) {
        const {code, stderr} = await rig.gowarden(['cache', 'audit', '--since', text])
        assert.is(code, 2)
        assert.match(stderr, 'not a time')
      }
    })
  })

  test('an executable in a folder of its object, as go1.24 keeps it, is read too', async () => {
    await withRig(async rig => {
      const id = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
      mkdirSync(join(rig.cache, `ba/${id}-d`), {recursive: true})
      writeFileSync(join(rig.cache, `ba/${id}-d/tool`), 'abc')
      const sound = await ask(rig.cache)
      assert.equal([sound.objects, sound.wrong], [1, []])
      writeFileSync(join(rig.cache, `ba/${id}-d/tool`), 'abd')
      assert.is((await ask(rig.cache)).wrong[0]?.path, join(rig.cache, `ba/${id}-d`))
    })
  })

  test('an empty folder, and a file that is no object, are no trouble', async () => {
    await withRig(async rig => {
      mkdirSync(join(rig.cache, '00'), {recursive: true})
      writeFileSync(join(rig.cache, '00/gowarden-owner.json'), '{}')
      writeFileSync(join(rig.cache, 'trim.txt'), '1')
      const {objects, oldest, wrong} = await ask(rig.cache)
      assert.equal([objects, oldest, wrong], [0, undefined, []])
    })
  })
})
