import * as assert from 'uvu/assert'
import {
  moduleFiles,
  parseToolchainHash,
  toolchainHash,
  toolchainModule,
  withUpstreamDownloads,
} from '../../../src/go/module/toolchain-module.ts'
import {h1From} from '../../support/hashes.ts'
import {suite} from '../../support/suite.ts'

const same = () => true
const different = () => false
const h1 = h1From('h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')

const upstream = `# This file contains the initial defaults for go command configuration.

GOPROXY=https://proxy.golang.org,direct
GOSUMDB=sum.golang.org

GOTOOLCHAIN=auto
`

suite('go/module/toolchain-module', test => {
  test('a go.mod is packed as _go.mod', () => {
    assert.equal(moduleFiles('src', ['all.bash', 'go.mod'], same), [
      {path: 'src/all.bash', name: 'src/all.bash'},
      {path: 'src/go.mod', name: 'src/_go.mod'},
    ])
  })

  test('a go.mod beside its _go.mod is the unpacked copy', () => {
    assert.equal(moduleFiles('', ['_go.mod', 'go.mod'], same), [{path: '_go.mod', name: '_go.mod'}])
  })

  test('a go.mod that differs from its _go.mod counts', () => {
    assert.equal(moduleFiles('', ['_go.mod', 'go.mod'], different), [
      {path: '_go.mod', name: '_go.mod'},
      {path: 'go.mod', name: 'go.mod'},
    ])
  })

  test('of bin, go and gofmt are packed; what go install put there is not', () => {
    assert.equal(
      moduleFiles('bin', ['dlv', 'go', 'go.mod', 'gofmt', 'gopls'], same).map(({name}) => name),
      ['bin/go', 'bin/gofmt'],
    )
    assert.equal(moduleFiles('src/bin', ['gopls'], same), [{path: 'src/bin/gopls', name: 'src/bin/gopls'}])
  })

  test('the name of the module, and of the hash', () => {
    assert.is(
      toolchainModule('go1.26.8', 'linux', 'amd64'),
      'golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64',
    )
    assert.is(toolchainHash('go1.26.8', 'linux', 'amd64', h1), `go1.26.8.linux-amd64@${h1}`)
  })

  test('a hash is taken apart as it was made', () => {
    assert.equal(parseToolchainHash(`go1.26.8.linux-amd64@${h1}`), {
      hash: `go1.26.8.linux-amd64@${h1}`,
      version: 'go1.26.8',
      os: 'linux',
      arch: 'amd64',
      h1,
    })
    for (const text of [
      '',
      h1,
      `go1.26.8@${h1}`,
      `go1.26.8.linux-amd64@${h1.slice(0, -2)}`,
      `go1.26.8.linux-amd64@${h1}x`,
    ]) {
      assert.is(parseToolchainHash(text), undefined, text)
    }
  })

  test('where to download from does not count', () => {
    assert.is(withUpstreamDownloads(upstream), upstream)
    assert.is(withUpstreamDownloads(upstream.replace('=auto', '=local')), upstream)
    assert.is(
      withUpstreamDownloads(upstream.replace('https://proxy.golang.org,direct', 'https://goproxy.example')),
      upstream,
    )
    assert.is(withUpstreamDownloads(`${upstream}GOTOOLCHAIN=local\n`), upstream)
  })

  test('any other line counts as it stands', () => {
    const changed = `${upstream}GOFLAGS=-trimpath\n`
    assert.is(withUpstreamDownloads(changed), changed)
    assert.is.not(withUpstreamDownloads(upstream.replace('GOTOOLCHAIN=auto\n', '')), upstream)
  })
})
