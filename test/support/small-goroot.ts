/** A GOROOT in miniature: what gowarden reads of one, and nothing that runs. */
import {chmodSync} from 'node:fs'
import {join} from 'node:path'
import type {GoEnv} from '../../src/go/command/go-env.ts'
import {openFolder} from '../../src/store/folder.ts'
import {nodeSystem} from '../../src/system/node.ts'
import type {System} from '../../src/system/system.ts'
import {glanceAt, probeToolchain, type Toolchain} from '../../src/toolchain/identify.ts'
import {gorootAt} from './goroot-at.ts'
import {writeFiles} from './rig.ts'

export const smallGoroot = {
  VERSION: 'go1.26.8\ntime 2026-08-28T16:20:06Z\n',
  'go.env': 'GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n',
  'bin/go': 'go',
  'pkg/tool/linux_amd64/compile': '#!/bin/sh\nexit 0\n',
  'pkg/include/textflag.h': '',
  'src/go.mod': 'module std\n',
  'src/fmt/print.go': 'package fmt\n',
  'src/runtime/proc.go': 'package runtime\n',
  'api/go1.txt': 'pkg fmt',
  'test/x.go': 'package x',
}

/** Writes one below the folder; returns its path. */
export function makeSmallGoroot(goroot: string): string {
  writeFiles(goroot, smallGoroot)
  chmodSync(join(goroot, 'pkg/tool/linux_amd64/compile'), 0o755)
  return goroot
}

/** Far enough ahead that what was just written counts as settled. */
const laterMs = 60_000

/** A machine whose compiler answers every question well, in a minute from now. */
export function smallSystem(env: Record<string, string | undefined> = {}): System {
  return {
    ...nodeSystem(),
    env,
    nowMs: () => Date.now() + laterMs,
    run: async () => ({exitCode: 0, signal: undefined, stdout: '', stderr: ''}),
  }
}

/** Identifies the toolchain there, as a plan does, remembering in `store`. */
export async function identify(
  system: System,
  root: string,
  store: string,
  env: Partial<GoEnv> = {},
): Promise<Toolchain> {
  const folder = openFolder(system, store)
  const goroot = gorootAt(root)
  const known = {
    ...{GOVERSION: 'go1.26.8', GOHOSTOS: 'linux', GOHOSTARCH: 'amd64', GOENV: 'off', GOROOT: goroot},
    ...{GOTOOLDIR: `${goroot}/pkg/tool/linux_amd64`, GOMODCACHE: '', GOCACHE: '', ...env},
  }
  const options = {everyByte: false}
  return await probeToolchain(system, known as GoEnv, folder, glanceAt(system, folder, goroot), options)
}
