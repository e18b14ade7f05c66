/** Whether the toolchain that compiles is the one that gowarden.lock names. Loaded only where there is a lock, or where gowarden installed GOROOT. */
import type {BuildFound} from '../findings/finding.ts'
import {checkInstalled, checkLocked} from '../lock/check-lock.ts'
import {findLock} from '../lock/find.ts'
import {installedAs} from '../lock/installed.ts'
import type {System} from '../system/system.ts'
import {describeChoice} from './choice.ts'
import type {Situation} from './situation.ts'

/** Judges one go command that compiles. */
export function judgeLocked(system: System, situation: Situation): BuildFound[] {
  const {toolchain, directory, env, target} = situation
  return [
    ...checkLocked(toolchain, findLock(system, directory), {
      platform: {os: env.GOHOSTOS, arch: env.GOHOSTARCH},
      chosen: describeChoice(system, situation),
      isByGoroot: ['environment', 'handed-down'].includes(situation.goroot.origin.kind),
      isOfOtherModule: target !== undefined,
    }),
    ...checkInstalled(toolchain, installedAs(system, toolchain.goroot)),
  ]
}
