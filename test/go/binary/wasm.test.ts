/** WebAssembly as hand-made modules; test/go/binary/executable.test.ts reads those that go builds. */
import * as assert from 'uvu/assert'
import {readWasm} from '../../../src/go/binary/wasm.ts'
import {suite} from '../../support/suite.ts'

const textStart = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex')
const textEnd = Buffer.from('f932433186182072008242104116d8f2', 'hex')
const producers = custom('producers', '\x01\x08language\x01\x02Go\x08go1.26.8')
const buildId = custom('go:buildid', '\xff Go build ID: "a/b/c/d"\n \xff')

suite('go/binary/wasm', test => {
  test('module text, Go version and build ID', () => {
    assert.equal(read(buildId, data(framed('example.com/app')), producers), {
      buildInfo: {goVersion: 'go1.26.8', path: 'example.com/app', deps: [], settings: []},
      buildId: 'a/b/c/d',
    })
  })

  test('the same text twice is one', () => {
    const text = framed('example.com/app')
    assert.is(pathOf(read(data(text, text), data(text), producers)), 'example.com/app')
  })

  for (const before of [1, 15, 16, 17]) {
    test(`a text that begins ${before} bytes before a piece ends`, () => {
      const text = framed('example.com/app')
      assert.is(pathOf(read(data(Buffer.alloc((1 << 20) - before), text), producers)), 'example.com/app')
    })
  }

  const answers: [name: string, bytes: Buffer, kind: string, reason: RegExp][] = [
    ['a module of another compiler', wasm(data(Buffer.from('x'))), 'not-go', /no build info/],
    [
      'a text outside the data',
      wasm(custom('x', framed('a').toString('latin1')), producers),
      'not-go',
      /no build info/,
    ],
    [
      'a text without its end',
      wasm(data(textStart, Buffer.from('path\ta\n')), producers),
      'not-go',
      /no build info/,
    ],
    [
      'a module that holds another',
      wasm(data(framed('a')), data(framed('b')), producers),
      'hidden',
      /several/,
    ],
    ['a module without producers', wasm(data(framed('a'))), 'corrupt', /producers/],
    [
      'producers of another language',
      wasm(data(framed('a')), custom('producers', 'Rust')),
      'corrupt',
      /producers/,
    ],
    ['a module that is cut off', wasm(data(framed('a')), producers).subarray(0, 60), 'corrupt', /cut off/],
    [
      'a size without end',
      Buffer.concat([wasm(), Buffer.from('0bffffffffffff', 'hex')]),
      'corrupt',
      /cut off/,
    ],
    [
      'more sections than anybody reads',
      wasm(...Array(2000).fill(custom('x', ''))),
      'corrupt',
      /more sections/,
    ],
    ['a component', Buffer.from('\0asm\x0d\0\x01\0', 'latin1'), 'unsupported', /component/],
  ]
  for (const [name, bytes, kind, reason] of answers) {
    test(`answers for ${name}`, () => {
      const answer = readWasm(inMemory(bytes))
      assert.is('kind' in answer ? answer.kind : 'go', kind)
      assert.match('kind' in answer ? answer.reason : '', reason)
    })
  }
})

function read(...sections: Buffer[]) {
  return readWasm(inMemory(wasm(...sections)))
}

function pathOf(answer: ReturnType<typeof readWasm>): string {
  return 'kind' in answer ? answer.reason : (answer.buildInfo.path ?? '')
}

function wasm(...sections: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('\0asm\x01\0\0\0', 'latin1'), ...sections])
}

function section(id: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([id]), varint(content.length), content])
}

function custom(name: string, content: string): Buffer {
  return section(0, Buffer.concat([Buffer.from([name.length]), Buffer.from(name + content, 'latin1')]))
}

function data(...content: Buffer[]): Buffer {
  return section(11, Buffer.concat(content))
}

function framed(path: string): Buffer {
  return Buffer.concat([textStart, Buffer.from(`path\t${path}\n`), textEnd])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    bytes.push(left < 128 ? left : (left % 128) + 128)
    if (left < 128) return Buffer.from(bytes)
  }
}

function inMemory(bytes: Buffer) {
  return {
    size: bytes.length,
    read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
  }
}
