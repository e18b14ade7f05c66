/** A GOROOT that holds files of two releases, or from which something was taken, with real toolchains. */
import {cpSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, unlinkSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {codesOf, diagnose, type Env, gorootOf, hintsOf} from '../support/diagnose.ts'
import {machine, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {sh, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

suite('doctor: GOROOT', test => {
  test('a release unpacked over an older one: what is left is named and counted', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const older = await gorootOf(rig, 'go1.24.4')
      const goroot = await stomped(rig, older, machine.goroot)
      const env = inFront(rig, goroot)
      const built = await runProgram(`${goroot}/bin/go`, ['build', 'internal/abi'], {
        cwd: rig.work,
        env: {...rig.env, ...env},
      })
      assert.match(built.stderr, /redeclared in this block/)
      const left = listed(join(older, 'src')).filter(name => !isThere(join(machine.goroot, 'src', name)))
      assert.ok(left.length > 100, String(left.length))
      const {findings, canBuild} = await diagnose(rig, {...env, GOMODCACHE: join(rig.folder, 'no modules')})
      const found = findings.find(({code}) => code === 'GOROOT_STOMPED')
      assert.is(found?.level, 'error', JSON.stringify(findings))
      assert.is(found?.facts['count'], left.length)
      assert.is(canBuild, false)
      const [first = ''] = found?.facts['files'] as string[]
      assert.ok(left.includes(first.replace('src/', '')), first)

      // Only tests are left: go builds, and says nothing.
      for (const name of left)
        if (!name.endsWith('_test.go')) rmSync(join(goroot, 'src', name), {force: true})
      await sh(rig, 'find "$1" -type d -empty -delete', join(goroot, 'src'))
      const tests = await diagnose(rig, {...env, GOMODCACHE: join(rig.folder, 'no modules')})
      assert.ok(codesOf(tests).includes('warn GOROOT_STOMPED'), JSON.stringify(tests.findings))
      assert.is(tests.canBuild, true)
    })
  })

  test('an older release unpacked over a newer one, known by what go unpacked of it in the module cache', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const older = await gorootOf(rig, 'go1.24.4')
      const goroot = await stomped(rig, machine.goroot, older)
      const left = listed(join(machine.goroot, 'src')).filter(
        name =>
          !isThere(join(older, 'src', name)) &&
          !isThere(join(older, 'src', name.replace(/go\.mod$/, '_go.mod'))),
      )
      const {findings} = await diagnose(rig, inFront(rig, goroot))
      const found = findings.find(({code}) => code === 'GOROOT_STOMPED')
      assert.is(found?.facts['count'], left.length, JSON.stringify(findings))
      assert.match(String(found?.facts['how']), /toolchain@v0\.0\.1-go1\.24\.4/)
    })
  })

  test('a tool of another release that no build starts is a warning', async () => {
    await withWarmRig(async rig => {
      rig.write(tiny)
      const other = await gorootOf(rig, 'go1.24.4')
      const goroot = plainTwin(join(rig.folder, 'mixed'))
      symlinkSync(join(toolsOf(other), 'nm'), join(toolsOf(goroot), 'nm'))
      const {findings, canBuild} = await diagnose(rig, inFront(rig, goroot))
      const found = findings.find(({code}) => code === 'GOROOT_MIXED')
      assert.equal([found?.level, found?.facts['tools']], ['warn', [{tool: 'nm', version: 'go1.24.4'}]])
      assert.is(canBuild, true)
    })
  })

  test('covdata that this go builds when it needs it is not missing; without its source it is', async () => {
    await withWarmRig(async rig => {
      rig.write({
        ...tiny,
        'main_test.go': 'package main\n',
        'b/b.go': 'package b\n\nfunc F() int { return 1 }\n',
      })
      const goroot = plainTwin(join(rig.folder, 'whole'))
      assert.equal((await diagnose(rig, inFront(rig, goroot))).findings, [])
      withoutSource(goroot, 'covdata')
      const env = inFront(rig, goroot)
      const tested = await runProgram(`${goroot}/bin/go`, ['test', '-cover', './b'], {
        cwd: rig.work,
        env: {...rig.env, ...env},
      })
      assert.match(tested.stdout + tested.stderr, /no such tool "covdata"/)
      const diagnosis = await diagnose(rig, env)
      assert.equal(codesOf(diagnosis), ['warn TOOL_ON_DEMAND'], JSON.stringify(diagnosis.findings))
      assert.equal(diagnosis.findings[0]?.facts['tools'], ['covdata'])
    })
  })

  test('go1.24.4 switches to go1.25.3, which asks it for covdata; naming the toolchain ends it', async () => {
    await withWarmRig(async rig => {
      rig.write({
        'go.mod': 'module c\n\ngo 1.25.3\n',
        'b/b.go': 'package b\n\nfunc F() int { return 1 }\n',
      })
      await gorootOf(rig, 'go1.25.3')
      const outer = await gorootOf(rig, 'go1.24.4')
      const env = {...inFront(rig, outer), GOTOOLCHAIN: 'auto'}
      const bare = {...rig.env, ...env, PATH: `${outer}/bin:/usr/bin:/bin`}
      const tested = await runProgram(`${outer}/bin/go`, ['test', '-cover', './...'], {
        cwd: rig.work,
        env: bare,
      })
      assert.match(tested.stdout + tested.stderr, /no such tool "covdata"/)
      const diagnosis = await diagnose(rig, env)
      assert.equal(codesOf(diagnosis), ['warn TOOL_ON_DEMAND'], JSON.stringify(diagnosis.findings))
      const hint = hintsOf(diagnosis).find(each => each.includes('GOTOOLCHAIN=')) ?? ''
      const named = {GOTOOLCHAIN: hint.match(/GOTOOLCHAIN=(\S+)/)?.[1] ?? ''}
      // With it `go test -cover` ends well; tried by hand, for it compiles covdata and what that needs.
      assert.is((await rig.bareGo(['version'], {env: {...env, ...named}})).code, 0)
      assert.equal((await diagnose(rig, {...env, ...named})).findings, [])
    })
  })
})

/** A GOROOT in which `first` was unpacked and then `second`, as tar does it; its tools are links to those of `second`. */
async function stomped(rig: Rig, first: string, second: string): Promise<string> {
  const goroot = join(rig.folder, 'stomped')
  mkdirSync(goroot)
  const line =
    'mkdir "$3/src" && cp -r "$1/src/." "$3/src" && chmod -R u+w "$3/src" && cp -a --remove-destination "$2/src/." "$2/VERSION" "$3/src" && mv "$3/src/VERSION" "$3"'
  await sh(rig, line, first, second, goroot)
  mkdirSync(join(goroot, 'bin'))
  cpSync(join(second, 'bin/go'), join(goroot, 'bin/go'))
  for (const name of ['pkg', 'lib']) symlinkSync(join(second, name), join(goroot, name))
  return goroot
}

function inFront(rig: Rig, goroot: string): Env {
  return {PATH: `${root}/bin:${goroot}/bin:${rig.env['PATH']}`, GOWARDEN_CACHE: 'isolate'}
}

function toolsOf(goroot: string): string {
  return join(goroot, 'pkg/tool', readdirSync(join(goroot, 'pkg/tool'))[0] ?? '')
}

function plainTwin(folder: string): string {
  return makeTwin(folder, {compiler: original => `#!/bin/sh\nexec '${original}' "$@"\n`})
}

/** Takes the source of a tool out of a twin: links to everything else. */
function withoutSource(goroot: string, tool: string): void {
  const from = join(machine.goroot, 'src')
  unlinkSync(join(goroot, 'src'))
  mkdirSync(join(goroot, 'src/cmd'), {recursive: true})
  for (const name of readdirSync(from))
    if (name !== 'cmd') symlinkSync(join(from, name), join(goroot, 'src', name))
  for (const name of readdirSync(join(from, 'cmd')))
    if (name !== tool) symlinkSync(join(from, 'cmd', name), join(goroot, 'src/cmd', name))
}

function listed(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

function isThere(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false}) !== undefined
}
