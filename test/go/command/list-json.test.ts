import * as assert from 'uvu/assert'
import {listedPackages} from '../../../src/go/command/list-json.ts'
import {suite} from '../../support/suite.ts'

/** What go prints, and what becomes of it with the hash `h`. */
const cases: [name: string, before: string, after: string][] = [
  ['nothing', '', ''],
  ['a package', '{\n\t"Dir": "d"\n}\n', '{\n\t"ToolchainHash": "h",\n\t"Dir": "d"\n}\n'],
  ['no fields', '{}\n{}\n', '{\n\t"ToolchainHash": "h"\n}\n{\n\t"ToolchainHash": "h"\n}\n'],
  [
    'an object in it',
    '{\n\t"Module": {\n\t\t"Path": "{"\n\t}\n}\n',
    '{\n\t"ToolchainHash": "h",\n\t"Module": {\n\t\t"Path": "{"\n\t}\n}\n',
  ],
  ['an unfinished line', '{\n\t"Dir', '{\n\t"Dir'],
  ['bytes that are no text', '{\n\t"Dir": "\xff"\n}\n', '{\n\t"ToolchainHash": "h",\n\t"Dir": "\xff"\n}\n'],
]

suite('go/command/list-json', test => {
  for (const [name, before, after] of cases) {
    for (const size of [1, 2, 3, 7, 1000]) {
      test(`${name}, ${size} bytes at a time`, () => {
        const filtered = listedPackages('h')
        const all = Buffer.from(before, 'latin1')
        const pieces: Buffer[] = []
        for (let at = 0; at < all.length; at += size) pieces.push(filtered(all.subarray(at, at + size)))
        assert.is(Buffer.concat([...pieces, filtered('end')]).toString('latin1'), after)
      })
    }
  }
})
