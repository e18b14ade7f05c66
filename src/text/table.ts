import {oneLine} from './one-line.ts'

/** Rows as text in columns, two spaces between; the last column keeps its length, so that long values stay whole. A cell is one line. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map(row => row.map(oneLine))
  const columns = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({length: columns}, (_, column) =>
    Math.max(...rows.map(row => row[column]?.length ?? 0)),
  )
  return rows
    .map(row =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  '),
    )
    .map(line => `${line.trimEnd()}\n`)
    .join('')
}
