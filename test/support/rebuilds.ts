/** Repositories with a small program, what it is built to, and what becomes of that when it is rebuilt. */
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {hereWith} from '../../src/lock/here.ts'
import type {Cause} from '../../src/rebuild/causes.ts'
import {type Rebuild, type RebuildOptions, rebuild} from '../../src/rebuild/rebuild.ts'
import {commandSystem} from '../../src/system/node.ts'
import {lookUpOnPath} from '../../src/system/programs.ts'
import {machine, makeRig, type Rig} from './rig.ts'
import {directoryOfProcess} from './temporary.ts'
import {git} from './vendored.ts'

const files = {
  'go.mod': 'module example.com/top\n\ngo 1.21\n',
  'sub dir/go.mod': 'module example.com/app\n\ngo 1.21\n',
  'sub dir/main.go':
    'package main\n\nvar version = "unset"\n\nfunc main() { println("marker", version, twice(3)) }\n',
  'sub dir/twice.go': 'package main\n\n//go:noinline\nfunc twice(n int) int { return n + n }\n',
}

const folder = directoryOfProcess('gowarden test ')
let count = 0

/** A build cache that holds the standard library. */
export const sharedCache = join(folder, 'shared')

/** A fresh repository with one commit; all share a build cache, which holds the standard library. */
export function repository(): Rig {
  const rig = makeRig(join(folder, String(++count)))
  rig.write({...files, '.gitignore': '/bin/\n'})
  git(rig.work, 'init', '--quiet')
  git(rig.work, 'add', '.')
  git(rig.work, 'commit', '--quiet', '--message=first')
  return rig
}

export async function build(
  rig: Rig,
  name: string,
  flags: string[],
  env: Record<string, string> = {CGO_ENABLED: '0'},
): Promise<string> {
  const app = join(rig.work, 'bin', name)
  const {code, stderr} = await rig.bareGo(['build', ...flags, '-o', app, '.'], {
    cwd: join(rig.work, 'sub dir'),
    env: {GOCACHE: sharedCache, ...env},
  })
  assert.is(code, 0, stderr)
  return app
}

export async function again(rig: Rig, app: string, options: RebuildOptions): Promise<Rebuild> {
  const system = {...commandSystem(), env: rig.env, cwd: rig.work}
  return await rebuild(system, hereWith(system, `${machine.goroot}/bin/go`), app, {
    cache: sharedCache,
    ...options,
  })
}

export function different(rebuilt: Rebuild): Extract<Rebuild, {kind: 'different'}> {
  if (rebuilt.kind !== 'different') throw new Error(JSON.stringify(rebuilt, null, 2))
  return rebuilt
}

export function whats(causes: Cause[]): string[] {
  return causes.map(({what}) => what)
}

export function missing(program: string): string | undefined {
  return lookUpOnPath(commandSystem(), program) === '' ? `no ${program} here` : undefined
}
