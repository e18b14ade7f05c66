/**
 * `npm run bench [-- NAME]`: one table of ratios, measured in one run. A limit that does not hold is marked and fails
 * nothing, since machines are noisy. NAME picks a group; `programs` runs only when it is asked for.
 */
import {cpus, loadavg} from 'node:os'
import {table} from '../src/text/table.ts'
import {machine} from '../test/support/rig.ts'
import {auditRows} from './audit.ts'
import {figure} from './figure.ts'
import {identityRows} from './identity.ts'
import {installRows} from './install.ts'
import {launcherRows} from './launcher.ts'
import {type Comparison, type Group, holds, type Limit, type Row, type Spread} from './measure.ts'
import {otherRows} from './others.ts'
import {plannerRows} from './planner.ts'
import {verifyRows} from './verify.ts'

const groups: readonly Group[] = [
  {name: 'launcher', rows: launcherRows},
  {name: 'planner', rows: plannerRows},
  {name: 'identity', rows: identityRows},
  {name: 'audit', rows: auditRows},
  {name: 'install', rows: installRows},
  {name: 'others', rows: otherRows},
  {name: 'verify', rows: verifyRows},
]

async function main(name: string | undefined): Promise<void> {
  const chosen = groups.filter(group => name === undefined || group.name === name)
  if (chosen.length === 0 && name !== 'programs') {
    const names = [...groups.map(group => group.name), 'programs']
    throw new Error(`no group is called ${name}; there are ${names.join(', ')}`)
  }
  console.log(machineText())
  if (name === 'programs') {
    const {programsText} = await import('./programs.ts')
    console.log(await programsText())
    return
  }
  const rows: string[][] = []
  for (const group of chosen) {
    process.stderr.write(`measuring ${group.name}…\n`)
    rows.push(...(await group.rows()).map(rowCells))
  }
  console.log(
    table([['what', 'beside', 'base', 'ratio', 'added (half of the rounds)', 'limit', 'holds'], ...rows]),
  )
}

function machineText(): string {
  const load = loadavg().map(figure).join(' ')
  return `Node ${process.version}, ${machine.version}, ${process.platform}-${process.arch}, ${cpus().length} CPUs, load average ${load}\n`
}

function rowCells(row: Row): string[] {
  if (row.kind === 'absent') return [row.what, row.reason]
  const {baseMs, ratio, addedMs} = row.comparison
  return [
    row.what,
    row.base,
    `${figure(baseMs.median)} ms`,
    `${figure(ratio.median)}×`,
    addedText(addedMs),
    ...(row.limit === undefined ? [] : limitCells(row.comparison, row.limit)),
  ]
}

function addedText({low, median, high}: Spread): string {
  return `${signed(median)} ms (${signed(low)} … ${signed(high)})`
}

function limitCells(comparison: Comparison, limit: Limit): string[] {
  const text = limit.kind === 'added' ? `+${limit.ms} ms` : `${limit.factor}×`
  return [text, holds(comparison, limit) ? 'yes' : 'NO']
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
