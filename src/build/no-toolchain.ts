/** A go command that compiles with what is no toolchain of Go's, as gccgo's go does, where a lock names one. Loaded only there. */
import type {BuildFound} from '../findings/finding.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {checkOtherCompiler} from '../lock/check-lock.ts'
import {findLock} from '../lock/find.ts'
import type {System} from '../system/system.ts'

/** `place` says what set GOROOT, undefined for the go command itself. */
export function judgeNoToolchain(
  system: System,
  directory: string,
  {GOVERSION, GOROOT, GOHOSTOS, GOHOSTARCH}: GoEnv,
  place: string | undefined,
): BuildFound[] {
  return checkOtherCompiler(
    findLock(system, directory),
    {os: GOHOSTOS, arch: GOHOSTARCH},
    {
      compiler: GOVERSION,
      goroot: `${GOROOT}, which holds no toolchain of Go's`,
      chosen: place === undefined ? 'the go command' : `GOROOT in ${place}`,
      fix: place === undefined ? 'gowarden install && export GOWARDEN_GO=installed' : 'unset GOROOT',
    },
  )
}
