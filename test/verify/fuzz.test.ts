/** Damaged go.sum, modules.txt and zips: nothing crashes, and no damage passes. */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {parseGoSum} from '../../src/go/module/go-sum.ts'
import {formatManifest, parseManifest} from '../../src/go/vendor/manifest.ts'
import {readModuleZip} from '../../src/go/vendor/module-zip.ts'
import {parseModulesTxt} from '../../src/go/vendor/modules-txt.ts'
import {cachedFile} from '../../src/verify/probes/module-cache.ts'
import {damage, randomFrom} from '../support/random.ts'
import {machine} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {stageAll} from '../support/tampers.ts'
import {makeTrees, withTree} from '../support/vendored.ts'
import {storeIn, verifyTree} from '../support/verify.ts'

const {base, unavailable} = makeTrees(['replaced'])
const store = storeIn(base, 'fuzz')

suite('verify: fuzz', test => {
  test.unless(unavailable, 'a damaged zip is rejected, or has another h1, or holds the same', async () => {
    const module = {path: 'github.com/docker/go-units', version: 'v0.4.0'}
    const bytes = readFileSync(cachedFile(machine.modules, module, 'zip') ?? '')
    const whole = await readZip(bytes)
    assert.is(whole.kind, 'read')
    const random = randomFrom(1)
    for (let i = 0; i < 3000; i++) {
      const result = await readZip(damage(bytes, random))
      if (result.kind === 'rejected' || whole.kind === 'rejected' || result.h1 !== whole.h1) continue
      assert.is(formatManifest(result.manifest), formatManifest(whole.manifest), `damage ${i}`)
    }
  })

  test('zips of rubbish are rejected', async () => {
    const random = randomFrom(2)
    for (let size = 0; size < 400; size++) {
      const result = await readZip(Buffer.from(Array.from({length: size}, () => random(256))))
      assert.is(result.kind, 'rejected')
    }
  })

  test('a zip that lies about its sizes is rejected', async () => {
    const bytes = storedZip('example.com/a@v1.0.0/a.go', 'package a\n')
    assert.is((await readZip(bytes, 'example.com/a@v1.0.0/')).kind, 'read')
    for (const size of [0, 9, 11, 0x7fffffff, 0xfffffffe]) {
      const lying = Buffer.from(bytes)
      const directory = lying.indexOf('PK\x01\x02', 0, 'latin1')
      lying.writeUInt32LE(size, directory + 24)
      assert.is((await readZip(lying, 'example.com/a@v1.0.0/')).kind, 'rejected', String(size))
    }
  })

  for (const name of [
    'example.com/b@v1.0.0/a.go',
    'example.com/a@v1.0.0/../x',
    'example.com/a@v1.0.0/a\nb',
    '/a',
  ]) {
    test(`a zip with the entry ${JSON.stringify(name)} is rejected`, async () => {
      assert.is((await readZip(storedZip(name, 'x'), 'example.com/a@v1.0.0/')).kind, 'rejected')
    })
  }

  test.unless(unavailable, 'any damage to modules.txt is an error', async () => {
    await withTree(base, 'replaced', async directory => {
      const file = join(directory, 'vendor/modules.txt')
      const bytes = readFileSync(file)
      const random = randomFrom(3)
      for (let i = 0; i < 60; i++) {
        const damaged = damage(bytes, random)
        if (damaged.equals(bytes)) continue
        writeFileSync(file, damaged)
        stageAll(directory)
        const {findings} = await verifyTree(directory, {store})
        assert.ok(
          findings.some(({level}) => level === 'error'),
          `damage ${i}: ${damaged.toString('latin1')}`,
        )
      }
    })
  })

  test.unless(unavailable, 'any damage to a needed line of go.sum is an error', async () => {
    await withTree(base, 'replaced', async directory => {
      const file = join(directory, 'go.sum')
      const text = readFileSync(file, 'latin1')
      const needed = text
        .split(/(?<=\n)/)
        .filter(line => line.startsWith('github.com/docker/go-units v0.4.0'))
      assert.is(needed.length, 2)
      const random = randomFrom(4)
      for (let i = 0; i < 60; i++) {
        const line = needed[i % 2] ?? ''
        const damaged = damage(Buffer.from(line, 'latin1'), random).toString('latin1')
        const changed = text.replace(line, damaged)
        // White space alone is no damage, and a whole line doubled is a warning.
        if (changed.split(/\s+/).join(' ') === text.split(/\s+/).join(' ') || changed.includes(line)) continue
        writeFileSync(file, changed, 'latin1')
        stageAll(directory)
        const {findings} = await verifyTree(directory, {store})
        assert.ok(
          findings.some(({level}) => level === 'error'),
          `damage ${i}: ${JSON.stringify(damaged)}`,
        )
      }
    })
  })

  test('parsers of text never throw on rubbish', () => {
    const random = randomFrom(5)
    for (let i = 0; i < 3000; i++) {
      const text = Buffer.from(Array.from({length: random(200)}, () => random(256))).toString('latin1')
      parseGoSum(text)
      parseModulesTxt(text)
      const words = text.replace(/[^ -~\n]/g, '# ')
      parseGoSum(words)
      parseModulesTxt(words)
    }
  })

  test('a manifest is read back as it was written, and rubbish throws', () => {
    const text = `G1.20\nD\nF${'a'.repeat(40)} a b.go\nX${'b'.repeat(40)} gen.go\nN${'c'.repeat(40)} a b.go\nIx.y/z\nE*.txt\nTtestdata\nDinner/x\nF${'d'.repeat(40)} y\n`
    assert.is(formatManifest(parseManifest(text)), text)
    assert.throws(() => parseManifest('rubbish'))
    assert.throws(() => parseManifest('D\nFx').directory(''))
  })
})

function readZip(bytes: Buffer, prefix = 'github.com/docker/go-units@v0.4.0/') {
  return readModuleZip(
    {
      size: bytes.length,
      fill: (buffer, position) => bytes.copy(buffer, 0, position, position + buffer.length),
    },
    prefix,
    'sha1',
  )
}

/** A zip of one entry that is stored as it is. */
function storedZip(name: string, content: string): Buffer {
  const entry = Buffer.from(name, 'latin1')
  const bytes = Buffer.from(content, 'latin1')
  const local = Buffer.alloc(30)
  local.write('PK\x03\x04', 0, 'latin1')
  local.writeUInt32LE(bytes.length, 18)
  local.writeUInt32LE(bytes.length, 22)
  local.writeUInt16LE(entry.length, 26)
  const central = Buffer.alloc(46)
  central.write('PK\x01\x02', 0, 'latin1')
  central.writeUInt32LE(bytes.length, 20)
  central.writeUInt32LE(bytes.length, 24)
  central.writeUInt16LE(entry.length, 28)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + entry.length, 12)
  end.writeUInt32LE(local.length + entry.length + bytes.length, 16)
  return Buffer.concat([local, entry, bytes, central, entry, end])
}
