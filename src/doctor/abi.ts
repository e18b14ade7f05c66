/** `gowarden doctor --abi`: whether the compiler, the linker and the runtime of the GOROOT in force are of one making. */
import type {Finding} from '../findings/finding.ts'
import {goVersionName} from '../go/command/go-env.ts'
import {findRealGo} from '../launcher/launcher.ts'
import {applyDoctorLevels} from '../policy/apply-levels.ts'
import {findPolicy} from '../policy/find.ts'
import type {System} from '../system/system.ts'
import {checkAbi} from './checks/abi.ts'
import {askGo, firstWords, parseVariables} from './go.ts'
import {lenient} from './lenient.ts'
import {type AbiFacts, probeAbi} from './probes/abi.ts'
import {askedNames} from './values.ts'

export type AbiJudgement = {
  goroot: string
  version: string
  headers: AbiFacts['headers']
  /** How many runtime symbols the compiler asked for. */
  symbols: number
  /** Where they were looked for: archives that were compiled just now, or names in the source, `said` being why. */
  runtime: {by: 'archives'; archives: number} | {by: 'sources'; said: string}
  /** What could not be compiled or read, so that nothing or not all is known; undefined where all was. */
  unknown: string | undefined
  findings: Finding[]
}

/** Compiles probes with this compiler, and the runtime in an empty cache; nothing of the repository is read or run. */
export async function judgeAbi(system: System): Promise<AbiJudgement> {
  const asked = {system: lenient(system), go: findRealGo(system), asking: {}}
  const answer = await askGo(asked, ['env', '-json', ...askedNames])
  const env = answer.status === 0 ? parseVariables(answer.stdout) : undefined
  if (env === undefined) return unknown('', '', firstWords(answer.stderr))
  const goroot = env['GOROOT'] ?? ''
  const version = goVersionName(env['GOVERSION'] ?? '')
  system.tell({kind: 'compiling-anew', what: `the runtime of ${version}`})
  const facts = await probeAbi({...asked, env})
  const {headers, runtime} = facts
  if (facts.references.length === 0) return unknown(goroot, version, facts.refused ?? 'no object was written')
  const mismatch = checkAbi(facts)
  const isSound = [mismatch.headers, mismatch.missing, mismatch.renumbered].every(({length}) => length === 0)
  const by = runtime.kind
  const found = {
    code: 'ABI_MISMATCH' as const,
    facts: {...mismatch, goroot, version, expected: headers.link, by},
  }
  const {levels} = await findPolicy(system, system.cwd)
  return {
    goroot,
    version,
    headers,
    symbols: new Set(facts.references.map(({name}) => name)).size,
    runtime:
      runtime.kind === 'archives'
        ? {by: runtime.kind, archives: runtime.archives.length}
        : {by: runtime.kind, said: runtime.said},
    unknown: facts.refused ?? (runtime.kind === 'sources' && isSound ? runtime.said : undefined),
    findings: isSound ? [] : applyDoctorLevels([found], levels),
  }

  function unknown(goroot: string, version: string, said: string): AbiJudgement {
    const none = {compile: '', asm: '', link: ''}
    return {
      goroot,
      version,
      headers: none,
      symbols: 0,
      runtime: {by: 'sources', said},
      unknown: said,
      findings: [],
    }
  }
}
