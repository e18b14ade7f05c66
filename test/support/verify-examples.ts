/** One finding of each code of `gowarden verify`: the compiler asks for the missing ones. */
import type {VerifyFactsByCode} from '../../src/findings/facts-of-verify.ts'

const place = {file: 'vendor/a.b/c/c.go', line: undefined, module: 'a.b/c@v1.0.0', mend: 'go mod vendor'}
const sum = {...place, file: 'go.sum', line: 3, expected: 'h1:a=', found: 'h1:b='}

export const verifyExamples: VerifyFactsByCode = {
  INDEX_UNMERGED: place,
  MOD_MALFORMED: {...place, reason: 'go.mod:1: unknown directive: x'},
  MOD_OUTSIDE: {...place, replaced: 'a.b/c', directory: '../c'},
  MOD_STALE: {...place, found: 'go 1.24', needed: 'go 1.25', neededBy: 'go.mod', more: 2},
  MOD_UNTIDY: {...place, reason: 'unused', example: undefined, package: undefined},
  MODULES_TXT_DIFFERS: {...place, expected: '## explicit', found: undefined},
  PACKAGE_IGNORED: {...place, package: 'a.b/d/e', rule: '.gitignore:1:e'},
  SUM_BORROWED: {...sum, key: 'a.b/c v1.0.0', neededBy: 'b/b.go', lender: 'a/go.sum'},
  SUM_CHANGED: {...sum, proven: undefined},
  SUM_CONFLICT: {...sum, text: '======='},
  SUM_DISAGREE: {...sum, other: 'a/go.sum'},
  SUM_DUPLICATE: {...sum, first: 1},
  SUM_IGNORED: {...sum, rule: '.gitignore:1:*.sum'},
  SUM_MALFORMED: {...sum, text: 'a b', reason: '2 fields instead of 3'},
  SUM_MISMATCH: {...sum, source: 'zip'},
  SUM_MISSING: {...sum, key: 'a.b/c v1.0.0', neededBy: 'go.mod'},
  SUM_SURPLUS: {...sum, required: 'v1.1.0'},
  SUM_TWO_HASHES: {...sum, first: 1},
  TOOLCHAIN_LINE: {...place, expected: 'no toolchain line', found: undefined},
  VENDOR_ADDED: place,
  VENDOR_EDITED: {...place, expected: 'e69de29', found: 'd95f3ad'},
  VENDOR_EOL: {...place, expected: 'e69de29', found: 'd95f3ad'},
  VENDOR_GHOST: {...place, files: ['vendor/a.b/c/c.go']},
  VENDOR_INCONSISTENT: {...place, sentence: 'is marked as replaced'},
  VENDOR_MISSING: {...place, why: 'ignored', rule: '.gitignore:1:*.o', twin: undefined},
  VENDOR_MODE: {...place, mode: '120000'},
  VENDOR_NOT_GO: {...place, tool: 'Composer', breaks: true, others: []},
  VENDOR_OUTSIDE: {...place, directory: '../x', why: 'outside'},
  VENDOR_PACKAGE_ABSENT: {...place, package: 'a.b/c/d'},
  VENDOR_PACKAGE_MISSING: {...place, package: 'a.b/c/d', importedBy: 'main.go'},
  VENDOR_PACKAGE_STALE: {...place, package: 'a.b/c/d'},
  VENDOR_UNLISTED: place,
  VENDOR_UNPROVEN: {...place, reason: 'its zip is not in the module cache', modules: ['a.b/c@v1.0.0']},
  WORK_MEMBER_ABSENT: {...place, file: 'go.work', directory: '../lib', why: 'outside'},
}
