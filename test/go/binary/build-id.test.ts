import * as assert from 'uvu/assert'
import {type BuildId, buildIdInNotes, buildIdInText, splitBuildId} from '../../../src/go/binary/build-id.ts'
import {suite} from '../../support/suite.ts'

suite('build ID', test => {
  const splits: [text: string, id: BuildId][] = [
    [
      'Gs678qCi4XsaUGt_Y57L/fI9ZtgIRR4KaAIhlAcYT/MhI59Oq6GsiTh9uvaJXX/4Fc9twfNtL8rhuvdq8hy',
      {
        kind: 'executable',
        binActionId: 'Gs678qCi4XsaUGt_Y57L',
        mainActionId: 'fI9ZtgIRR4KaAIhlAcYT',
        mainContentId: 'MhI59Oq6GsiTh9uvaJXX',
        binContentId: '4Fc9twfNtL8rhuvdq8hy',
      },
    ],
    [
      'UcGJTxfCcTHvZgOGuVqM/-d7Xw_8w7ryKTi8VwBo2',
      {kind: 'archive', actionId: 'UcGJTxfCcTHvZgOGuVqM', contentId: '-d7Xw_8w7ryKTi8VwBo2'},
    ],
    ['redacted', {kind: 'other', text: 'redacted'}],
    ['a/b/c', {kind: 'other', text: 'a/b/c'}],
    ['a/b/c/d/e', {kind: 'other', text: 'a/b/c/d/e'}],
    ['a//c/d', {kind: 'other', text: 'a//c/d'}],
    ['/', {kind: 'other', text: '/'}],
    ['built by/my team', {kind: 'other', text: 'built by/my team'}],
    ['', {kind: 'other', text: ''}],
  ]
  for (const [text, id] of splits) test(`splits "${text}"`, () => assert.equal(splitBuildId(text), id))

  const go = ['Go\0\0', 4, 'a/b/c/d1'] as const
  const gnu = ['GNU\0', 3, '0123456789abcdefghij'] as const
  const notes: [
    name: string,
    bytes: Buffer,
    isLittleEndian: boolean,
    alignment: number,
    id: string | undefined,
  ][] = [
    ['alone', note(true, ...go), true, 4, 'a/b/c/d1'],
    ['alone, big endian', note(false, ...go), false, 4, 'a/b/c/d1'],
    ['read in the wrong byte order', note(false, ...go), true, 4, undefined],
    ['behind a GNU note', Buffer.concat([note(true, ...gnu), note(true, ...go)]), true, 4, 'a/b/c/d1'],
    [
      'behind a note padded to 8 bytes',
      Buffer.concat([note(true, 'GNU\0', 5, 'abcd'), Buffer.alloc(4), note(true, ...go)]),
      true,
      8,
      'a/b/c/d1',
    ],
    ['of another type', note(true, 'Go\0\0', 3, 'a/b'), true, 4, undefined],
    ['of another owner', note(true, 'Gox\0', 4, 'a/b'), true, 4, undefined],
    ['of an owner with a shorter name', note(true, 'Go\0', 4, 'a/b'), true, 4, undefined],
    ['empty', note(true, 'Go\0\0', 4, ''), true, 4, undefined],
    ['cut off', note(true, ...go).subarray(0, 20), true, 4, undefined],
    [
      'behind an absurd length',
      Buffer.concat([Buffer.alloc(12, 0xff), note(true, ...go)]),
      true,
      4,
      undefined,
    ],
    ['in nothing', Buffer.alloc(0), true, 4, undefined],
  ]
  for (const [name, bytes, isLittleEndian, alignment, id] of notes) {
    test(`in a note ${name}`, () => assert.is(buildIdInNotes(bytes, isLittleEndian, alignment), id))
  }

  const texts: [name: string, text: string, id: string | undefined][] = [
    ['at the start', '\xff Go build ID: "a/b"\n \xff', 'a/b'],
    ['behind code', '\x90\x90\xff Go build ID: "a/b"\n \xff\x90', 'a/b'],
    ['with escapes', '\xff Go build ID: "a\\"b"\n \xff', 'a"b'],
    ['not closed', '\xff Go build ID: "a/b', undefined],
    ['closed without a quote', '\xff Go build ID: "a/b\n \xff', undefined],
    ['empty', '\xff Go build ID: ""\n \xff', undefined],
    ['missing', '\x90\x90', undefined],
  ]
  for (const [name, text, id] of texts) {
    test(`in machine code, ${name}`, () => assert.is(buildIdInText(Buffer.from(text, 'latin1')), id))
  }
})

function note(isLittleEndian: boolean, name: string, type: number, text: string): Buffer {
  const padded = (part: string) => Buffer.from(part.padEnd(Math.ceil(part.length / 4) * 4, '\0'))
  const sizes = Buffer.alloc(12)
  for (const [index, value] of [name.length, text.length, type].entries()) {
    if (isLittleEndian) sizes.writeUInt32LE(value, index * 4)
    else sizes.writeUInt32BE(value, index * 4)
  }
  return Buffer.concat([sizes, padded(name), padded(text)])
}
