import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {RandomAccess} from '../../../src/go/binary/random-access.ts'
import {readSections, readSymbolSizes} from '../../../src/go/binary/sections.ts'
import {machine} from '../../support/rig.ts'
import {suite} from '../../support/suite.ts'

suite('sections', test => {
  const rows: [file: string, names: string[], symbol?: [name: string, size: number]][] = [
    ['elf/testdata/gcc-amd64-linux-exec', ['.interp', '.text', '.data', '.symtab'], ['main', 27]],
    ['elf/testdata/gcc-386-freebsd-exec', ['.interp', '.text', '.data', '.symtab'], ['main', 46]],
    ['pe/testdata/gcc-amd64-mingw-exec', ['.text', '.data', '.rdata', '.idata']],
    ['macho/testdata/gcc-amd64-darwin-exec.base64', ['__TEXT,__text', '__TEXT,__cstring', '__DATA,__data']],
  ]
  for (const [file, names, symbol] of rows) {
    test(`of ${file}`, () => {
      const bytes = read(file)
      const found = readSections(fileOf(bytes))
      assert.equal(
        names.filter(name => !found.some(each => each.name === name)),
        [],
        found.map(({name}) => name).join(' '),
      )
      assert.is(
        found.every(({offset, size}) => offset + size <= bytes.length),
        true,
      )
      const symbols = readSymbolSizes(fileOf(bytes))
      if (symbol === undefined) assert.is(symbols, undefined)
      else assert.is(symbols?.get(symbol[0]), symbol[1])
    })

    test(`of ${file}, cut anywhere, without an end or an error`, () => {
      const bytes = read(file)
      for (let length = 0; length < bytes.length; length += 97) {
        readSections(fileOf(bytes.subarray(0, length)))
        readSymbolSizes(fileOf(bytes.subarray(0, length)))
      }
    })
  }

  test('of what is no executable, none', () => {
    assert.equal(readSections(fileOf(Buffer.from('text'))), [])
    assert.is(readSymbolSizes(fileOf(Buffer.from('text'))), undefined)
  })
})

function read(file: string): Buffer {
  const bytes = readFileSync(join(machine.goroot, 'src/debug', file))
  return file.endsWith('.base64') ? Buffer.from(bytes.toString(), 'base64') : bytes
}

function fileOf(bytes: Buffer): RandomAccess {
  return {size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length)}
}
