import {mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {nodeSystem} from '../../src/system/node.ts'
import {overlapsOf} from '../../src/toolchain/overlap.ts'
import {gorootAt} from '../support/goroot-at.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

suite('toolchain/overlap', test => {
  const rows: [name: string, GOCACHE: string, found: string[]][] = [
    ['a cache in GOROOT', 'go/cache', ['go/cache']],
    ['a cache that is not there yet', 'go/nowhere', ['go/nowhere']],
    ['a link into GOROOT', 'link', ['go/cache']],
    ['a cache beside GOROOT', 'gopher', []],
    ['a link to itself, which go refuses by itself', 'loop', []],
  ]
  for (const [name, cache, found] of rows) {
    test(name, async () => {
      await withTemporary(directory => {
        mkdirSync(join(directory, 'go/cache'), {recursive: true})
        mkdirSync(join(directory, 'gopher'))
        symlinkSync('go/cache', join(directory, 'link'))
        symlinkSync('loop', join(directory, 'loop'))
        const env = {
          GOENV: 'off',
          GOROOT: gorootAt(join(directory, 'go')),
          GOMODCACHE: join(directory, 'modules'),
          GOCACHE: join(directory, cache),
        }
        const overlaps = overlapsOf({...nodeSystem(), env: {HOME: directory, GOPATH: '/nowhere'}}, env)
        assert.equal(
          overlaps.map(({variable, path}) => [variable, path]),
          found.map(path => ['GOCACHE', join(directory, path)]),
        )
      })
    })
  }
})
