import * as assert from 'uvu/assert'
import {type Program, readDynamic} from '../../../src/go/binary/elf-dynamic.ts'
import {fields} from '../../../src/go/binary/image.ts'
import {suite} from '../../support/suite.ts'

const [load, dynamic, interpreter] = [1, 2, 3]

suite('go/binary/elf-dynamic', test => {
  for (const isWide of [true, false]) {
    test(`loader, libraries and their versions, ${isWide ? 64 : 32} bit`, () => {
      assert.equal(read({isWide}), {
        loader: '/lib64/ld.so.2',
        libraries: [
          {name: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5']},
          {name: 'libm.so.6', versions: []},
        ],
      })
    })
  }

  test('a static file needs nothing', () => {
    assert.is(read({without: [dynamic]}), undefined)
  })

  test('without a loader, as a shared library is', () => {
    assert.is(read({without: [interpreter]})?.loader, undefined)
    assert.is(read({without: [interpreter]})?.libraries.length, 2)
  })

  test('a table of strings that no segment holds: nothing is known', () => {
    assert.is(read({stringsAt: 0x900000n}), undefined)
  })

  test('more versions than the chain has, or than anybody reads, end', () => {
    assert.equal(read({versionCount: 0xffff})?.libraries[0]?.versions, ['GLIBC_2.34', 'GLIBC_2.2.5'])
    const long = read({versionCount: 0xffff, chain: 4000})
    assert.is(long?.libraries[0]?.versions.length, 1024)
  })
})

type Shape = {
  isWide?: boolean
  without?: number[]
  stringsAt?: bigint
  versionCount?: number
  chain?: number
}

const base = 0x400000n
const strings = Buffer.from('\0libc.so.6\0libm.so.6\0GLIBC_2.34\0GLIBC_2.2.5\0', 'latin1')
const place = (text: string) => strings.indexOf(`${text}\0`, 0, 'latin1')

/** One loaded segment over the whole file: the dynamic section at 0x100, strings at 0x400, the loader at 0x600, versions at 0x800. */
function read({isWide = true, without = [], stringsAt, versionCount = 2, chain = 2}: Shape) {
  const file = Buffer.alloc(0x20000)
  const width = isWide ? 8 : 4
  const tags: [tag: number, value: bigint][] = [
    [1, BigInt(place('libc.so.6'))],
    [1, BigInt(place('libm.so.6'))],
    [1, BigInt(place('libc.so.6'))],
    [5, stringsAt ?? base + 0x400n],
    [10, BigInt(strings.length)],
    [0x6ffffffe, base + 0x800n],
    [0x6fffffff, 1n],
    [0, 0n],
    [1, 1n],
  ]
  for (const [index, [tag, value]] of tags.entries()) {
    const at = 0x100 + index * 2 * width
    if (isWide) {
      file.writeBigUInt64LE(BigInt(tag), at)
      file.writeBigUInt64LE(value, at + 8)
    } else {
      file.writeUInt32LE(tag, at)
      file.writeUInt32LE(Number(value), at + 4)
    }
  }
  strings.copy(file, 0x400)
  file.write('/lib64/ld.so.2\0', 0x600, 'latin1')
  file.writeUInt16LE(1, 0x800)
  file.writeUInt16LE(versionCount, 0x802)
  file.writeUInt32LE(place('libc.so.6'), 0x804)
  file.writeUInt32LE(16, 0x808)
  for (let link = 0; link < chain; link++) {
    const at = 0x810 + link * 16
    file.writeUInt32LE(place(link % 2 === 0 ? 'GLIBC_2.34' : 'GLIBC_2.2.5'), at + 8)
    file.writeUInt32LE(link + 1 === chain ? 0 : 16, at + 12)
  }
  const programs: Program[] = [
    {type: load ?? 0, address: base, offset: 0, size: file.length},
    {type: dynamic ?? 0, address: base + 0x100n, offset: 0x100, size: tags.length * 2 * width},
    {type: interpreter ?? 0, address: base + 0x600n, offset: 0x600, size: 15},
  ]
  return readDynamic(
    {size: file.length, read: (offset, length) => file.subarray(offset, offset + length)},
    programs.filter(({type}) => !without.includes(type)),
    isWide,
    bytes => fields(bytes, true, isWide),
  )
}
