import * as assert from 'uvu/assert'
import {type Libc, libcOf} from '../../src/inspect/libc.ts'
import {suite} from '../support/suite.ts'

type Row = [
  name: string,
  loader: string | undefined,
  libraries: Record<string, string[]>,
  libc: Libc | undefined,
]

const glibc = (version: string): Libc => ({name: 'glibc', version})
const rows: Row[] = [
  [
    'the newest version counts',
    '/lib64/ld-linux-x86-64.so.2',
    {'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34']},
    glibc('2.34'),
  ],
  ['by number, not by letter', undefined, {'libc.so.6': ['GLIBC_2.9', 'GLIBC_2.17']}, glibc('2.17')],
  ['2.3.4 is newer than 2.3', undefined, {'libc.so.6': ['GLIBC_2.3', 'GLIBC_2.3.4']}, glibc('2.3.4')],
  ['of every library', undefined, {'libc.so.6': ['GLIBC_2.2.5'], 'libm.so.6': ['GLIBC_2.29']}, glibc('2.29')],
  ['relative relocations', undefined, {'libc.so.6': ['GLIBC_2.34', 'GLIBC_ABI_DT_RELR']}, glibc('2.36')],
  ['private symbols say nothing', undefined, {'libc.so.6': ['GLIBC_PRIVATE']}, undefined],
  ['musl by its loader', '/lib/ld-musl-x86_64.so.1', {'libc.so': []}, {name: 'musl', version: undefined}],
  ['musl by its library', undefined, {'libc.musl-x86_64.so.1': []}, {name: 'musl', version: undefined}],
  ['macOS', '/usr/lib/dyld', {'/usr/lib/libSystem.B.dylib': []}, undefined],
]

suite('inspect/libc', test => {
  for (const [name, loader, libraries, libc] of rows) {
    test(name, () => {
      const listed = Object.entries(libraries).map(([library, versions]) => ({name: library, versions}))
      assert.equal(libcOf({loader, libraries: listed}), libc)
    })
  }
})
