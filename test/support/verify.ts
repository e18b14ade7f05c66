/** `gowarden verify` as tests call it: in this process, with a store of the test's own. */
import {join} from 'node:path'
import {nodeSystem, pipeChild} from '../../src/system/node.ts'
import type {VerifyPolicy} from '../../src/verify/policy.ts'
import type {Judged} from '../../src/verify/probes/snapshot.ts'
import type {VerifyOptions, VerifyResult} from '../../src/verify/result.ts'
import {verify} from '../../src/verify/verify.ts'
import {treeEnv} from './vendored.ts'

export type VerifyCase = {
  judged?: Judged
  store: string
  env?: Record<string, string>
  policy?: VerifyPolicy
  offline?: boolean
  modules?: string[]
  inRange?: boolean
  proofs?: VerifyOptions['proofs']
  exportProofs?: VerifyOptions['exportProofs']
  version?: string
}

/** Judges the index unless told otherwise; downloads nothing unless told so. */
export function verifyTree(directory: string, options: VerifyCase): Promise<VerifyResult> {
  const env = treeEnv({XDG_CACHE_HOME: options.store, ...options.env})
  const system = nodeSystem()
  return verify(
    {
      ...system,
      env,
      cwd: directory,
      run: (file, args, run = {}) => system.run(file, args, {cwd: directory, env, ...run}),
      pipe: pipeChild,
    },
    {
      judged: options.judged ?? {kind: 'staged'},
      modules: options.modules ?? [],
      inRange: options.inRange === true,
      offline: options.offline ?? true,
      policy: options.policy ?? {levels: {}},
      version: options.version ?? 'test',
      proofs: options.proofs,
      exportProofs: options.exportProofs,
    },
  )
}

/** `CODE file` of every finding, each once, sorted. */
export function found(result: VerifyResult): string[] {
  const names = result.findings.map(({code, facts}) => `${code} ${'file' in facts ? facts.file : ''}`)
  return [...new Set(names)].sort()
}

/** A store directory below the trees, so that it vanishes with them. */
export function storeIn(base: string, name: string): string {
  return join(base, 'stores', name)
}
