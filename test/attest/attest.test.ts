import {createHash, generateKeyPairSync} from 'node:crypto'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {attest} from '../../src/attest/attest.ts'
import {dirHash1, type Statement} from '../../src/attest/in-toto.ts'
import {provenanceOf, type ToolchainCheck} from '../../src/attest/provenance.ts'
import type {BuildInfo} from '../../src/go/binary/build-info.ts'
import {parseH1} from '../../src/go/module/h1.ts'
import {type Ended, machine, makeRig, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {directoryOfProcess} from '../support/temporary.ts'
import {git} from '../support/vendored.ts'

const hash = 'go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM='
const published: ToolchainCheck = {kind: 'published'}

suite('attest', test => {
  test('h1 is written as in-toto has it', () => {
    const h1 = parseH1('h1:Khu2En+0gcYPZ2kuIihfswbzxv/mIHXgzPZ018Oty48=')
    assert.equal(h1 && dirHash1(h1), {
      dirHash1: '2a1bb6127fb481c60f67692e22285fb306f3c6ffe62075e0ccf674d7c3adcb8f',
    })
  })

  test('a statement says what the binary says, and what was checked here', async () => {
    const {app, commit} = await programs()
    const {predicate, subject} = await attested(app)
    assert.equal(subject, [{name: 'app', digest: {sha256: sha256(readFileSync(app))}}])
    const {externalParameters, internalParameters, resolvedDependencies} = predicate.buildDefinition
    assert.is(externalParameters['package'], 'tiny')
    assert.is(externalParameters['goVersion'], machine.version)
    assert.is(settingsOf(externalParameters)['CGO_ENABLED'], '0')
    assert.match(JSON.stringify(internalParameters), 'the binary: its build info')
    const [toolchain, source, ...others] = resolvedDependencies
    assert.equal(toolchain?.digest, {
      dirHash1: '64e9867b53a77d110330875bd508b81bd252b833c12c613164c4389e2b354573',
    })
    assert.is(toolchain?.annotations?.['check'], 'published')
    assert.equal(source?.digest, {gitCommit: commit})
    assert.is(source?.annotations?.['modified'], 'false')
    assert.equal(others, [])
    assert.match(predicate.runDetails.builder.id, /unobserved$/)
  })

  test('a toolchain that is not proven is not said to be', async () => {
    const {app} = await programs()
    const rows: [check: ToolchainCheck, says: RegExp][] = [
      [published, /"check":"published".*/],
      [{kind: 'not-published', published: 'h1:other'}, /another hash: h1:other.*"check":"not-published"/],
      [{kind: 'not-checked', reason: 'no network'}, /"check":"not-checked","reason":"no network"/],
    ]
    for (const [check, says] of rows) {
      const text = JSON.stringify((await attested(app, check)).predicate)
      assert.match(text, says)
      assert.is(text.includes('by the signed tree'), check.kind === 'published')
    }
  })

  const unsound: [name: string, flags: string, reason: string][] = [
    ['unstamped', '', 'unknown: the binary is not stamped'],
    ['malformed', '-env=ToolchainHash=go1', 'unknown: the ToolchainHash in the binary is malformed'],
    [
      'conflicting',
      `-env=ToolchainHash=${hash} -env=ToolchainHash=${hash.replace('ZO', 'ZZ')}`,
      'unknown: the binary carries several ToolchainHashes',
    ],
    [
      'of another version',
      `-env=ToolchainHash=${hash.replace('go1.26.8', 'go1.25.3')}`,
      'unknown: the stamp names go1.25.3, the binary go1.26.8',
    ],
  ]
  for (const [name, flags, reason] of unsound) {
    test(`a stamp that names no toolchain gives no hash: ${name}`, () => {
      const settings = flags === '' ? [] : [{key: '-gcflags', value: `all=${flags}`}]
      const buildInfo: BuildInfo = {goVersion: 'go1.26.8', path: 'tiny', deps: [], settings}
      const {predicate} = provenanceOf(
        {name: 'app', sha256: '', buildInfo},
        {kind: 'not-checked', reason},
        '1',
      )
      const [toolchain] = predicate.buildDefinition.resolvedDependencies
      assert.is(toolchain?.digest, undefined)
      assert.is(toolchain?.annotations?.['hash'], reason)
    })
  }

  test('a lock is named with its digest, and whether it names the toolchain', async () => {
    const {rig, app} = await programs()
    const stamp = hash.replace('go1.26.8', machine.version)
    for (const [line, names] of [
      [stamp, true],
      [stamp.replace('ZOmG', 'ZZZZ'), false],
    ] as const) {
      const folder = join(rig.folder, `locked ${names}`)
      const text = `gowarden lock 1\n${line} sum.golang.org\n`
      mkdirSync(folder)
      writeFileSync(join(folder, 'gowarden.lock'), text)
      const {stdout, code, stderr} = await rig.gowarden(['attest', app], {cwd: folder})
      assert.is(code, 0, stderr)
      const {resolvedDependencies, internalParameters} = JSON.parse(stdout).predicate.buildDefinition
      assert.equal(resolvedDependencies.at(-1), {
        name: 'gowarden.lock',
        digest: {sha256: sha256(Buffer.from(text))},
        annotations: {namesToolchain: names},
      })
      assert.match(JSON.stringify(internalParameters), names ? 'names this toolchain' : 'does not name this')
      writeFileSync(join(folder, 'app.json'), stdout)
      const fits = await rig.gowarden(['inspect', '--attestation', 'app.json', app], {cwd: folder})
      assert.is(fits.code, 0, fits.stdout)
    }
    writeFileSync(join(rig.folder, 'locked true/gowarden.lock'), 'text')
    assert.is((await rig.gowarden(['attest', app], {cwd: join(rig.folder, 'locked true')})).code, 1)
  })

  test('a work tree with changes is said to be one', async () => {
    const {predicate} = await attested((await programs()).dirty)
    assert.is(predicate.buildDefinition.resolvedDependencies[1]?.annotations?.['modified'], 'true')
  })

  test('what is no Go binary has no statement; the others have theirs', async () => {
    const {rig} = await programs()
    rig.write({text: 'text'})
    const {code, stdout, stderr} = await rig.gowarden(['attest', 'text', 'app', 'missing', 'dirty'])
    assert.is(code, 1)
    assert.is(stdout.split('\n').length, 3, 'a line each')
    assert.is(
      stderr,
      'gowarden: error: text: not a Go binary: it is not an ELF, Mach-O or PE file\n' +
        'gowarden: error: missing: no such file\n',
    )
    const twice = await rig.gowarden(['attest', '--into', 'out', 'app', './app'])
    assert.is(twice.code, 2)
    const into = await rig.gowarden(['attest', '--into', 'out', 'app'])
    assert.is(into.stdout, `${rig.work}/out/app.intoto.json\n`)
    assert.equal(readFileSync(join(rig.work, 'out/app.intoto.json'), 'utf8').split('\n').length > 20, true)
  })

  test("in-toto's own types read the statements, and refuse what is none", async () => {
    const {rig} = await programs()
    const first = await rig.gowarden(['attest', 'app'])
    const again = await rig.gowarden(['attest', 'app'])
    assert.is(first.stdout, again.stdout, 'equal input gives equal output')
    const all = first.stdout + (await rig.gowarden(['attest', 'dirty'])).stdout
    const {others} = await programs()
    const {code, stdout} = await others(['validate'], all)
    assert.equal([code, stdout], [0, '2 valid\n'])
    for (const [name, to] of [
      ['"subject"', '"subjects"'],
      ['"resolvedDependencies"', '"dependencies"'],
      ['"buildType": "', '"buildType": "", "x": "'],
      ['"id": "', '"id": "", "x": "'],
    ] as const)
      assert.is((await others(['validate'], first.stdout.replace(name, to))).code, 1, name)
    // An archive of gowarden's own has the same kind of statement.
    const standalone = readFileSync(join(root, 'scripts/standalone.js'), 'utf8')
    assert.match(standalone, 'provenanceStatement(')
    assert.not.match(standalone, 'in-toto.io/Statement')
  })

  test('a bundle that is signed with a key is verified with it offline, and read back', async () => {
    const {rig} = await programs()
    const {stdout} = await rig.gowarden(['attest', 'app'])
    const {others} = await programs()
    const [mine, another] = [makeKeys(rig, 'mine'), makeKeys(rig, 'another')]
    const {stdout: bundle, stderr} = await others(['sign', mine.private], stdout)
    assert.match(bundle, 'application/vnd.dev.sigstore.bundle.v0.3+json', stderr)
    assert.is((await others(['verify', mine.public], bundle)).code, 0)
    assert.is((await others(['verify', another.public], bundle)).code, 1)
    assert.is((await others(['verify', mine.public], withPayload(bundle, `${stdout} `))).code, 1)

    writeFileSync(join(rig.work, 'app.sigstore.json'), bundle)
    const fits = await rig.gowarden(['inspect', '--attestation', 'app.sigstore.json', 'app'])
    assert.is(fits.code, 0)
    assert.match(fits.stdout, 'its signature was not checked here')
    const other = await rig.gowarden(['inspect', '--attestation', 'app.sigstore.json', 'dirty'])
    assert.is(other.code, 1)
    assert.match(other.stdout, /dirty: does NOT fit app.sigstore.json\n {2}differs {2}sha256/)
  })

  test('of many statements those about a binary are compared, and none is said to be none', async () => {
    const {rig, app, dirty} = await programs()
    const all = (await rig.gowarden(['attest', app, dirty])).stdout
    writeFileSync(join(rig.folder, 'all.jsonl'), all)
    const path = join(rig.folder, 'all.jsonl')
    assert.is((await rig.gowarden(['inspect', '--attestation', path, app, dirty])).code, 0)
    const other = join(rig.folder, 'other')
    writeFileSync(other, Buffer.concat([readFileSync(app), Buffer.from('more')]))
    const {code, stdout} = await rig.gowarden(['inspect', '--attestation', path, app, other])
    assert.is(code, 1)
    const sum = sha256(readFileSync(other))
    assert.match(stdout, `other: cannot be compared: none of the 2 statements names its sha256, ${sum}`)
    assert.match(stdout, `${app}: fits ${path}`)
    const missing = await rig.gowarden(['inspect', '--attestation', 'missing', app])
    assert.is(missing.code, 1)
    assert.match(missing.stderr, 'gowarden: error: missing: no such file')
  })

  const cosign = process.env['COSIGN']
  test.unless(
    cosign ? undefined : 'COSIGN names no cosign',
    'cosign signs and verifies a statement as it is',
    async () => {
      const {rig, app, dirty} = await programs()
      const run = async (...words: string[]) =>
        await runProgram(cosign ?? '', words, {cwd: rig.folder, env: {...rig.env, COSIGN_PASSWORD: ''}})
      writeFileSync(join(rig.folder, 'app.json'), (await rig.gowarden(['attest', app])).stdout)
      await run('generate-key-pair')
      const files = ['--statement', 'app.json', '--bundle', 'signed.json', app]
      const made = await run('attest-blob', '--yes', '--key', 'cosign.key', ...offline.sign, ...files)
      assert.is(made.code, 0, made.stderr)
      const type = ['--type', 'slsaprovenance1', '--key', 'cosign.pub', '--bundle', 'signed.json']
      const verified = await run('verify-blob-attestation', ...offline.verify, ...type, app)
      assert.is(verified.code, 0, verified.stderr)
      assert.is((await run('verify-blob-attestation', ...offline.verify, ...type, dirty)).code, 1)
      const fits = await rig.gowarden(['inspect', '--attestation', join(rig.folder, 'signed.json'), app])
      assert.is(fits.code, 0, fits.stdout)
    },
  )
})

/** Without a network, cosign needs no log and no lists of Sigstore's own services. */
const offline = {
  sign: ['--use-signing-config=false', '--tlog-upload=false'],
  verify: ['--insecure-ignore-tlog'],
}

type Programs = {
  rig: Rig
  app: string
  dirty: string
  commit: string
  others(words: string[], input: string): Promise<Ended>
}

let made: Promise<Programs> | undefined

/** A stamped program of a commit, and one of the same commit with a change beside it; built once. */
function programs(): Promise<Programs> {
  made ??= make()
  return made
}

async function make(): Promise<Programs> {
  const rig = makeRig(directoryOfProcess('gowarden test '))
  rig.write({...tiny, '.gitignore': '/*\n!*.go\n!go.mod\n!.gitignore\n'})
  git(rig.work, 'init', '--quiet')
  git(rig.work, 'add', '.')
  git(rig.work, 'commit', '--quiet', '--message=tiny')
  const app = await build(rig, 'app')
  rig.write({'main.go': 'package main\n\nfunc main() { println("changed") }\n'})
  const dirty = await build(rig, 'dirty')
  const commit = git(rig.work, 'rev-parse', 'HEAD').trim()
  return {rig, app, dirty, commit, others: await buildOthers(rig)}
}

/** With a stamp that fits the go of this machine, whatever its version. */
async function build(rig: Rig, name: string): Promise<string> {
  const app = join(rig.work, name)
  const stamp = `-gcflags=all=-env=ToolchainHash=${hash.replace('go1.26.8', machine.version)}`
  const {code, stderr} = await rig.bareGo(['build', stamp, '-trimpath', '-o', app, '.'], {
    env: {CGO_ENABLED: '0'},
  })
  assert.is(code, 0, stderr)
  return app
}

async function attested(app: string, check = published): Promise<Statement> {
  const attestation = await attest({cwd: '/'}, app, async () => check, '1')
  if (attestation.kind !== 'attested') throw new Error(attestation.reason)
  return attestation.statement
}

function settingsOf(parameters: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters['settings'] ?? {}))
}

/** Builds test/support/in-toto, which reads, signs and verifies with the libraries of others. */
async function buildOthers(rig: Rig): Promise<Programs['others']> {
  const program = join(rig.folder, 'in-toto')
  const env = {...rig.env, GOFLAGS: '-buildvcs=false'}
  const cwd = join(root, 'test/support/in-toto')
  const built = await runProgram(`${machine.goroot}/bin/go`, ['build', '-o', program, '.'], {cwd, env})
  assert.is(built.code, 0, built.stderr)
  return async (words, input) => await runProgram(program, words, {cwd, env, input})
}

function makeKeys(rig: Rig, name: string): {private: string; public: string} {
  const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'})
  const [secret, open] = [join(rig.folder, `${name}.key`), join(rig.folder, `${name}.pub`)]
  writeFileSync(secret, privateKey.export({type: 'pkcs8', format: 'pem'}))
  writeFileSync(open, publicKey.export({type: 'spki', format: 'pem'}))
  return {private: secret, public: open}
}

function withPayload(bundle: string, payload: string): string {
  const read = JSON.parse(bundle)
  read.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
  return JSON.stringify(read)
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
