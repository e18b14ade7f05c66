/** An empty module cache: what go is asked for, and who is asked about it. */
import {existsSync, readFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine} from '../../support/rig.ts'
import {suite} from '../../support/suite.ts'
import {edit, stageAll} from '../../support/tampers.ts'
import {removeModules, withTemporary} from '../../support/temporary.ts'
import {makeTrees, withTree} from '../../support/vendored.ts'
import {found, verifyTree} from '../../support/verify.ts'

const names = ['plain', 'replaced', 'workspace', 'vendor.mod'] as const
const {base, unavailable} = makeTrees(names)

/** Runs `body` with an empty module cache, a proxy that has everything, and a checksum database that answers nothing but notes who asks. */
async function withEmptyCache(
  body: (judge: (directory: string) => Promise<string[]>, asked: string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = request.url ?? ''
    const path = join(machine.modules, 'cache', 'download', url.slice('/proxy/'.length))
    const isServed = url.startsWith('/proxy/') && !url.includes('/sumdb/') && existsSync(path)
    if (url.startsWith('/database/')) asked.push(url.slice('/database'.length))
    if (isServed) response.end(readFileSync(path))
    else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  try {
    await withTemporary(async temporary => {
      const env = {
        GOMODCACHE: join(temporary, 'modules'),
        // What go remembers of the database lies there.
        GOPATH: join(temporary, 'path'),
        GOPROXY: `http://127.0.0.1:${port}/proxy`,
        GOSUMDB: `sum.golang.org http://127.0.0.1:${port}/database`,
        GONOSUMDB: '',
        GOPRIVATE: '',
      }
      await body(
        async directory => found(await verifyTree(directory, {store: temporary, env, offline: false})),
        asked,
      )
      removeModules(join(temporary, 'modules'))
    })
  } finally {
    server.close()
  }
}

suite('verify: downloads', test => {
  for (const name of names) {
    test.unless(unavailable, `tree ${name} is in order, and no checksum database is asked`, () =>
      withTree(base, name, directory =>
        withEmptyCache(async (judge, asked) => {
          assert.equal(await judge(directory), [])
          assert.equal(asked, [])
        }),
      ),
    )
  }

  for (const [what, line] of [
    ['zip', /^(github\.com\/sirupsen\/logrus v1\.9\.3 h1:)(.)/m],
    ['go.mod', /^(github\.com\/sirupsen\/logrus v1\.9\.3\/go\.mod h1:)(.)/m],
  ] as const) {
    test.unless(unavailable, `a wrong hash of a ${what}: the database is asked of that module alone`, () =>
      withTree(base, 'plain', directory =>
        withEmptyCache(async (judge, asked) => {
          edit(directory, 'go.sum', text =>
            text.replace(line, (_, head: string, first: string) => head + (first === 'A' ? 'B' : 'A')),
          )
          stageAll(directory)
          const codes = await judge(directory)
          assert.ok(codes.includes('SUM_CHANGED go.sum'), codes.join())
          assert.ok(codes.includes('VENDOR_UNPROVEN vendor/modules.txt'), codes.join())
          assert.is(codes.length, 2)
          assert.ok(asked.length > 0)
          assert.equal(
            [...new Set(asked)].filter(url => url.startsWith('/lookup/')),
            ['/lookup/github.com/sirupsen/logrus@v1.9.3'],
          )
        }),
      ),
    )
  }
})
