/** Which changes of a GOROOT's tools mean that another compiler may have worked, and which do not. */
import {chmodSync, cpSync, linkSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {writeFiles} from '../support/rig.ts'
import {identify, makeSmallGoroot, smallSystem} from '../support/small-goroot.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const tool = 'pkg/tool/linux_amd64/compile'
const later = 4_000_000_000

/** What is done to a GOROOT between two plans, and whether the tools may have been others meanwhile. */
const changes: [what: string, change: (goroot: string) => void, isReplaced: boolean][] = [
  ['nothing', () => undefined, false],
  ['another mode of the compiler', goroot => chmodSync(join(goroot, tool), 0o700), false],
  ['a hard link elsewhere', goroot => linkSync(join(goroot, tool), join(goroot, '../link')), false],
  ['a tool more', goroot => writeFiles(goroot, {'pkg/tool/linux_amd64/covdata': ''}), false],
  ['a program in bin', goroot => writeFiles(goroot, {'bin/gopls': ''}), false],
  ['a file of src', goroot => writeFiles(goroot, {'src/fmt/zz.go': 'package fmt\n'}), false],
  [
    'another version',
    goroot => {
      writeFiles(goroot, {VERSION: 'go1.26.9\n'})
      writeFileSync(join(goroot, tool), '#!/bin/sh\n# 1.26.9\n')
    },
    false,
  ],
  ['another compiler in place', goroot => writeFileSync(join(goroot, tool), '#!/bin/sh\n# another\n'), true],
  [
    'another compiler of the same size and time',
    goroot => {
      writeFileSync(join(goroot, '../new'), '#!/bin/sh\nexit 1\n', {mode: 0o755})
      utimesSync(join(goroot, '../new'), later, later)
      renameSync(join(goroot, '../new'), join(goroot, tool))
    },
    true,
  ],
  [
    'the compiler renamed away and back',
    goroot => {
      renameSync(join(goroot, tool), join(goroot, 'pkg/tool/linux_amd64/old'))
      renameSync(join(goroot, 'pkg/tool/linux_amd64/old'), join(goroot, tool))
    },
    true,
  ],
  [
    'a copy of the compiler in its place',
    goroot => {
      cpSync(join(goroot, tool), join(goroot, '../copy'))
      rmSync(join(goroot, tool))
      renameSync(join(goroot, '../copy'), join(goroot, tool))
    },
    true,
  ],
  ['another header of the assembler', goroot => writeFiles(goroot, {'pkg/include/textflag.h': '// x'}), true],
]

suite('toolchain/replaced', test => {
  for (const [what, change, isReplaced] of changes) {
    test(`${what}: ${isReplaced ? 'another compiler may have worked' : 'no alarm'}`, async () => {
      await withTemporary(async folder => {
        const goroot = makeSmallGoroot(join(folder, 'go'))
        const system = smallSystem({HOME: join(folder, 'home')})
        utimesSync(join(goroot, tool), later, later)
        const before = await identify(system, goroot, join(folder, 'store'))
        change(goroot)
        const GOVERSION = what === 'another version' ? 'go1.26.9' : 'go1.26.8'
        const after = await identify(system, goroot, join(folder, 'store'), {GOVERSION})
        assert.is(after.replaced?.hash, isReplaced ? before.hash : undefined)
        assert.is((await identify(system, goroot, join(folder, 'store'), {GOVERSION})).replaced, undefined)
      })
    })
  }
})
