/**
 * The findings of `gowarden verify`: facts by code. Every one names its file (as text, relative to the top of the
 * repository), the line where there is one, the module, and the command that mends it.
 */

/** `line` counts from 1; `module` is `path@version`. */
export type Place = {file: string; line: number | undefined; module: string | undefined}

/** Undefined where no command mends it, or none that could not also remove what the finding is not about. */
export type Mend = {mend: string | undefined}

/** A module's zip, its go.mod, or what go noted when it downloaded the zip. */
export type HashSource = 'zip' | 'go.mod' | 'ziphash'

export type VerifyFactsByCode = {
  INDEX_UNMERGED: Place & Mend
  LOCK_MALFORMED: Place & {reason: string}
  /** `says` is the line, `toolchain go1.26.7`; `locked` the version of the lock. */
  LOCK_OUT_OF_STEP: Place & Mend & {says: string; locked: string; lock: string; by: 'go' | 'CI'}
  MOD_MALFORMED: Place & {reason: string}
  MOD_OUTSIDE: Place & {replaced: string; directory: string}
  /** `found` and `needed` are lines of a go.mod: `a.b/c v1.0.0`, `go 1.24`; `more` like them are not shown. */
  MOD_STALE: Place & Mend & {found: string; needed: string; neededBy: string; more: number}
  /** `example` is a file that imports a package of the module; `package` is what it imports. */
  MOD_UNTIDY: Place &
    Mend & {
      reason: 'unused' | 'indirect' | 'missing'
      example: string | undefined
      package: string | undefined
    }
  MODULES_TXT_DIFFERS: Place & Mend & {expected: string | undefined; found: string | undefined}
  PACKAGE_IGNORED: Place & Mend & {package: string; rule: string}
  SUM_BORROWED: Place & Mend & {key: string; neededBy: string; lender: string}
  /** `proven` is what in the module cache has the new hash: then it is the right one, and a published version has changed. */
  SUM_CHANGED: Place & Mend & {expected: string; found: string; proven: HashSource | undefined}
  SUM_CONFLICT: Place & Mend & {text: string; more: number}
  SUM_DISAGREE: Place & Mend & {expected: string; found: string; other: string}
  SUM_DUPLICATE: Place & Mend & {first: number}
  SUM_IGNORED: Place & Mend & {rule: string}
  SUM_MALFORMED: Place & Mend & {text: string; reason: string}
  SUM_MISMATCH: Place & Mend & {expected: string; found: string; source: HashSource}
  SUM_MISSING: Place & Mend & {key: string; neededBy: string}
  SUM_SURPLUS: Place & Mend & {required: string}
  SUM_TWO_HASHES: Place & Mend & {expected: string; found: string; first: number}
  TOOLCHAIN_LINE: Place & Mend & {expected: string; found: string | undefined}
  /** `isHidden`: no commit has it, for a rule of Git hides it, and builds in this work tree do. */
  VENDOR_ADDED: Place & Mend & {isHidden?: true}
  /** `by` is what makes Git store another content than it is given, such as `filter=lfs`, and `where` its file and line. */
  VENDOR_EDITED: Place &
    Mend & {expected: string; found: string; by?: string | undefined; where?: string | undefined}
  VENDOR_EOL: Place &
    Mend & {expected: string; found: string; by?: string | undefined; where?: string | undefined}
  VENDOR_GHOST: Place & Mend & {files: string[]}
  VENDOR_INCONSISTENT: Place & Mend & {sentence: string}
  VENDOR_MISSING: Place &
    Mend & {
      why: 'absent' | 'intent-to-add' | 'untracked' | 'ignored'
      rule: string | undefined
      /** A path that differs only in case. */
      twin: string | undefined
    }
  VENDOR_MODE: Place & Mend & {mode: string}
  /**
   * `tool` writes it; `breaks` where go takes it for its own and builds nothing. `others` are files of others in a directory that
   * is Go's: then a hint was withheld that would delete them.
   */
  VENDOR_NOT_GO: Place & {tool: string | undefined; breaks: boolean; others: string[]}
  /** `why` the judged tree holds nothing of the directory. */
  VENDOR_OUTSIDE: Place & {directory: string; why: 'submodule' | 'outside' | 'absent'}
  VENDOR_PACKAGE_ABSENT: Place & Mend & {package: string}
  VENDOR_PACKAGE_MISSING: Place & Mend & {package: string; importedBy: string}
  VENDOR_PACKAGE_STALE: Place & Mend & {package: string}
  VENDOR_UNLISTED: Place & Mend
  /** All modules of which the same is to be said; `module` where it is one. */
  VENDOR_UNPROVEN: Place & Mend & {reason: string; modules: string[]}
  /** A `use` line: `directory` as written. */
  WORK_MEMBER_ABSENT: Place & {directory: string; why: 'outside' | 'absent'}
}

export type VerifyCode = keyof VerifyFactsByCode
