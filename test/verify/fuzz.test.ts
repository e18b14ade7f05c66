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
import {inMemory} from '../support/zip.ts'

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
    const text = `G1.20\nD+\nF${'a'.repeat(40)} a b.go\nX${'b'.repeat(40)} gen.go\nN${'c'.repeat(40)} a b.go\nIx.y/z\nE*.txt\nTtestdata\nD+inner/x\nF${'d'.repeat(40)} y\nD-inner\nF${'e'.repeat(40)} LICENSE\nD!gone\n`
    assert.is(formatManifest(parseManifest(text)), text)
    assert.throws(() => parseManifest('rubbish'))
    assert.throws(() => parseManifest('D+\nFx').directory(''))
  })
})

function readZip(bytes: Buffer) {
  return readModuleZip(inMemory(bytes), {
    prefix: 'github.com/docker/go-units@v0.4.0/',
    format: 'sha1',
    packages: [''],
  })
}
