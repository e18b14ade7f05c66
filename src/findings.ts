/**
 * Findings are data: a code, a level, and exactly the facts its sentence needs. The wording lives in messages.ts,
 * the page in docs/findings.md. To add a check, add its code here first: the compiler then lists what is missing.
 */

import type {VerifyFactsByCode} from './verify-findings.ts'

export type Level = 'error' | 'warn'

/** Whose cache or tree it is: the stamp value and the GOROOT it was computed over. */
export type ToolchainName = {hash: string; goroot: string}

type FactsByCode = VerifyFactsByCode & {
  CACHE_FOREIGN: {cache: string; owners: ToolchainName[]; self: ToolchainName}
  CACHE_UNMARKED_FOREIGN: {cache: string; versions: {version: string; objects: number}[]; self: ToolchainName}
  CACHE_OWNER_CORRUPT: {file: string; reason: string}
  CACHE_OWNER_UNWRITABLE: {file: string; reason: string}
  CACHE_PASSED: {cache: string; from: ToolchainName; self: ToolchainName}
  CACHEPROG_UNSTAMPED: {program: string}
  GOROOT_MISMATCH: {
    go: string
    goVersion: string
    goroot: string
    gorootVersion: string
    isFromEnvironment: boolean
  }
  STAMP_UNSUPPORTED: {hash: string; goroot: string}
  STAMP_SWITCH_UNKNOWN: {target: string; hash: string}
  STAMP_COMPILER: {compiler: string}
  STORE_UNUSABLE: {directory: string; reason: string}
}

export type FindingCode = keyof FactsByCode

export type Finding = {
  [Code in FindingCode]: {
    code: Code
    level: Level
    facts: FactsByCode[Code]
    /** A line of the policy's own for its readers. */
    message?: string | undefined
  }
}[FindingCode]

/** The findings of some of the codes. */
export type FindingOf<Code extends FindingCode> = Extract<Finding, {code: Code}>

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(finding => finding.level === 'error')
}
