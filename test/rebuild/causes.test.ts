/** Causes of which each compiles the standard library once more, so that they have a file of their own. */
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {again, build, different, missing, repository, whats} from '../support/rebuilds.ts'
import {runProgram} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'
import {git} from '../support/vendored.ts'

suite('rebuild: causes', test => {
  test('a profile that the source does not hold is named', async () => {
    const rig = repository()
    rig.write({'../profile.pprof': ''})
    const app = await build(rig, 'profiled', ['-trimpath', `-pgo=${rig.folder}/profile.pprof`])
    const {causes} = different(await again(rig, app, {source: rig.work}))
    assert.is(causes[0]?.what, 'profile')
    assert.match(causes[0]?.text ?? '', '-pgo=profile.pprof')
  })

  test('another compiler of the same version is told', async () => {
    const rig = repository()
    const twin = makeTwin(join(rig.folder, 'twin'))
    const app = join(rig.work, 'bin', 'twin')
    const built = await runProgram(`${twin}/bin/go`, ['build', '-trimpath', '-o', app, '.'], {
      cwd: join(rig.work, 'sub dir'),
      env: {...rig.env, CGO_ENABLED: '0', GOCACHE: join(rig.folder, 'cache of the twin')},
    })
    assert.is(built.code, 0, built.stderr)
    const {causes} = different(await again(rig, app, {source: rig.work}))
    assert.equal(whats(causes), ['other-compiler'])
  })

  test.unless(missing('gcc'), 'cgo needs a word, and its flags are named', async () => {
    const rig = repository()
    rig.write({
      'sub dir/c.go':
        'package main\n\n// int three(void) { return 3; }\nimport "C"\n\nvar three = C.three()\n',
    })
    git(rig.work, 'add', '.')
    git(rig.work, 'commit', '--quiet', '--message=cgo')
    const cgo = {CGO_ENABLED: '1', CGO_CFLAGS: '-O0 -DOTHER'}
    const app = await build(rig, 'cgo', ['-trimpath'], cgo)
    const refused = await again(rig, app, {source: rig.work})
    assert.is(refused.kind, 'refused', JSON.stringify(refused, null, 2))
    assert.match(refused.kind === 'refused' ? (refused.hint ?? '') : '', 'gowarden rebuild --cgo FILE')
    const {causes} = different(await again(rig, app, {source: rig.work, cgo: true}))
    assert.is(causes[0]?.what, 'c-compiler')
  })
})
