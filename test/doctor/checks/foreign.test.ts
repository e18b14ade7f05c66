/** Which files of a GOROOT are of another release, by a list or by times. */
import * as assert from 'uvu/assert'
import {foreignFiles} from '../../../src/doctor/checks/foreign.ts'
import type {SourceFile} from '../../../src/doctor/probes/goroot.ts'
import {suite} from '../../support/suite.ts'

const second = 1_000_000_000n
const released = 1_700_000_000n * second

/** Files in seconds from the release (modification) and from the first write (change). */
function files(...times: [path: string, modified: number, changed: number][]): SourceFile[] {
  return times.map(([path, modified, changed]) => ({
    path,
    mtimeNs: released + BigInt(modified) * second,
    ctimeNs: released + 1_000_000n * second + BigInt(changed) * second,
  }))
}

const brought = files(['src/a.go', 0, 10], ['src/b.go', 0, 11], ['src/c.go', 0, 12], ['src/d.go', 0, 13])
const copied = files(['src/a.go', 10, 10], ['src/b.go', 11, 11], ['src/c.go', 12, 12], ['src/d.go', 13, 13])

type Row = {
  name: string
  files: SourceFile[]
  version?: bigint | undefined
  release?: string[]
  foreign: string[]
}

const rows: Row[] = [
  {name: 'as it was unpacked', files: brought, foreign: []},
  {name: 'as it was copied, with times of its own', files: copied, foreign: []},
  {
    name: 'an older file of another archive',
    files: [...brought, ...files(['src/old.go', -9_000, 1])],
    foreign: ['src/old.go'],
  },
  {
    name: 'files of a newer release below, which were there before',
    files: [...brought, ...files(['src/x.go', 50, 1], ['src/y.go', 51, 2], ['src/z.go', 52, 3])],
    foreign: ['src/x.go', 'src/y.go', 'src/z.go'],
  },
  {
    name: 'two that a distribution has changed, the first that were written',
    files: [...brought, ...files(['src/x.go', 50, 1], ['src/y.go', 51, 2])],
    foreign: [],
  },
  {
    name: 'one that was edited or added later',
    files: [...brought, ...files(['src/own.go', 99_999, 99_999])],
    foreign: [],
  },
  {
    name: 'a copy over an older one',
    files: [...copied, ...files(['src/old.go', -9_000, 1])],
    foreign: ['src/old.go'],
  },
  {
    name: 'a copy that took an hour less',
    files: [...copied, ...files(['src/slow.go', -3_000, 1])],
    foreign: [],
  },
  {
    name: 'a VERSION that somebody wrote anew says nothing',
    files: brought,
    version: released + 100_000n * second,
    foreign: [],
  },
  {
    name: 'no VERSION: a development tree',
    files: [...copied, ...files(['src/old.go', -9_000, 1])],
    version: undefined,
    foreign: [],
  },
  {
    name: 'the list of the release decides, and go.mod is _go.mod in it',
    files: [...brought, ...files(['src/go.mod', 0, 1], ['src/extra.go', 0, 14])],
    release: ['src/a.go', 'src/b.go', 'src/c.go', 'src/d.go', 'src/_go.mod', 'src/gone.go'],
    foreign: ['src/extra.go'],
  },
]

suite('foreign files', test => {
  for (const row of rows)
    test(row.name, () => {
      const found = foreignFiles({
        files: row.files,
        versionNs: 'version' in row ? row.version : released,
        release: row.release && {folder: '/m', files: new Set(row.release)},
      })
      assert.equal(found?.paths ?? [], row.foreign)
    })
})
