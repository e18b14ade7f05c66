/** What is wrong with the folders that go keeps things in, and with the clock, with a real go. */
import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {codesOf, diagnose, hintsOf} from '../support/diagnose.ts'
import {noMounts} from '../support/mounts.ts'
import {type Ended, machine, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {nobody, noNobody, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

suite('doctor: folders and clock', test => {
  test.unless(noNobody, 'an error that go keeps in its index after its cause is gone', async () => {
    await withWarmRig(async rig => {
      rig.write({'go.mod': 'module m\n\ngo 1.21\n', 'p/a.go': 'package p\n', 'p/b.go': 'package p\n'})
      const file = join(rig.work, 'p/b.go')
      const anHourAgo = Date.now() / 1000 - 3600
      for (const name of ['a.go', 'b.go']) utimesSync(join(rig.work, 'p', name), anHourAgo, anHourAgo)
      chmodSync(file, 0o600)
      const env = {
        GOCACHE: join(rig.folder, 'own cache'),
        XDG_CACHE_HOME: join(rig.folder, 'own'),
        GOMODCACHE: join(rig.folder, 'modules'),
      }
      for (const folder of Object.values(env)) mkdirSync(folder)
      execFileSync('chown', ['-R', String(nobody), rig.folder])
      execFileSync('chown', ['0', file])
      const go = `${machine.goroot}/bin/go`
      assert.match((await asNobody(rig, go, ['list', './...'], env)).stderr, /b\.go: permission denied/)
      chmodSync(file, 0o644)
      assert.match((await asNobody(rig, go, ['list', './...'], env)).stderr, /b\.go: permission denied/)
      const doctor = async () => {
        const {stdout, stderr} = await asNobody(
          rig,
          process.execPath,
          [join(root, 'bin/gowarden'), 'doctor', '--json'],
          env,
        )
        assert.ok(stdout.startsWith('{'), stderr)
        return JSON.parse(stdout)
      }
      const diagnosis = await doctor()
      assert.equal(codesOf(diagnosis), ['error INDEX_KEEPS_ERROR'], JSON.stringify(diagnosis.findings))
      assert.is(diagnosis.canBuild, false)
      const hint = hintsOf(diagnosis).find(each => each.includes('touch ')) ?? ''
      await runProgram('sh', ['-c', hint.replace(/^.*?: (?=touch)/, '')], {cwd: rig.work, env: rig.env})
      assert.is((await asNobody(rig, go, ['list', './...'], env)).code, 0)
      assert.equal((await doctor()).findings, [])
    })
  })

  test('a clock that is behind the cache', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const GOCACHE = join(rig.folder, 'dated')
      mkdirSync(join(GOCACHE, '00'), {recursive: true})
      const env = {GOCACHE, GOWARDEN_CACHE: 'share'}
      assert.equal((await diagnose(rig, env)).findings, [])
      const inTwoDays = Math.floor(Date.now() / 1000) + 2 * 86_400 + 60
      writeFileSync(join(GOCACHE, 'trim.txt'), String(inTwoDays))
      const diagnosis = await diagnose(rig, env)
      assert.equal(codesOf(diagnosis), ['warn CLOCK_BEHIND'])
      assert.equal(diagnosis.findings[0]?.facts['behind'], '2 days')
      writeFileSync(join(GOCACHE, 'trim.txt'), 'no number')
      assert.equal((await diagnose(rig, env)).findings, [])
      utimesSync(join(GOCACHE, '00'), inTwoDays, inTwoDays)
      assert.equal(codesOf(await diagnose(rig, env)), ['warn CLOCK_BEHIND'])
    })
  })

  test.unless(noNobody, 'caches of another user, as under sudo', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const env = {GOCACHE: join(rig.folder, 'theirs'), GOMODCACHE: join(rig.folder, 'modules')}
      for (const folder of Object.values(env)) {
        mkdirSync(folder)
        execFileSync('chown', [String(nobody), folder])
      }
      const {findings, canBuild} = await diagnose(rig, env)
      assert.equal(
        findings.map(({code, level, facts}) => [code, level, facts['name'], facts['owner'], facts['asRoot']]),
        [
          ['CACHE_OTHER_USER', 'warn', 'GOCACHE', nobody, true],
          ['CACHE_OTHER_USER', 'warn', 'GOMODCACHE', nobody, true],
        ],
      )
      assert.is(canBuild, true)
    })
  })

  test.unless(noMounts(), 'GOAMD64 above what the processor can do', async () => {
    await withWarmRig(async rig => {
      rig.write({...tiny, cpuinfo: 'flags\t\t: fpu sse sse2 cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3\n'})
      const env = {...rig.env, GOAMD64: 'v3'}
      const script = 'mount --bind "$0" /proc/cpuinfo && exec "$@"'
      const words = [process.execPath, join(root, 'bin/gowarden'), 'doctor', '--json']
      const ended = await runProgram(
        'unshare',
        ['-m', 'sh', '-c', script, join(rig.work, 'cpuinfo'), ...words],
        {
          cwd: rig.work,
          env,
        },
      )
      const diagnosis = JSON.parse(ended.stdout)
      assert.equal(codesOf(diagnosis), ['warn TARGET_OTHER'], ended.stderr)
      assert.equal(diagnosis.findings[0].facts.missing, [
        'avx',
        'avx2',
        'bmi1',
        'bmi2',
        'f16c',
        'fma',
        'abm',
        'movbe',
        'xsave',
      ])
      assert.ok(hintsOf(diagnosis).includes('unset GOAMD64'), String(hintsOf(diagnosis)))
    })
  })
})

async function asNobody(
  rig: Rig,
  file: string,
  words: string[],
  env: Record<string, string>,
): Promise<Ended> {
  const as = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  return await runProgram('setpriv', [...as, file, ...words], {cwd: rig.work, env: {...rig.env, ...env}})
}
