/** `gowarden doctor`: every value that decides a build here, which source set it, and every finding. Writes nothing. */

import {judge} from '../build/judge.ts'
import {situationHere} from '../build/situation-here.ts'
import type {CacheInUse} from '../cache/in-use.ts'
import type {Finding} from '../findings/finding.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {findRealGo, resolveGo} from '../launcher/launcher.ts'
import {describeOrigin} from '../policy/policy.ts'
import type {System} from '../system/system.ts'
import {goEnvOrigin} from '../toolchain/go-env-origin.ts'

/** One value in force. `origin` says which variable, file or rule set it; '' where there is nothing to say. */
export type Value = {name: string; value: string; origin: string}

export type Diagnosis = {values: Value[]; findings: Finding[]}

/** Looks at everything a `go build` in this directory rests on; the toolchain by every byte, nothing remembered counts. */
export async function doctor(system: System): Promise<Diagnosis> {
  const situation = await situationHere(system, findRealGo(system), {everyByte: true})
  const {env, toolchain, policy, cache, folder, go} = situation
  const {findings} = await judge(system, situation, {isOnlyLooking: true})
  const resolution = resolveGo(system)
  const isGuarded = resolution.first?.isLauncher ?? false
  const fromGo = (name: keyof GoEnv): Value => ({
    name,
    value: env[name],
    origin: env[name] === '' ? '' : goEnvOrigin(system, env, name),
  })
  return {
    findings,
    values: [
      {
        name: 'go',
        value: resolution.first?.path ?? 'none',
        origin: isGuarded ? 'gowarden, first on PATH' : 'first on PATH, not gowarden: run gowarden enable',
      },
      {
        name: 'real go',
        value: go.path,
        origin: go.ownGoroot === undefined ? 'a shim, which chooses another go' : 'next on PATH',
      },
      fromGo('GOROOT'),
      {name: 'GOVERSION', value: env.GOVERSION, origin: 'go'},
      {name: 'GOTOOLDIR', value: env.GOTOOLDIR, origin: 'GOROOT'},
      {name: 'ToolchainHash', value: toolchain.hash, origin: 'every byte of GOROOT, just now'},
      {name: 'stamp flag', value: toolchain.stampFlag, origin: 'asked of the compiler'},
      fromGo('GOTOOLCHAIN'),
      fromGo('GOFLAGS'),
      fromGo('GOCACHE'),
      fromGo('GOCACHEPROG'),
      {name: 'GOMOD', value: env.GOMOD, origin: env.GOMOD === '' ? '' : 'from the working directory upwards'},
      env.GOWORK === '' || system.env['GOWORK']
        ? fromGo('GOWORK')
        : {name: 'GOWORK', value: env.GOWORK, origin: 'from the working directory upwards'},
      {name: 'GOENV', value: env.GOENV, origin: ''},
      {name: 'policy cache', value: policy.cache.value, origin: describeOrigin(policy.cache.origin)},
      {name: 'policy stamp', value: policy.stamp.value, origin: describeOrigin(policy.stamp.origin)},
      ...cacheValues(cache),
      {name: 'remembered in', value: folder.path, origin: folder.kind === 'usable' ? '' : folder.reason},
    ],
  }
}

function cacheValues(cache: CacheInUse): Value[] {
  if (cache.kind !== 'directory') return []
  const {record} = cache.contents
  const owners = record.kind === 'owned' ? record.owners : []
  return [
    ...(cache.isIsolated ? [{name: 'own cache', value: cache.path, origin: 'policy cache: isolate'}] : []),
    ...(owners.length === 0 ? [{name: 'cache owner', value: 'none recorded', origin: ''}] : []),
    ...owners.map(owner => ({name: 'cache owner', value: owner.hash, origin: owner.goroot})),
  ]
}
