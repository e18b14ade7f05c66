/**
 * Runs every *.test.ts under uvu, a process for each file and one file more at once than there are cores, and closes with
 * one line: `N passed, N failed, N skipped`. uvu's own totals are read from a file's output and believed only together
 * with its exit code; a file without a test is a failure, and so is one that leaves a program running.
 * `npm test -- PATTERN` runs the files whose path matches. All of them start in the environment of environment.ts, so that
 * none rests on the machine's or the person's; MODULES=empty begins with an empty module cache.
 */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {existsSync, readdirSync} from 'node:fs'
import {availableParallelism} from 'node:os'
import {join} from 'node:path'
import {testEnvironment} from './environment.ts'
import {directoryOfProcess, removeModules} from './temporary.ts'

type Counts = {passed: number; failed: number; skipped: number}

/** A file that takes longer hangs. */
const limitSeconds = 600

/** How long what a file started may take to end after it. */
const graceSeconds = 10

if (spawnSync('go', ['version'], {env: {...process.env, GOFLAGS: '', GOWARDEN: 'off'}}).status !== 0) {
  console.error('gowarden: error: there is no go on PATH, and the tests run real ones')
  console.error(
    'gowarden: hint: install Go from https://go.dev/dl, and put it on PATH: export PATH="$PATH:/usr/local/go/bin"',
  )
  console.log('0 passed, 1 failed, 0 skipped')
  process.exit(127)
}

const home = directoryOfProcess('gowarden home ')
const environment = testEnvironment(process.env, home)
// What is loaded from here on, and asks go something, asks in that environment too.
for (const name of Object.keys(process.env)) if (environment[name] === undefined) delete process.env[name]
Object.assign(process.env, environment)
process.prependListener('exit', () => {
  if (existsSync(join(home, 'modules'))) removeModules(join(home, 'modules'))
})

const pattern = new RegExp(`${process.argv[2] ?? ''}.*\\.test\\.ts$`)
const waiting = testFiles().filter(file => pattern.test(file))
const running = new Set<ChildProcess>()
const sum: Counts = {passed: 0, failed: 0, skipped: 0}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const child of running) endGroup(child)
    process.exit(1)
  })
}

const warm = directoryOfProcess('gowarden tests ')
if (waiting.length > 1) {
  const {fillWarm} = await import('./shells.ts')
  await fillWarm(warm)
  environment['GOWARDEN_TESTS_WARM'] = warm
}
// One more than there are cores: a third of the time a file waits, for a lock, for a moment to pass or for the network.
await Promise.all(Array.from({length: availableParallelism() + 1}, runNext))
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1

/** One lane: a file after the other until none waits. */
async function runNext(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const counts = await runFile(file)
    sum.passed += counts.passed
    sum.failed += counts.failed
    sum.skipped += counts.skipped
  }
}

/** Runs one file and prints what it said when it has ended. */
async function runFile(file: string): Promise<Counts> {
  const started = Date.now()
  // By uvu's own command: a file that is run by itself begins its suites before all of them are known, where it awaits something.
  const words = [
    '--import',
    'tsx',
    'node_modules/uvu/bin.js',
    '--no-color',
    'test',
    `^${file.slice('test/'.length)}$`,
  ]
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
    detached: true,
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (output += text))
  const trouble: string[] = []
  const limit = setTimeout(() => {
    trouble.push(`it still ran after ${limitSeconds} s`)
    endGroup(child)
  }, limitSeconds * 1000)
  const code = await new Promise<number | null>(resolve => {
    let grace: NodeJS.Timeout
    child.on('exit', code => {
      grace = setTimeout(() => {
        trouble.push('a program that it started still runs and holds its output')
        endGroup(child)
        resolve(code)
      }, graceSeconds * 1000)
    })
    child.on('close', code => {
      clearTimeout(grace)
      resolve(code)
    })
  })
  clearTimeout(limit)
  running.delete(child)

  const counts = countsOf(output, code)
  counts.failed += trouble.length
  console.log(`${file}: ${Math.round((Date.now() - started) / 1000)} s`)
  console.log(withoutTotals(output))
  for (const sentence of trouble) console.log(`   FAIL  ${file}: ${sentence}\n`)
  return counts
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it has ended
  }
}

/** Every test file below test/ in the order of the names, those of the launcher first: they take longest, so no lane is left with one. */
function testFiles(): string[] {
  const files = readdirSync('test', {recursive: true, encoding: 'utf8'})
    .map(file => join('test', file))
    .filter(file => file.endsWith('.test.ts'))
    .sort()
  const isLong = (file: string) => file.startsWith('test/launcher/')
  return [...files.filter(isLong), ...files.filter(file => !isLong(file))]
}

/** What uvu counted at the end of a file's output; one failure more when its exit code says so and the counts do not. */
function countsOf(output: string, code: number | null): Counts {
  const total = count(output, 'Total')
  const passed = count(output, 'Passed')
  const failed = Math.max(total - passed, code === 0 && passed > 0 ? 0 : 1)
  return {passed, failed, skipped: count(output, 'Skipped')}
}

/** The number behind uvu's closing `  Total:     12`. */
function count(output: string, label: string): number {
  return Number(output.match(new RegExp(`^\\s*${label}:\\s+(\\d+)\\s*$`, 'm'))?.[1] ?? 0)
}

function withoutTotals(output: string): string {
  return output.replace(/^(?:\S+\.test\.ts| {2}(?:Total|Passed|Skipped|Duration): .*)\n/gm, '').trimEnd()
}
