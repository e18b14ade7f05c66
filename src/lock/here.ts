/** The machine that a lock is made on, or a toolchain installed for. */
import {type Goroot, goVersionName} from '../go/command/go-env.ts'
import {hostPlatform} from '../goproxy/settings.ts'
import type {System} from '../system/system.ts'
import {probeGoCommand} from '../toolchain/go-command.ts'
import {probeGoEnv} from '../toolchain/go-env.ts'

/** `os` and `arch` are those that Go toolchains of this machine run on. */
export type Here = {
  os: string
  arch: string
  /** GOROOT of the go on PATH, where it can be told without running it. */
  goroot: Goroot | undefined
  /** `go1.26.8` of the go that runs in the working directory; undefined where there is none. */
  running(): Promise<string | undefined>
}

/** `go` is the go command of PATH, undefined for none: nothing here needs one. */
export function hereWith(system: System, go: string | undefined): Here {
  return {
    ...hostPlatform(system),
    goroot: go === undefined ? undefined : probeGoCommand(system, go).ownGoroot,
    running: async () => {
      const answer = go === undefined ? undefined : await probeGoEnv(system, go, undefined)
      return answer?.kind === 'known' ? goVersionName(answer.env.GOVERSION) : undefined
    },
  }
}
