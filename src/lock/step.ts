/** Whether go.mod, go.work and CI name the toolchain that the lock names. */
import {compareGoVersions, isAllowed, parseVersionRule} from '../go/module/go-version.ts'
import type {Lock} from './file.ts'
import {exactVersion, versionLines} from './version.ts'
import type {SetupGo} from './workflow.ts'

/** A line that asks for another toolchain: `says` is what stands there, `toolchain go1.26.7`. */
export type OutOfStep = {line: number; says: string}

/**
 * The lines of a go.mod or go.work that the locked toolchain does not keep: a toolchain line of another version, and a go line above it.
 * A go line below it is what the module needs at least.
 */
export function outOfStepLines({version}: Pick<Lock, 'version'>, content: string): OutOfStep[] {
  return versionLines(content)
    .filter(({verb, text}) =>
      verb === 'toolchain' ? text !== version : compareGoVersions(version, lowestOf(text)) < 0,
    )
    .map(({verb, text, line}) => ({line, says: `${verb} ${text}`}))
}

/** `go 1.26` is content with a candidate of 1.26; a toolchain of 1.26 is never below it (go/version). */
function lowestOf(text: string): string {
  return `go${text}`
}

/** The steps of CI that cannot set up the locked version: none of the versions given is it or a range with it. */
export function outOfStepSetups({version}: Pick<Lock, 'version'>, setups: readonly SetupGo[]): OutOfStep[] {
  return setups
    .filter(({versions}) => !versions.some(text => mayBe(text, version)))
    .map(({versions, line}) => ({line, says: `go-version: ${versions.join(', ')}`}))
}

/** actions/setup-go takes npm's ranges; what is not understood here accuses nobody. */
function mayBe(text: string, version: string): boolean {
  const exact = exactVersion(text)
  if (exact !== undefined) return exact === version
  const rule = parseVersionRule(text.replace(/\.\*$/, '.x'))
  if (rule === undefined || rule.kind === 'go.mod') return true
  return isAllowed(rule, version)
}
