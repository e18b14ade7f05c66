/**
 * Runs every *.test.ts under uvu and closes with one line: `N passed, N failed, N skipped`. uvu's own totals are
 * read from its output and believed only together with its exit code; no test at all is a failure.
 * `npm test -- PATTERN` runs the files whose path matches.
 */
import {spawn, spawnSync} from 'node:child_process'

if (spawnSync('go', ['version'], {env: {...process.env, GOWARDEN: 'off'}}).status !== 0) {
  console.error('gowarden: error: there is no go on PATH, and the tests run real ones')
  console.error(
    'gowarden: hint: install Go from https://go.dev/dl, and put it on PATH: export PATH="$PATH:/usr/local/go/bin"',
  )
  console.log('0 passed, 1 failed, 0 skipped')
  process.exit(127)
}

const pattern = process.argv[2] ?? ''
const uvu = spawn(
  process.execPath,
  ['--import', 'tsx', 'node_modules/uvu/bin.js', 'test', `${pattern}.*\\.test\\.ts$`],
  {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, FORCE_COLOR: '0', NO_COLOR: '1'}},
)

let output = ''
uvu.stdout.on('data', (chunk: Buffer) => {
  output += chunk
  process.stdout.write(chunk)
})
uvu.on('close', code => {
  const total = count('Total')
  const passed = count('Passed')
  const skipped = count('Skipped')
  const failed = Math.max(total - passed, code === 0 ? 0 : 1)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1
})

/** The number behind uvu's closing `  Total:     12`. */
function count(label: string): number {
  return Number(output.match(new RegExp(`^\\s*${label}:\\s+(\\d+)\\s*$`, 'm'))?.[1] ?? 0)
}
