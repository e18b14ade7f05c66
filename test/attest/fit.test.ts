/** Statements laid beside binaries, and the forms in which they are read. */
import * as assert from 'uvu/assert'
import {fitOf} from '../../src/attest/fit.ts'
import type {Statement} from '../../src/attest/in-toto.ts'
import {type Attested, provenanceOf} from '../../src/attest/provenance.ts'
import {type ReadStatement, readAttestations} from '../../src/attest/read.ts'
import {fittedText} from '../../src/attest/text.ts'
import {suite} from '../support/suite.ts'

const revision = '2a1bb6127fb481c60f67692e22285fb306f3c6ff'
const h1 = 'h1:Khu2En+0gcYPZ2kuIihfswbzxv/mIHXgzPZ018Oty48='
const stamp = 'all=-env=ToolchainHash=go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
const attested: Attested = {
  name: 'app',
  sha256: 'a'.repeat(64),
  buildInfo: {
    goVersion: 'go1.26.8',
    path: 'example.com/app',
    main: {path: 'example.com/app', version: '(devel)'},
    deps: [
      {path: 'example.com/Lib', version: 'v1.2.3', sum: h1},
      {path: 'example.com/old', version: 'v1.0.0', replace: {path: '../old', version: '(devel)'}},
    ],
    settings: [
      {key: '-gcflags', value: stamp},
      {key: 'GOOS', value: 'linux'},
      {key: 'vcs', value: 'git'},
      {key: 'vcs.revision', value: revision},
      {key: 'vcs.modified', value: 'false'},
    ],
  },
}
const statement = provenanceOf(attested, {kind: 'published'}, '1')

suite('fit', test => {
  test('an unchanged statement fits in every point', () => {
    assert.equal(differing(statement), [])
    assert.is(fitOf(read(statement), attested).points.length, 14)
  })

  const edits: [what: string, edit: (statement: Statement) => void, differs: string[]][] = [
    ['another file', ({subject}) => Object.assign(subject[0]?.digest ?? {}, {sha256: 'b'}), ['sha256']],
    ['another package', edit => Object.assign(parameters(edit), {package: 'x'}), ['package']],
    ['no Go version', edit => delete parameters(edit)['goVersion'], ['goVersion']],
    ['a setting more', edit => Object.assign(settings(edit), {'-race': 'true'}), ['setting -race']],
    ['a setting less', edit => delete settings(edit)['GOOS'], ['setting GOOS']],
    ['another toolchain', edit => setDigest(edit, 'toolchain', {dirHash1: 'ff'}), ['toolchain']],
    ['another commit', edit => setDigest(edit, 'source', {gitCommit: 'ff'}), ['source']],
    [
      'another module',
      edit => setDigest(edit, 'example.com/Lib@v1.2.3', {dirHash1: 'ff'}),
      ['example.com/Lib@v1.2.3'],
    ],
    [
      'a second toolchain beside the true one',
      ({predicate}) =>
        predicate.buildDefinition.resolvedDependencies.unshift({
          name: 'toolchain',
          digest: {dirHash1: 'ff'},
        }),
      ['toolchain'],
    ],
    [
      'a builder who is trusted',
      ({predicate}) => Object.assign(predicate.runDetails.builder, {id: 'https://github.com/actions/runner'}),
      ['builder'],
    ],
    [
      'no dependencies',
      ({predicate}) => predicate.buildDefinition.resolvedDependencies.splice(0),
      ['toolchain', 'source', 'example.com/Lib@v1.2.3', '../old@(devel)'],
    ],
  ]
  for (const [what, edit, differs] of edits) {
    test(`an edited statement does not fit: ${what}`, () => {
      const edited = structuredClone(statement)
      edit(edited)
      assert.equal(differing(edited), differs)
    })
  }

  test('a statement that is nested without end is compared, and differs', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    const edited = structuredClone(statement)
    Object.assign(parameters(edited), {package: 'DEEP', settings: {x: 'DEEP'}})
    setDigest(edited, 'toolchain', {dirHash1: 'DEEP'})
    Object.assign(edited.predicate.runDetails.builder, {id: 'DEEP'})
    Object.assign(edited.predicate.buildDefinition.internalParameters ?? {}, {checkedHere: ['DEEP']})
    const found = readAttestations(JSON.stringify(edited).replaceAll('"DEEP"', deep))
    if (found.kind !== 'read' || found.statements[0] === undefined) throw new Error(found.kind)
    const differs = fitOf(found.statements[0], attested).points.filter(({verdict}) => verdict === 'differs')
    for (const name of ['package', 'setting x', 'toolchain', 'builder'])
      assert.ok(
        differs.some(point => point.name === name),
        name,
      )
    const odd = readAttestations(`{"payload": "", "payloadType": ${deep}}`)
    assert.is(odd.kind === 'malformed' && odd.reason, 'an envelope of another payload: its type is no text')
  })

  test('the name of a module cannot say more than its place in a purl', () => {
    const info = {...attested.buildInfo, deps: [{path: 'a.b/c@v9?x#y', version: 'v1.0.0', sum: h1}]}
    const made = provenanceOf({...attested, buildInfo: info}, {kind: 'published'}, '1')
    const {uri} = made.predicate.buildDefinition.resolvedDependencies.at(-1) ?? {}
    assert.is(uri, 'pkg:golang/a.b/c%40v9%3Fx%23y@v1.0.0')
  })

  test('what its writer says to have checked is shown as that', () => {
    const fit = fitOf(read(statement), attested)
    const text = fittedText('app.json', [{file: 'app', kind: 'compared', fits: [fit]}])
    assert.match(
      text,
      /\n {2}its writer says to have checked:\n {4}subject: .*\n {4}toolchain: its hash is in Go's/,
    )
  })

  test('of a statement by another tool the digest and the Git revision are compared', () => {
    const theirs = (gitCommit: string) => ({
      ...statement,
      predicate: {
        buildDefinition: {buildType: 'https://example.com/x', resolvedDependencies: [{digest: {gitCommit}}]},
      },
    })
    assert.equal(fitOf(read(theirs(revision)), attested).isCompared, false)
    assert.equal(differing(theirs(revision)), [])
    assert.equal(differing(theirs('ff')), ['source revision'])
    assert.equal(differing({...statement, predicateType: 'https://example.com/other'}), [])
  })
})

suite('read', test => {
  const text = JSON.stringify(statement)
  const envelope = (payload: string, payloadType = 'application/vnd.in-toto+json') => ({
    payload: Buffer.from(payload).toString('base64'),
    payloadType,
    signatures: [],
  })
  const forms: [name: string, text: string, forms: string[]][] = [
    ['a statement', text, ['statement']],
    ['an old statement', text.replace('Statement/v1', 'Statement/v0.1'), ['statement']],
    ['an indented one', JSON.stringify(statement, null, 2), ['statement']],
    ['an envelope', JSON.stringify(envelope(text)), ['envelope']],
    ['a bundle', JSON.stringify({dsseEnvelope: envelope(text)}), ['bundle']],
    ['one a line', `${text}\n${JSON.stringify(envelope(text))}\n\n`, ['statement', 'envelope']],
  ]
  for (const [name, given, expected] of forms) {
    test(`reads ${name}`, () => {
      const found = readAttestations(given)
      assert.equal(found.kind === 'read' && found.statements.map(({form}) => form), expected)
    })
  }

  const malformed: [text: string, reason: string][] = [
    ['', 'it is empty'],
    ['text', 'it is no JSON'],
    [`${text}\n{`, 'line 2: it is no JSON'],
    ['[]', 'it is no JSON object'],
    ['null', 'it is no JSON object'],
    ['{}', 'it is no in-toto statement, no envelope and no Sigstore bundle'],
    [
      text.replace('Statement/v1', 'Statement/v9'),
      'it is no in-toto statement, no envelope and no Sigstore bundle',
    ],
    [text.replace('"subject"', '"x"'), 'a statement without subjects or predicateType'],
    [text.replace('"digest"', '"x"'), 'a subject of it has no digest'],
    [JSON.stringify(envelope(text, 'text/plain')), 'an envelope of another payload: text/plain'],
    [JSON.stringify(envelope('text')), 'the payload of the envelope is no JSON object'],
    ['{"dsseEnvelope": {"payloadType": "application/vnd.in-toto+json"}}', 'an envelope without a payload'],
    [
      '{"messageSignature": {}}',
      'a Sigstore bundle that signs the file itself, and holds no statement about it',
    ],
  ]
  for (const [given, reason] of malformed) {
    test(`refuses: ${reason}`, () => {
      assert.equal(readAttestations(given), {kind: 'malformed', reason})
    })
  }
})

function read(value: object): ReadStatement {
  const found = readAttestations(JSON.stringify(value))
  const [first] = found.kind === 'read' ? found.statements : []
  if (first === undefined) throw new Error(JSON.stringify(found))
  return first
}

function differing(value: object): string[] {
  const {points} = fitOf(read(value), attested)
  return points.filter(({verdict}) => verdict === 'differs').map(({name}) => name)
}

function parameters({predicate}: Statement): Record<string, unknown> {
  return predicate.buildDefinition.externalParameters
}

function settings(statement: Statement): Record<string, unknown> {
  const found = parameters(statement)['settings']
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {}
}

function setDigest({predicate}: Statement, wanted: string, digest: Record<string, string>): void {
  const found = predicate.buildDefinition.resolvedDependencies.find(({name}) => name === wanted)
  Object.assign(found ?? {}, {digest})
}
