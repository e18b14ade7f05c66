/** GOPATH mode: up to Go 1.21 `go get` compiles and installs there, and so it is guarded and stamped as a build is. */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Rig, root, tiny, withRig, writeFiles} from '../support/rig.ts'
import {noNode, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const gopathMode: [name: string, env: Record<string, string>, file: string][] = [
  ['the environment', {GO111MODULE: 'off'}, ''],
  ['go env -w', {}, 'GO111MODULE=off\n'],
]

/** A GOPATH with a program, and go1.21.13 behind the launcher. */
async function withOldGo(body: (rig: Rig) => Promise<void>): Promise<void> {
  await withRig(async rig => {
    const {stdout} = await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: 'go1.21.13'}})
    rig.env['PATH'] = `${root}/bin:${stdout.trim()}/bin:${rig.env['PATH']}`
    rig.env['GOPATH'] = join(rig.folder, 'path')
    writeFiles(join(rig.folder, 'path/src/tiny'), {'main.go': tiny['main.go']})
    await body(rig)
  })
}

suite('launcher/gopath', test => {
  for (const [name, env, file] of gopathMode) {
    test(`go get installs what is stamped, with GO111MODULE=off in ${name}`, async () => {
      await withOldGo(async rig => {
        const goEnv = join(rig.folder, 'home/.config/go/env')
        mkdirSync(dirname(goEnv), {recursive: true})
        writeFileSync(goEnv, file)
        const got = await rig.go(['get', 'tiny'], {env})
        assert.is(got.code, 0, got.stderr)
        const binary = readFileSync(join(rig.folder, 'path/bin/tiny'), 'latin1')
        assert.match(binary, /\nbuild\t-gcflags=all=-I=ToolchainHash=go1\.21\.13\.\S+@h1:\S+\n/)
      })
    })
  }

  test.unless(noNode, 'without Node, go get installs nothing in GOPATH mode', async () => {
    await withKnownRig(async rig => {
      const path = rig.env['PATH']?.split(':').filter(entry => !existsSync(join(entry, 'node')))
      const ended = await rig.go(['get', 'tiny'], {env: {PATH: path?.join(':'), GO111MODULE: 'off'}})
      assert.is(ended.code, 127, ended.stderr)
    })
  })
})
