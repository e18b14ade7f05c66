import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Rig, root, tiny} from '../support/rig.ts'
import {withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

/** Starts it and waits for the line that says where. */
async function listening(rig: Rig, words: readonly string[]): Promise<{child: ChildProcess; url: string}> {
  const child = spawn(process.execPath, [`${root}/bin/gowarden`, 'metrics', ...words], {
    cwd: rig.work,
    env: {PWD: rig.work, ...rig.env},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', chunk => {
      said += chunk
      const [, found] = said.match(/listening on (\S+)\n/) ?? []
      if (found !== undefined) resolve(found)
    })
    child.on('close', code => reject(new Error(`ended with ${code}: ${said}`)))
  })
  return {child, url}
}

suite('verbs/metrics', test => {
  test('a file that node_exporter can read, whatever the umask, and nothing beside it', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      await rig.go(['build', '.'])
      const folder = join(rig.folder, 'textfiles')
      rig.write({'../textfiles/.keep': ''})
      const old = process.umask(0o077)
      try {
        const ended = await rig.gowarden([
          'metrics',
          '--textfile',
          '../textfiles/gowarden.prom',
          '--binaries',
          '.',
        ])
        assert.equal([ended.code, ended.stdout, ended.stderr], [0, '', ''])
      } finally {
        process.umask(old)
      }
      assert.equal(readdirSync(folder).sort(), ['.keep', 'gowarden.prom'])
      assert.is(statSync(join(folder, 'gowarden.prom')).mode & 0o777, 0o644)
      const text = readFileSync(join(folder, 'gowarden.prom'), 'utf8')
      assert.match(text, /^go_toolchain_info\{version="go1\.\d+[^}]*\} 1$/m)
      assert.match(text, /^gowarden_plans_total\{[^}]*repository="work"\} 1$/m)
      assert.match(text, /^gowarden_binaries\{[^}]*state="stamped"\} 1$/m)
      assert.match(text, /^go_cache_status\{status="owned"\} 1$/m)
    })
  })

  test('wrong calls, and a place that cannot be written, are said; nothing is left', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      for (const words of [
        ['--textfile', 'x.txt'],
        ['--listen', 'x'],
        ['--listen', '0', '--textfile', 'x.prom'],
      ])
        assert.is((await rig.gowarden(['metrics', ...words])).code, 2, words.join(' '))
      const nowhere = await rig.gowarden(['metrics', '--textfile', 'none/x.prom'])
      assert.equal([nowhere.code, nowhere.stdout], [1, ''])
      assert.match(
        nowhere.stderr,
        /^gowarden: error: writing \S.*\/none\/x\.prom: no such file or directory\n$/,
      )
      assert.not.ok(existsSync(join(rig.work, 'none')))
      assert.equal(readdirSync(rig.work).sort(), ['go.mod', 'main.go'])
    })
  })

  test('a host where no go answers says so, and the rest', async () => {
    await withKnownRig(async rig => {
      const {code, stdout} = await rig.gowarden(['metrics'], {env: {PATH: '/nowhere'}})
      assert.is(code, 0)
      assert.match(stdout, /^gowarden_guarded 0$/m)
      assert.match(stdout, /^go_cache_status\{status="unknown"\} 1$/m)
      assert.match(stdout, /^go_toolchain_info\{/m)
    })
  })

  test('served until SIGTERM, which ends it with 0 while somebody holds a connection', async () => {
    await withKnownRig(async rig => {
      rig.write(tiny)
      const {child, url} = await listening(rig, ['--listen', '0'])
      const ended = new Promise(resolve => child.on('close', (code, signal) => resolve([code, signal])))
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
      // fetch keeps its connection.
      const text = await (await fetch(url)).text()
      assert.match(text, /^gowarden_guarded 1$/m)
      assert.not.match(text, /gowarden_plans_total\{/)
      await rig.go(['list', '.'])
      const response = await fetch(url, {headers: {Accept: 'application/openmetrics-text'}})
      assert.match(response.headers.get('content-type') ?? '', /openmetrics/)
      assert.match(await response.text(), /^gowarden_plans_total\{[^}]*\} 1$/m)
      child.kill('SIGTERM')
      assert.equal(await ended, [0, null])
    })
  })
})
