import {findingText} from '../findings/text.ts'
import {oneLine} from '../text/one-line.ts'
import {table} from '../text/table.ts'
import type {AbiJudgement} from './abi.ts'
import type {Diagnosis} from './doctor.ts'
import type {Isolation} from './isolate.ts'

/**
 * What is not as go ships it, or every value, with its source; every finding; one closing line. `columns` is the width of the
 * terminal, undefined where there is none.
 */
export function doctorText(
  diagnosis: Diagnosis,
  {all, columns}: {all: boolean; columns: number | undefined},
): string {
  const rows = diagnosis.values
    .filter(({isUsual}) => all || !isUsual)
    .map(({name, value, origin}) => [name, value === '' ? '-' : value, origin === '' ? '' : `(${origin})`])
  return [
    valuesText(rows, columns),
    ...diagnosis.findings.map(findingText),
    guardHint(diagnosis.guard),
    `${closingLine(diagnosis)}\n`,
  ].join('')
}

/** Name, value and source in columns; where a line would be wider than the terminal, the source is on a line of its own. */
function valuesText(rows: readonly string[][], columns = Number.POSITIVE_INFINITY): string {
  const wide = table(rows)
  if (wide.split('\n').every(line => line.length <= columns)) return wide
  const indent = 2 + Math.max(...rows.map(([name = '']) => name.length))
  return rows
    .map(([name = '', value = '', source = '']) => {
      const beside = oneLine(`${name.padEnd(indent)}${value}`)
      // A long value has the whole line below, where it fits into what a terminal has.
      const [line, at] = beside.length <= columns ? [beside, indent] : [`${name}\n  ${oneLine(value)}`, 2]
      if (source === '') return `${line}\n`
      const isShort = beside.length + 2 + source.length <= columns
      return `${line}${isShort ? '  ' : `\n${' '.repeat(at)}`}${oneLine(source)}\n`
    })
    .join('')
}

/** `gowarden enable --check` where go is not guarded: why, and the command that changes it. */
export function unguardedText(guard: Diagnosis['guard']): string {
  return `go build here is ${guard.kind === 'refused' ? 'refused' : 'NOT guarded'}: ${oneLine(guard.reason)}\n${guardHint(guard)}`
}

function guardHint({fix}: Diagnosis['guard']): string {
  return fix === '' ? '' : `gowarden: hint: to guard it: ${oneLine(fix)}\n`
}

/** What was compared, what is wrong, one closing line. */
export function abiText({
  goroot,
  version,
  headers,
  symbols,
  runtime,
  unknown,
  findings,
}: AbiJudgement): string {
  const rows = [
    ['GOROOT', goroot],
    ['go', version],
    ['compiler writes', headers.compile],
    ['assembler writes', headers.asm],
    ['linker takes', headers.link],
    ['symbols', `${symbols} of the runtime, to which code of this compiler refers`],
    [
      'runtime',
      runtime.by === 'archives'
        ? `${runtime.archives} objects, compiled just now in an empty cache`
        : `names in GOROOT/src, for it does not compile: ${runtime.said}`,
    ],
  ].filter(([, value]) => value !== '')
  const closing =
    findings.length > 0
      ? `compiler, linker and runtime of ${version} do NOT go together (${findings.map(({code}) => code).join(', ')})`
      : unknown === undefined
        ? `compiler, linker and runtime of ${version} go together: every symbol is defined`
        : `whether compiler, linker and runtime go together is not known: ${oneLine(unknown)}`
  return [table(rows), ...findings.map(findingText), `${closing}\n`].join('')
}

/** Which builds were compared, what differs, one closing line. */
export function isolationText({cache, packages, compared, unknown, findings}: Isolation): string {
  const rows = [
    ['GOCACHE', cache],
    ['built again', `${packages} packages, in an empty cache`],
    ...compared.map(({by, said}) => [
      by === 'go' ? 'by go alone' : 'by gowarden',
      said === undefined ? 'compared' : `not compared: ${oneLine(said)}`,
    ]),
  ]
  const isAll = compared.every(({said}) => said === undefined)
  const closing =
    unknown !== undefined
      ? `nothing could be compared: ${oneLine(unknown)}`
      : findings.length > 0
        ? `GOCACHE does NOT hold what this toolchain makes (${findings.map(({code}) => code).join(', ')})`
        : isAll
          ? 'GOCACHE holds what this toolchain makes'
          : 'no difference was found where the two could be compared'
  return [unknown === undefined ? table(rows) : '', ...findings.map(findingText), `${closing}\n`].join('')
}

/** `go build here is guarded`, or why not, and whether it can build. */
function closingLine({guard, canBuild, findings}: Diagnosis): string {
  const errors = [...new Set(findings.filter(({level}) => level === 'error').map(({code}) => code))]
  const because = errors.length === 0 ? '' : ` (${errors.join(', ')})`
  switch (guard.kind) {
    case 'guarded':
      return canBuild
        ? 'go build here is guarded'
        : `go build here is guarded, and would be refused or fail${because}`
    case 'refused':
      return `go build here is refused: ${oneLine(guard.reason)}`
    case 'unguarded':
      return `go build here is NOT guarded: ${oneLine(guard.reason)}${canBuild ? '' : `; and it would fail${because}`}`
  }
}
