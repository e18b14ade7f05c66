import * as assert from 'uvu/assert'
import {objectVersion} from '../../../src/go/binary/object-header.ts'
import {suite} from '../../support/suite.ts'

const archive = (header: string) =>
  Buffer.from(
    `!<arch>\n__.PKGDEF       0           0     0     644     5518      \`\n${header}\nbuild id "a/b"\n`,
  )

const cases: [name: string, head: Uint8Array, version: string | undefined][] = [
  ['a release', archive('go object linux amd64 go1.26.8 GOAMD64=v1 X:aliastypeparams'), 'go1.26.8'],
  ['no experiments', archive('go object linux arm64 go1.21.13'), 'go1.21.13'],
  ['a development tree', archive('go object linux amd64 devel go1.28-1a2b3c Tue Nov 3'), 'go1.28-1a2b3c'],
  ['a module index', Buffer.from('go index v2\n'), undefined],
  ['another archive', Buffer.from('!<arch>\n/               0  '), undefined],
  ['a file cut short', Buffer.from('!<ar'), undefined],
  ['an empty file', Buffer.alloc(0), undefined],
  ['a view into a larger buffer', archive('xx\ngo object linux amd64 go1.25.3').subarray(0, 200), 'go1.25.3'],
]

suite('go/binary/object-header', test => {
  for (const [name, head, version] of cases) test(name, () => assert.is(objectVersion(head), version))
})
