import {createHash} from 'node:crypto'
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {checkStandIns, stampText} from '../../src/build/check-stand-ins.ts'
import {parseOverlay, probeStandIns, type StandIn} from '../../src/build/stand-ins.ts'
import {parseStamp, parseToolchainHash} from '../../src/go/module/toolchain-module.ts'
import type {StampPolicy} from '../../src/policy/policy.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {hashFrom} from '../support/hashes.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const hash = hashFrom('go1.26.8.linux-amd64@h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=')
const sum = (text: string) => createHash('sha256').update(text).digest('hex')

type World = {folder: string; probe(flags: {toolexec?: string; overlay?: string}): StandIn[]}

async function withWorld(body: (world: World) => void): Promise<void> {
  await withTemporary(folder => {
    mkdirSync(join(folder, 'bin'))
    mkdirSync(join(folder, 'goroot/src/fmt'), {recursive: true})
    writeFileSync(join(folder, 'goroot/src/fmt/print.go'), 'package fmt\n')
    symlinkSync('goroot', join(folder, 'link'))
    for (const [name, text] of [
      ['one', '#!/bin/sh\nexec "$@"\n'],
      ['same', '#!/bin/sh\nexec "$@"\n'],
      ['two', '#!/bin/sh\n"$@"\n'],
    ] as const) {
      writeFileSync(join(folder, 'bin', name), text)
      chmodSync(join(folder, 'bin', name), 0o755)
    }
    const system = {...nodeSystem(), env: {PATH: `.:${join(folder, 'bin')}`}, cwd: folder}
    body({
      folder,
      probe: ({toolexec = '', overlay = ''}) =>
        probeStandIns(system, {
          toolexec,
          overlay,
          fips: '',
          directory: folder,
          goroot: join(folder, 'goroot'),
        }),
    })
  })
}

/** The text that a stand-in adds to the stamp; the reason in brackets where there is none. */
function marks(standIns: StandIn[]): string[] {
  return standIns.map(({mark}) => (mark.kind === 'known' ? mark.text : `(${mark.reason})`))
}

suite('build/stand-ins', test => {
  test('a program is named by its content, wherever it lies', async () => {
    await withWorld(({folder, probe}) => {
      const one = `toolexec=sha256:${sum('#!/bin/sh\nexec "$@"\n')}`
      for (const toolexec of [`"${folder}/bin/one"`, 'one', 'same', `'${folder}/bin/one'`])
        assert.equal(marks(probe({toolexec})), [one], toolexec)
      assert.equal(marks(probe({toolexec: 'two'})), [`toolexec=sha256:${sum('#!/bin/sh\n"$@"\n')}`])
    })
  })

  test('words behind the program count, and the files that they name', async () => {
    await withWorld(({folder, probe}) => {
      const of = (toolexec: string) => marks(probe({toolexec}))[0] ?? ''
      const texts = ['one', 'one -a', 'one -b', 'one -a -b', "one '-a -b'", `one '${folder}/bin/two'`].map(of)
      assert.is(new Set(texts).size, texts.length)
      for (const text of texts.slice(1)) assert.match(text, /^toolexec=sha256:[0-9a-f]{64}:[0-9a-f]{64}$/)
      const before = of(`one '${folder}/script'`)
      writeFileSync(join(folder, 'script'), 'a')
      const written = of(`one '${folder}/script'`)
      assert.is.not(written, before)
      writeFileSync(join(folder, 'script'), 'b')
      assert.is.not(of(`one '${folder}/script'`), written)
    })
  })

  test('what nobody can name has no mark, and says why', async () => {
    await withWorld(({folder, probe}) => {
      assert.match(marks(probe({toolexec: './bin/one'}))[0] ?? '', /^\(go looks up a relative name again/)
      assert.equal(marks(probe({toolexec: 'nosuch -x'})), ['(there is no nosuch on PATH)'])
      assert.equal(marks(probe({toolexec: `'${folder}/nosuch'`})), [`(there is no ${folder}/nosuch)`])
      assert.equal(marks(probe({toolexec: `'${folder}/bin'`})), [`(${folder}/bin is not a regular file)`])
      assert.equal(probe({toolexec: ''}), [])
      assert.equal(probe({toolexec: ' '}), [])
      assert.equal(probe({toolexec: "'open"}), [], 'go refuses it')
    })
  })

  test('an overlay is named by what it makes of GOROOT, however it writes the paths', async () => {
    await withWorld(({folder, probe}) => {
      writeFileSync(join(folder, 'p.go'), 'package fmt // 2\n')
      const of = (replace: Record<string, string>, key = 'Replace') => {
        writeFileSync(join(folder, 'o.json'), JSON.stringify({[key]: replace}))
        return marks(probe({overlay: 'o.json'}))[0]
      }
      const file = `${folder}/goroot/src/fmt/print.go`
      const text = `overlay=sha256:${sum(`${sum('package fmt // 2\n')}  src/fmt/print.go\n`)}`
      assert.is(of({[file]: `${folder}/p.go`}), text)
      assert.is(of({[file]: 'p.go'}), text)
      assert.is(of({'goroot/src/./fmt/../fmt/print.go': 'p.go'}), text)
      assert.is(of({[`${folder}/link/src/fmt/print.go`]: 'p.go'}), text)
      assert.is(of({[file]: 'p.go'}, 'rePLace'), text)
      assert.is(of({[file]: 'p.go', 'main.go': 'p.go'}), text, 'other files are inputs as any')
      assert.is(of({'main.go': 'p.go'}), '')
      assert.is(of({}), '')
      const others = [
        of({[file]: ''}),
        of({[`${folder}/goroot/src/fmt/new.go`]: 'p.go'}),
        of({[`${folder}/goroot/src/new/new.go`]: 'p.go'}),
        of({[folder]: 'p.go'}),
      ]
      assert.is(new Set([text, '', ...others]).size, 6)
      assert.match(of({[file]: 'nosuch.go'}) ?? '', /^\(there is no /)
    })
  })

  test('an overlay that cannot be judged has no mark; what go refuses is left to go', async () => {
    await withWorld(({folder, probe}) => {
      const of = (content: string) => {
        writeFileSync(join(folder, 'o.json'), content)
        return marks(probe({overlay: join(folder, 'o.json')}))[0]
      }
      assert.is(of('{"Replace": {"a": "b"}, "Replace": {}}'), '(it has one name twice)')
      assert.is(of('{"Replace": {"a": "b", "a": "c"}}'), '(it has one name twice)')
      assert.is(of(' '.repeat(1 << 24) + '{"Replace": {}}'), '(it is too large to be read)')
      for (const refused of ['', 'null', '[]', '{', '{"Replace": []}', '{"Replace": {"a": 1}}'])
        assert.is(of(refused), '', refused)
      assert.equal(marks(probe({overlay: 'nosuch.json'})), [''])
      assert.equal(marks(probe({overlay: 'bin'})), ['(it is not a regular file)'])
    })
  })

  test('strings with quotes and escapes in them are counted as Go reads them', () => {
    assert.equal(parseOverlay('{"Replace": {"a\\"b": "c\\\\", "d": ""}, "Other": ["x", {"y": "z"}]}'), [
      ['a"b', 'c\\'],
      ['d', ''],
    ])
    assert.equal(parseOverlay('{"Replace": null}'), [])
  })

  const toolexec: StandIn = {
    kind: 'toolexec',
    command: 'x',
    mark: {kind: 'known', text: `toolexec=sha256:${sum('x')}`},
  }
  const overlay = (replaced: number): StandIn => ({
    kind: 'overlay',
    file: '/o.json',
    replaced,
    mark: {kind: 'known', text: replaced === 0 ? '' : `overlay=sha256:${sum('o')}`},
  })
  const unknown: StandIn = {kind: 'toolexec', command: 'x', mark: {kind: 'unknown', reason: 'why'}}

  test('the stamp is another text, which reads back, and never a ToolchainHash alone', () => {
    assert.is(stampText(hash, []), hash)
    assert.is(stampText(hash, [overlay(0)]), hash)
    assert.is(stampText(hash, [toolexec, unknown]), undefined)
    const both = stampText(hash, [toolexec, overlay(1)]) ?? ''
    assert.is(parseToolchainHash(both), undefined)
    assert.equal(parseStamp(both)?.standIns, [
      {kind: 'toolexec', digest: `sha256:${sum('x')}`},
      {kind: 'overlay', digest: `sha256:${sum('o')}`},
    ])
    assert.is(parseStamp(both)?.h1, parseToolchainHash(hash)?.h1)
    assert.equal(parseStamp(hash), {...parseToolchainHash(hash), standIns: []})
    for (const text of [
      '',
      `${hash}x`,
      `${hash}+toolexec=`,
      `${hash}+toolexec=sha256:ab`,
      `${both}+`,
      `${both}=`,
    ])
      assert.is(parseStamp(text), undefined, text)
  })

  const judged: [standIns: StandIn[], subcommand: string, policy: StampPolicy, codes: string[]][] = [
    [[toolexec], 'build', 'on', ['STAMP_TOOLEXEC']],
    [[toolexec, overlay(2)], 'test', 'on', ['STAMP_TOOLEXEC', 'STAMP_OVERLAY']],
    [[overlay(0)], 'build', 'on', []],
    [[overlay(0)], 'build', 'required', ['STAMP_OVERLAY']],
    [[toolexec, overlay(1)], 'build', 'off', []],
    [[toolexec, overlay(1)], 'list', 'required', []],
    [[unknown], 'vet', 'on', ['STAMP_TOOLEXEC']],
  ]
  for (const [standIns, subcommand, policy, codes] of judged) {
    test(`${standIns.map(({kind}) => kind).join(', ')} for go ${subcommand} under stamp: ${policy}`, () => {
      assert.equal(
        checkStandIns(standIns, subcommand, policy).map(({code}) => code),
        codes,
      )
    })
  }
})
