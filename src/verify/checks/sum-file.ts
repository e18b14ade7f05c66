/** go.sum on its own, against its base, and against the module cache. */
import type {VerifyFound} from '../../findings/finding.ts'
import {latin1ToUtf8, type PathBytes, pathToUtf8} from '../../git/path-bytes.ts'
import type {GoSum, SumLine} from '../../go/module/go-sum.ts'
import {moduleName} from '../../go/module/module-path.ts'
import type {SumFacts, VerifyFacts} from '../facts.ts'
import {add, keepLines, restore, setHash, tidy, writeAnew} from './mends.ts'

/** Syntax, duplicates, changes since the base, and every hash the module cache can confirm. */
export function checkSumFiles(facts: VerifyFacts): VerifyFound[] {
  return facts.sums.flatMap(sum => [
    ...checkSyntax(sum),
    ...checkRepeats(sum),
    ...checkBase(sum, facts.cached),
    ...checkCache(sum, facts.cached),
  ])
}

function checkSyntax({path, sum, base}: SumFacts): VerifyFound[] {
  const file = pathToUtf8(path)
  // Both sides of a conflict have the same lines, and go leaves a file alone in which lines only stand twice.
  const once = sum.conflictMarkers.length > 0 ? [' && !seen[$0]++'] : []
  const bad = [...sum.conflictMarkers, ...sum.malformed].map(({line}) => line).sort((a, b) => a - b)
  // One command for all of them: a line that is gone moves those below it.
  const mend =
    bad.length > mostNamedLines && base !== undefined
      ? `${restore(path)} && ${tidy(path)}`
      : `${keepLines(path, [bad.map(line => `NR != ${line}`).join(' && '), ...once].join(''))} && ${tidy(path)}`
  const [marker, ...more] = sum.conflictMarkers
  return [
    ...(marker === undefined
      ? []
      : [
          {
            code: 'SUM_CONFLICT' as const,
            facts: {
              file,
              line: marker.line,
              module: undefined,
              text: latin1ToUtf8(marker.text),
              more: more.length,
              mend,
            },
          },
        ]),
    ...sum.malformed.map(
      ({line, text, reason}): VerifyFound => ({
        code: 'SUM_MALFORMED',
        facts: {file, line, module: undefined, text: latin1ToUtf8(text), reason, mend},
      }),
    ),
  ]
}

/** A command that names more lines than this is none to copy. */
const mostNamedLines = 12

/** Of a conflict both sides stand there, and repeat each other: that goes with its markers. */
export function isInConflict({sum}: SumFacts): boolean {
  return sum.conflictMarkers.length > 0
}

/** Without missing lines that are there and malformed: that is said of the line itself. */
export function withoutMalformed(found: readonly VerifyFound[], sums: readonly SumFacts[]): VerifyFound[] {
  const malformed = new Map(
    sums.map(({path, sum}) => [pathToUtf8(path), new Set(sum.malformed.map(({key}) => key))]),
  )
  return found.filter(
    one => one.code !== 'SUM_MISSING' || malformed.get(one.facts.file)?.has(one.facts.key) !== true,
  )
}

function checkRepeats(facts: SumFacts): VerifyFound[] {
  const {path, sum, base} = facts
  const first = new Map<string, SumLine>()
  return sum.lines.flatMap((line): VerifyFound[] => {
    const earlier = first.get(line.key)
    if (earlier === undefined) {
      first.set(line.key, line)
      return []
    }
    const place = {...placeOf(path, line), first: earlier.line}
    if (earlier.hash === line.hash) {
      if (isInConflict(facts)) return []
      return [
        {
          code: 'SUM_DUPLICATE',
          facts: {...place, mend: `${keepLines(path, '!seen[$1, $2, $3]++')} && ${add([path])}`},
        },
      ]
    }
    const known = [earlier, line].filter(({key, hash}) => hashesOf(base, key).includes(hash))
    const [right] = known
    return [
      {
        code: 'SUM_TWO_HASHES',
        facts: {
          ...place,
          expected: earlier.hash,
          found: line.hash,
          mend:
            right !== undefined && known.length === 1
              ? `${keepLines(path, '$1 " " $2 != key || $3 == hash', right)} && ${add([path])}`
              : writeAnew(path, line),
        },
      },
    ]
  })
}

/** The only sign of a changed hash where neither vendor/ nor the module cache holds the module. */
function checkBase({path, sum, base}: SumFacts, cached: VerifyFacts['cached']): VerifyFound[] {
  if (base === undefined) return []
  const before = new Map<string, Set<string>>()
  for (const {key, hash} of base.lines) before.set(key, (before.get(key) ?? new Set()).add(hash))
  return sum.lines.flatMap((line): VerifyFound[] => {
    const hashes = before.get(line.key)
    if (hashes === undefined || hashes.has(line.hash)) return []
    const known = cached.get(line.key)
    return [
      {
        code: 'SUM_CHANGED',
        facts: {
          ...placeOf(path, line),
          expected: [...hashes].join(' or '),
          found: line.hash,
          proven: known?.hash === line.hash ? known.source : undefined,
          mend: mendChanged(path, line, [...hashes], known?.hash),
        },
      },
    ]
  })
}

/** A proven one is right, and one that the cache refutes is written anew, not put back: the hash before may be wrong, too. */
function mendChanged(
  path: PathBytes,
  line: SumLine,
  before: readonly string[],
  cached: string | undefined,
): string | undefined {
  if (cached === line.hash) return undefined
  const [hash] = before
  if (before.length !== 1 || hash === undefined) return restore(path)
  return cached === undefined || cached === hash ? setHash(path, line, hash) : writeAnew(path, line)
}

function checkCache({path, sum, base}: SumFacts, cached: VerifyFacts['cached']): VerifyFound[] {
  return sum.lines.flatMap((line): VerifyFound[] => {
    const proven = cached.get(line.key)
    // Other algorithms than h1 prove nothing here; the go command ignores them too.
    if (proven === undefined || proven.hash === line.hash || !line.hash.startsWith('h1:')) return []
    return [
      {
        code: 'SUM_MISMATCH',
        facts: {
          ...placeOf(path, line),
          expected: proven.hash,
          found: line.hash,
          source: proven.source,
          // Where the commit before has the right line it is known; elsewhere go writes it, once the wrong one is gone.
          mend:
            hashesOf(base, line.key).join() === proven.hash
              ? setHash(path, line, proven.hash)
              : writeAnew(path, line),
        },
      },
    ]
  })
}

/** What the commit before has for a key; more than one hash where it is wrong itself. */
function hashesOf(base: GoSum | undefined, key: string): string[] {
  return (base?.lines ?? []).flatMap(line => (line.key === key ? [line.hash] : []))
}

/** Where a line stands, and of which module it speaks. */
export function placeOf(path: PathBytes, line: SumLine): {file: string; line: number; module: string} {
  const suffix = line.goMod ? '/go.mod' : ''
  return {file: pathToUtf8(path), line: line.line, module: `${moduleName(line)}${suffix}`}
}
