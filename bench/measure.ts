/**
 * The runner: programs timed in turns, so that whatever else the machine does falls on all of them alike. Each is compared
 * with the base of its own round, and of all rounds the median counts.
 */
import {spawnSync} from 'node:child_process'
import {reasonOf} from '../src/store/folder.ts'

/** A program to time. Its input is empty and its output thrown away. */
export type Command = {
  file: string
  words: readonly string[]
  cwd: string
  env: Record<string, string | undefined>
  /** Runs before each round, untimed. */
  prepare?: () => void
}

/** What a row is held to, beside the base. */
export type Limit = {kind: 'added'; ms: number} | {kind: 'times'; factor: number}

/** One line of the table: a measurement, or why there is none. */
export type Row =
  | {kind: 'measured'; what: string; base: string; comparison: Comparison; limit: Limit | undefined}
  | {kind: 'absent'; what: string; reason: string}

/** Produces the rows of one subject. */
export type Group = {name: string; rows: () => Promise<Row[]>}

/** The median and what half of the rounds lay between. */
export type Spread = {low: number; median: number; high: number}

/** A program beside its base: over all rounds, the base's time, and the round's quotient and difference. */
export type Comparison = {baseMs: Spread; ratio: Spread; addedMs: Spread}

/**
 * Times every command once in each round. Their order is drawn anew each time: a program pays for the caches that the one
 * before it filled with its own. Throws when a command fails.
 */
export function interleave<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  rounds: number,
): Record<Name, number[]> {
  const names = Object.keys(commands) as Name[]
  const times = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>
  // What only a first run pays (page cache, directories that are made once) belongs to none of them.
  for (const name of names) timeOnce(commands[name])
  for (let round = 0; round < rounds; round += 1) {
    for (const name of shuffled(names)) times[name].push(timeOnce(commands[name]))
  }
  return times
}

/** Compares two commands' times, round by round. */
export function compare(base: readonly number[], measured: readonly number[]): Comparison {
  const pairs = base.map((baseMs, round) => ({baseMs, ms: measured[round] ?? Number.NaN}))
  return {
    baseMs: spread(base),
    ratio: spread(pairs.map(pair => pair.ms / pair.baseMs)),
    addedMs: spread(pairs.map(pair => pair.ms - pair.baseMs)),
  }
}

/** Whether the median keeps to the limit. */
export function holds(comparison: Comparison, limit: Limit): boolean {
  return limit.kind === 'added'
    ? comparison.addedMs.median <= limit.ms
    : comparison.ratio.median <= limit.factor
}

/** A row of two commands that run in turns with nothing else between them. */
export function row(
  what: string,
  base: string,
  commands: {base: Command; measured: Command},
  rounds: number,
  limit?: Limit,
): Row {
  const times = interleave(commands, rounds)
  return {kind: 'measured', what, base, comparison: compare(times.base, times.measured), limit}
}

/** Waits; for what has to lie a moment in the past before it counts. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

function timeOnce({file, words, cwd, env, prepare}: Command): number {
  prepare?.()
  const started = process.hrtime.bigint()
  // $PWD as a shell would set it.
  const {status, signal, error} = spawnSync(file, words, {cwd, env: {...env, PWD: cwd}, stdio: 'ignore'})
  const ms = Number(process.hrtime.bigint() - started) / 1e6
  const ended = error === undefined ? (signal ?? `exit ${status}`) : reasonOf(error)
  if (status !== 0) throw new Error(`${[file, ...words.slice(0, 8)].join(' ')}: ${ended}`)
  return ms
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map(value => ({value, at: Math.random()}))
    .sort((a, b) => a.at - b.at)
    .map(({value}) => value)
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN
  return {low: at(0.25), median: at(0.5), high: at(0.75)}
}
