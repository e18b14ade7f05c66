/** doctor, asked for JSON, and what its tests read out of that. */
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import type {Finding} from '../../src/findings/finding.ts'
import type {Rig} from './rig.ts'

export type Found = {code: string; level: string; facts: Record<string, unknown>}
export type Diagnosis = {
  values: {name: string; value: string; origin: string; isUsual: boolean}[]
  findings: Found[]
  guard: {kind: string; reason: string; fix: string}
  canBuild: boolean
}
export type Env = Record<string, string | undefined>

export async function diagnose(rig: Rig, env: Env = {}, cwd = rig.work): Promise<Diagnosis> {
  const {code, stdout, stderr} = await rig.gowarden(['doctor', '--json'], {env, cwd})
  assert.ok(stdout.startsWith('{'), stderr)
  const diagnosis: Diagnosis = JSON.parse(stdout)
  assert.is(code, diagnosis.guard.kind === 'guarded' && diagnosis.canBuild ? 0 : 1)
  return diagnosis
}

export function codesOf({findings}: Diagnosis): string[] {
  return findings.map(({code, level}) => `${level} ${code}`)
}

/** The hints that doctor prints for these findings. */
export function hintsOf({findings}: Diagnosis): string[] {
  return findings.flatMap(finding => describe(finding as Finding).hints)
}

/** The GOROOT of a version, downloaded where it is not there yet. */
export async function gorootOf(rig: Rig, version: string): Promise<string> {
  return (await rig.bareGo(['env', 'GOROOT'], {env: {GOTOOLCHAIN: version}, cwd: rig.folder})).stdout.trim()
}
