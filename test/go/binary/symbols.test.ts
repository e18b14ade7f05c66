/** Objects of a real compiler and assembler, and damaged ones. */
import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {namesInListing, objectHeader, parseBuiltinList, readObjects} from '../../../src/go/binary/symbols.ts'
import {machine} from '../../support/rig.ts'
import {suite} from '../../support/suite.ts'
import {withTemporary} from '../../support/temporary.ts'

const source =
  'package p\n\ntype T struct{ t *T }\n\nfunc F(m map[string]int, t *T) int { t.t = new(T); m["a"]++; return m["b"] }\n'

/** The object of `source`, and what `compile -S` says of it. */
async function withObject<T>(body: (object: Buffer, listing: string) => T): Promise<T> {
  return await withTemporary(async folder => {
    writeFileSync(join(folder, 'p.go'), source)
    const listing = tool(folder, 'compile', ['-S', '-p', 'p', '-o', 'p.o', 'p.go'])
    return body(readFileSync(join(folder, 'p.o')), listing)
  })
}

function tool(cwd: string, name: string, words: string[]): string {
  const env = {...process.env, GOTOOLCHAIN: 'local', GOWARDEN: 'off'}
  return execFileSync('go', ['tool', name, ...words], {cwd, env}).toString()
}

suite('symbols', test => {
  test('what an object defines, refers to by name, and by number', async () => {
    await withObject((bytes, listing) => {
      const [object, ...more] = readObjects(bytes) ?? []
      assert.is(more.length, 0)
      assert.match(object?.header ?? '', new RegExp(`^go object \\S+ \\S+ ${machine.version}`))
      assert.ok(object?.defined.some(({name, abi}) => name === 'p.F' && abi === 1))
      const list = parseBuiltinList(
        readFileSync(join(machine.goroot, 'src/cmd/internal/goobj/builtinlist.go'), 'utf8'),
      )
      const names = namesInListing(listing)
      const called =
        object?.builtins.map(({symbol, offset, builtin}) => [
          names.get(`${symbol} ${offset}`),
          list[builtin]?.name,
        ]) ?? []
      for (const [compiler, linker] of called) assert.is(compiler, linker)
      for (const name of ['runtime.newobject', 'runtime.mapassign_faststr', 'runtime.writeBarrier'])
        assert.ok(
          called.some(([compiler]) => compiler === name),
          `${name} in ${called}`,
        )
    })
  })

  test('an object of the assembler stands alone', async () => {
    await withTemporary(async folder => {
      writeFileSync(join(folder, 'a.s'), 'TEXT ·G(SB), 4, $0-0\n\tCALL runtime·panicwrap(SB)\n\tRET\n')
      tool(folder, 'asm', ['-p', 'p', '-o', 'a.o', 'a.s'])
      const bytes = readFileSync(join(folder, 'a.o'))
      assert.match(objectHeader(bytes) ?? '', /^go object /)
      const [object] = readObjects(bytes) ?? []
      assert.ok(
        object?.defined.some(({name, abi}) => name === 'p.G' && abi === 0),
        JSON.stringify(object?.defined),
      )
      assert.ok(
        object?.referred.some(({name}) => name === 'runtime.panicwrap'),
        JSON.stringify(object?.referred),
      )
    })
  })

  test('damaged ones are no objects, and nothing is thrown', async () => {
    await withObject(bytes => {
      assert.is(readObjects(Buffer.from('!<arch>\n'))?.length, 0)
      assert.is(readObjects(Buffer.from('something else')), undefined)
      for (let cut = 8; cut < bytes.length; cut += 97) readObjects(bytes.subarray(0, cut))
      for (let at = 8; at < bytes.length; at += 31) {
        const changed = Buffer.from(bytes)
        changed[at] = 0xff
        readObjects(changed)
      }
    })
  })
})
