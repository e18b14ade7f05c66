/** No door runs a program that lies in the repository, whatever stands first on PATH. */
import {chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {commandSystem, nodeFiles, nodeSystem, pipeChild} from '../../src/system/node.ts'
import {lookUpOnPath, programsOnPath} from '../../src/system/programs.ts'
import {root, runProgram, tiny, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {writeProgram} from '../support/twin.ts'

/** Entries that name the working directory, or a folder below it. */
const relative = ['.', '', './', 'bin', './bin', '../work', '..']

suite('system/programs', test => {
  test('only executable files in absolute entries count, in order, named as bin/go names them', async () => {
    await withTemporary(folder => {
      for (const name of ['a', 'b', 'c', 'd']) mkdirSync(join(folder, name))
      writeProgram(join(folder, 'a/p'), '')
      writeFileSync(join(folder, 'b/p'), '')
      mkdirSync(join(folder, 'c/p'))
      symlinkSync('../a/p', join(folder, 'd/p'))
      const env = {
        PATH: ['', 'a', ...['b', 'c', 'd/', 'a', 'none'].map(name => join(folder, name))].join(':'),
      }
      assert.equal(programsOnPath({env, files: nodeFiles()}, 'p'), [`${folder}/d//p`, `${folder}/a/p`])
      assert.is(lookUpOnPath({env: {}, files: nodeFiles()}, 'p'), '')
    })
  })

  test.unless(
    process.geteuid?.() === 0 ? undefined : 'only root can become another user',
    'a folder that may not be searched is passed over by doctor, cache, enable and builds',
    async () => {
      await withRig(async rig => {
        rig.write(tiny)
        const closed = join(rig.folder, 'closed')
        mkdirSync(closed)
        writeProgram(join(closed, 'go'), '#!/bin/sh\nexit 1\n')
        chmodSync(closed, 0o700)
        const own = ['home', 'work', 'tmp'].map(name => join(rig.folder, name))
        chmodSync(rig.folder, 0o755)
        await runProgram('chown', ['-R', '65534', ...own], {cwd: '/', env: rig.env})
        const env = {
          ...rig.env,
          PATH: `${closed}:${rig.env['PATH']}`,
          XDG_CACHE_HOME: join(rig.folder, 'home/cache'),
          GOCACHE: join(rig.folder, 'home/go-build'),
          GOMODCACHE: join(rig.folder, 'home/mod'),
        }
        const asNobody = (words: string[]) =>
          runProgram('setpriv', ['--reuid=65534', '--clear-groups', ...words], {cwd: rig.work, env})
        for (const words of [['doctor'], ['cache', 'status'], ['enable', '--check']]) {
          const ended = await asNobody([process.execPath, `${root}/bin/gowarden`, ...words])
          assert.not.match(ended.stderr, 'bug in gowarden')
          assert.is(ended.code, 0, `${words}: ${ended.stderr}`)
        }
        const built = await asNobody([`${root}/bin/go`, 'build', '-o', 'tiny', '.'])
        assert.is(built.code, 0, built.stderr)
      })
    },
  )

  for (const entry of relative) {
    test(`with "${entry}" first on PATH, no door runs a program of the working directory`, async () => {
      await withTemporary(async folder => {
        const [work, mark] = [join(folder, 'work'), join(folder, 'mark')]
        mkdirSync(join(work, 'bin'), {recursive: true})
        for (const place of [folder, work, join(work, 'bin')])
          for (const name of ['git', 'only-here'])
            writeProgram(join(place, name), `#!/bin/sh\n: >'${mark}'\n`)
        const options = {cwd: work, env: {PATH: `${entry}:/usr/bin:/bin`}}
        for (const run of [nodeSystem().run, commandSystem().run, pipeChild]) {
          assert.match((await run('git', ['--version'], options)).stdout.toString(), /^git version/)
          await run('only-here', [], options).then(
            () => assert.unreachable(),
            error => assert.is(error.code, 'ENOENT'),
          )
        }
        assert.not(existsSync(mark))
      })
    })
  }

  for (const words of [['verify'], ['doctor'], ['init', '--dry-run'], ['cache', 'status'], ['policy']]) {
    test(`gowarden ${words[0]} runs nothing of a repository that holds git, go and node`, async () => {
      await withRig(async rig => {
        rig.write(tiny)
        const env = {...rig.env, PATH: `.:${rig.env['PATH']}`}
        await runProgram('git', ['init', '--quiet'], {cwd: rig.work, env: rig.env})
        await runProgram('git', ['add', '.'], {cwd: rig.work, env: rig.env})
        const mark = join(rig.folder, 'mark')
        for (const name of ['git', 'go', 'node', 'sh', 'stat'])
          writeProgram(join(rig.work, name), `#!/bin/sh\necho '${name}' >>'${mark}'\n`)
        const ended = await rig.gowarden(words, {env})
        assert.is(ended.code, 0, ended.stderr)
        assert.not(existsSync(mark))
      })
    })
  }
})
