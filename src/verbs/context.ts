/** What a verb is given, and what several of them need of it. */
import type {Option} from 'commander'
import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'

export type VerbContext = {
  system: System
  /** The command line behind `gowarden`, as it was typed. */
  words: readonly string[]
  version: string
  /** Says how the verb ended. A verb that never calls it ends with 0; what it throws is told, and decides, elsewhere. */
  end(code: number): void
}

type Offering = Option & {offered?: readonly string[]}

/** Names values of an option for Tab, where others are possible too, unlike with Commander's choices. */
export function offering(option: Option, offered: readonly string[]): Option {
  return Object.assign(option, {offered})
}

/** What Tab offers behind an option; undefined where that is for the shell to say. */
export function offeredValues(option: Offering): readonly string[] | undefined {
  return option.argChoices ?? option.offered
}

/** A folder of the command line as an absolute path with no slash or dot at its end. Throws UsageError for an empty word, as of a variable that is not set. */
export function absolute(system: System, folder: string): string {
  if (folder === '') throw new UsageError('the name of a folder is empty', 'name it, or leave it out')
  const path = folder.startsWith('/') ? folder : `${system.cwd}/${folder}`
  return path.replace(/(\/+\.?)+$/, '') || '/'
}

/** The variables that gowarden reads, as `gowarden --help` shows them. */
export const environmentHelp = `  GOWARDEN=off            run go as if gowarden were not there
  GOWARDEN_CACHE=isolate  give each toolchain its own cache, where policy says
                          refuse
  GOWARDEN_CACHE=share    let Go versions share a cache, where no policy file
                          has a cache key
  GOWARDEN_GO=installed   run the toolchain that gowarden install put there, not
                          the go on PATH
  GOWARDEN_STAMP=required require stamps, whatever a policy file says
  GOWARDEN_LEVELS=CODE=warn,…
                          change finding levels for yourself: error, warn or off
  GOWARDEN_POLICY=/file   a policy file that counts beside the repository's;
                          /etc/gowarden/policy.yaml always does
  GOWARDEN_REASON=why     why gowarden is bypassed, where policy requires a
                          reason
  GOWARDEN_EVENTS=off     keep no events of what gowarden does; words: keep the
                          words of go commands, too
  GOWARDEN_DEBUG=1        say on stderr what the launcher does; a path appends
                          to that file
`
