/** Folders of a user's that lie in GOROOT: Go unpacked into ~/go, which is GOPATH by default, or a cache put there. */
import type {GoEnv} from '../go/command/go-env.ts'
import {isReadAsToolchain} from '../go/module/toolchain-module.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import {goEnvSetting} from './go-env-origin.ts'

/** `path` is GOROOT or lies below it, links resolved. */
export type Overlap = {variable: 'GOPATH' | 'GOMODCACHE' | 'GOCACHE'; path: string}

type Asked = Pick<GoEnv, 'GOENV' | 'GOROOT' | 'GOMODCACHE' | 'GOCACHE'>

/** The folders that the go command writes into for its user, where they lie in GOROOT; each but once. */
export function overlapsOf(system: System, env: Asked): Overlap[] {
  const goroot = system.files.realPath(env.GOROOT) ?? env.GOROOT
  const gopath = goEnvSetting(system, env, 'GOPATH')?.value ?? `${system.env['HOME'] ?? ''}/go`
  const named: [Overlap['variable'], string][] = [
    ...gopath.split(':').map((entry): [Overlap['variable'], string] => ['GOPATH', entry]),
    ['GOMODCACHE', env.GOMODCACHE],
    ['GOCACHE', env.GOCACHE],
  ]
  const found: Overlap[] = []
  for (const [variable, name] of named) {
    if (!name.startsWith('/')) continue
    const path = realPathOf(system, name) ?? name.replace(/(.)\/+$/, '$1')
    const isInside = path === goroot || path.startsWith(`${goroot}/`)
    // By default the module cache lies in GOPATH, which is said already.
    if (isInside && !found.some(other => path.startsWith(`${other.path}/`))) found.push({variable, path})
  }
  return found
}

/** Links resolved; undefined for a folder that is not there, leads to itself or may not be looked at: go says what is wrong with it. */
function realPathOf(system: System, path: string): string | undefined {
  return orNothing(() => system.files.realPath(path))
}

/**
 * The folders below GOROOT, by their path there, that are such a user's and not the toolchain's. Nothing that a build may
 * read: a module cache in src/runtime excuses nothing.
 */
export function outsideOf(system: System, env: Asked): string[] {
  const goroot = system.files.realPath(env.GOROOT) ?? env.GOROOT
  return overlapsOf(system, env)
    .map(({path}) => path.slice(goroot.length + 1))
    .filter(path => path !== '' && !isReadAsToolchain(path))
    .sort()
}
