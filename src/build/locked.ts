/** Whether the toolchain that compiles is the one that gowarden.lock names. Loaded only where there is a lock, or where gowarden installed GOROOT. */
import type {BuildFound} from '../findings/finding.ts'
import {checkInstalled, checkLocked, checkOtherCompiler, type OtherModule} from '../lock/check-lock.ts'
import {findLock} from '../lock/find.ts'
import {installedAs} from '../lock/installed.ts'
import type {System} from '../system/system.ts'
import {goEnvSetting} from '../toolchain/go-env-origin.ts'
import {readGorootVersion} from '../toolchain/goroot.ts'
import {describeChoice} from './choice.ts'
import type {Situation} from './situation.ts'

/** Judges one go command that compiles; `compiler` is what -compiler names. */
export function judgeLocked(system: System, situation: Situation, compiler = 'gc'): BuildFound[] {
  const {toolchain, directory, env, line} = situation
  const found = findLock(system, directory)
  const platform = {os: env.GOHOSTOS, arch: env.GOHOSTARCH}
  return [
    ...checkLocked(toolchain, found, {
      platform,
      chosen: describeChoice(system, situation),
      isByGoroot: ['environment', 'handed-down'].includes(situation.goroot.origin.kind),
      otherModule: otherModuleOf(system, situation),
    }),
    ...(compiler === 'gc'
      ? []
      : checkOtherCompiler(found, platform, {
          compiler,
          goroot: "not Go's own compiler",
          chosen: line.flags.some(({name}) => name === 'compiler')
            ? `-compiler=${compiler} on the command line`
            : `-compiler=${compiler} in GOFLAGS`,
          fix: `go ${line.subcommand} -compiler=gc`,
        })),
    ...checkInstalled(toolchain, installedAs(system, toolchain.goroot)),
  ]
}

/**
 * Outside of the module here go starts as what GOTOOLCHAIN names, `go1.26.8+auto`, else as itself (cmd/go/internal/toolchain Select). A newer
 * one that it finds on PATH, `go1.26.8+path`, could be anything.
 */
function otherModuleOf(system: System, {target, go, env}: Situation): OtherModule | undefined {
  if (target === undefined) return undefined
  const asked = goEnvSetting(system, {GOENV: env.GOENV, GOROOT: go.ownGoroot}, 'GOTOOLCHAIN')?.value ?? 'auto'
  const start = asked.match(/^(?:(.+)\+)?auto$/)
  if (start === null) return {startsAs: undefined}
  const name = start[1] ?? 'local'
  if (name !== 'local') return {startsAs: name}
  return {startsAs: go.ownGoroot === undefined ? undefined : readGorootVersion(system, go.ownGoroot)}
}
