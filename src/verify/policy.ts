/** The policy of `gowarden verify`: what the repository's file asks for, and what a person's own environment says of levels. */

import {verifyLevels} from '../findings/levels.ts'
import {isLowered} from '../policy/apply-levels.ts'
import {findPolicyFile, levelsInForce} from '../policy/find.ts'
import type {BypassPolicy, Levels, PolicyFile, Setting} from '../policy/policy.ts'
import type {System} from '../system/system.ts'

export type VerifyPolicy = {
  levels: Levels
  /** What go.mod and go.work may say about their toolchain; undefined leaves it free. */
  toolchainLine?: NonNullable<PolicyFile['toolchainLine']>['value'] | undefined
  /** Files used with -modfile, relative to the top of the repository: `tools.mod` is judged with `tools.sum`. */
  modFiles?: readonly string[] | undefined
  /** Globs of directories, relative to the top of the repository, that hold no modules of its own. */
  exclude?: readonly Setting<string>[] | undefined
  /** Globs of files, relative to the top, that other tools write beside vendored ones. */
  vendorExtra?: readonly Setting<string>[] | undefined
}

/**
 * The policy in force in a directory. The repository may only raise levels; GOWARDEN_LEVELS, a person's own, may lower them
 * too. Throws UsageError for what cannot be understood, or would weaken.
 */
export async function findVerifyPolicy(
  system: System,
  directory: string,
): Promise<VerifyPolicy & {bypass: Setting<BypassPolicy> | undefined}> {
  const file = await findPolicyFile(system, directory)
  return {
    levels: await levelsInForce(system, file),
    toolchainLine: file?.toolchainLine?.value,
    modFiles: file?.modFiles.map(({value}) => value),
    exclude: file?.exclude,
    vendorExtra: file?.vendorExtra,
    bypass: file?.bypass,
  }
}

/** The levels of verify's findings that a person lowers, as GOWARDEN_LEVELS holds them: `CODE=level`. */
export function loweredLevels(levels: Levels): string[] {
  return Object.entries(verifyLevels).flatMap(([code, own]) => {
    const rule = levels[code as keyof typeof verifyLevels]
    return isLowered(own, rule) ? [`${code}=${rule?.own?.value}`] : []
  })
}
