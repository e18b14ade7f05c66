/** What made this toolchain the one that compiles. */
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {goEnvSetting} from '../toolchain/go-env-origin.ts'
import type {Situation} from './situation.ts'

/** For a person: the go command, GOROOT or GOTOOLCHAIN with what set it, or the file with the go or toolchain line. */
export function describeChoice(system: System, {go, goroot, env, target}: Situation): string {
  if (target !== undefined) return `the module of ${target.name}`
  switch (goroot.origin.kind) {
    case 'environment':
    case 'handed-down':
      return 'GOROOT in the environment'
    case 'own':
      return `the go command ${go.path}`
    case 'chosen': {
      if (go.ownGoroot === undefined) return `${go.path}, which hands over to another go`
      const setting = goEnvSetting(system, env, 'GOTOOLCHAIN')
      return /^go\d/.test(env.GOTOOLCHAIN) && setting !== undefined
        ? `GOTOOLCHAIN=${env.GOTOOLCHAIN} in ${setting.place}`
        : `the go or toolchain line of ${env.GOWORK !== '' && env.GOWORK !== 'off' ? env.GOWORK : env.GOMOD}`
    }
    default:
      return unreachable(goroot.origin)
  }
}
