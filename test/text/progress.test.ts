/** The line of progress on a real terminal: `script` (util-linux) opens a pty. */
import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import * as assert from 'uvu/assert'
import {machine, root, runProgram} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {removeModules, withTemporary} from '../support/temporary.ts'
import {makeTrees, treeEnv, withTree} from '../support/vendored.ts'

const {base, unavailable} = makeTrees(['replaced'])
const isUtilLinux = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') ?? false
const noTerminal = isUtilLinux
  ? unavailable
  : 'the script command of util-linux is not here to open a terminal'

suite('text/progress', test => {
  test.unless(noTerminal, 'on a terminal one line is rewritten in place, and gone at the end', async () => {
    await withFreshModules(async (directory, env, words) => {
      const typescript = join(base, 'typescript')
      const command = [process.execPath, ...words].map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
      const ended = await runProgram('script', ['-q', '-e', '-c', command, typescript], {
        cwd: directory,
        env: {...env, TERM: 'xterm', SHELL: '/bin/sh'},
      })
      assert.is(ended.code, 0, ended.stdout)
      const shown = readFileSync(typescript, 'utf8')
      assert.match(shown, '\r\x1b[Kgowarden: downloading modules: 0 of ')
      assert.match(shown, /\r\x1b\[Kgowarden: reading module zips: 1 of \d+/)
      // No line of progress ends in a line break, and the result follows a wiped line.
      assert.not.match(shown, /(downloading|reading) module[^\r\n]*\r?\n/)
      assert.match(
        shown,
        /\r\x1b\[Kgowarden: the index: \d+ vendored files of 5 modules, [^\r\n]*: in order\r?\n/,
      )
    })
  })

  test.unless(unavailable, 'without a terminal there is none', async () => {
    await withFreshModules(async (directory, env, words) => {
      const ended = await runProgram(process.execPath, words, {cwd: directory, env})
      assert.is(ended.code, 0, ended.stderr)
      assert.match(ended.stderr, /^gowarden: the index: [^\n]*: in order\n$/)
    })
  })

  test.unless(noTerminal, 'on a terminal that cannot rewrite (TERM=dumb) there is none', async () => {
    await withFreshModules(async (directory, env, words) => {
      const command = [process.execPath, ...words].map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
      const ended = await runProgram('script', ['-q', '-e', '-c', command, '/dev/null'], {
        cwd: directory,
        env: {...env, TERM: 'dumb', SHELL: '/bin/sh'},
      })
      assert.is(ended.code, 0, ended.stdout)
      assert.not.match(ended.stdout, /downloading|\x1b/)
    })
  })
})

/** A tree, a module cache and a store that are empty, and the words that verify the index. */
async function withFreshModules(
  body: (directory: string, env: Record<string, string | undefined>, words: string[]) => Promise<void>,
): Promise<void> {
  await withTree(base, 'replaced', async directory => {
    await withTemporary(async temporary => {
      const modules = join(temporary, 'modules')
      mkdirSync(modules)
      const env = treeEnv({
        XDG_CACHE_HOME: join(temporary, 'store'),
        GOMODCACHE: modules,
        GOPROXY: pathToFileURL(join(machine.modules, 'cache', 'download')).href,
        GOSUMDB: 'off',
      })
      try {
        await body(directory, env, [join(root, 'bin', 'gowarden'), 'verify', '--staged'])
      } finally {
        removeModules(modules)
      }
    })
  })
}
