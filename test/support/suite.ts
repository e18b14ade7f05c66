import {type Test, suite as uvuSuite} from 'uvu'

/** What a test file gets: `test(name, body)`, and `test.unless(reason, name, body)` for a case the machine may not allow. */
export type Define = {
  (name: string, body: () => void | Promise<void>): void
  /** Skips when `reason` is a text, which is printed; runs when it is undefined. */
  unless(reason: string | undefined, name: string, body: () => void | Promise<void>): void
}

/** Cases that take so long are named at the end, for who wonders where the time of all the tests goes. */
const slowSeconds = 5

const slow: string[] = []
process.on('exit', () => {
  for (const line of slow) console.log(`  ${line}`)
})

/**
 * A suite that runs itself: uvu exits 0 when `.run()` is forgotten and when a hook throws, so there is no `.run()`
 * to forget and there are no hooks. Set-up belongs inside the test body, in wrappers such as `withTemporary`.
 */
export function suite(name: string, define: (test: Define) => void): void {
  const tests: Test = uvuSuite(name)
  const test: Define = (caseName, body) => {
    tests(caseName, async () => {
      const started = performance.now()
      await body()
      const seconds = Math.round((performance.now() - started) / 1000)
      if (seconds >= slowSeconds) slow.push(`${seconds} s: ${caseName}`)
    })
  }
  test.unless = (reason, caseName, body) => {
    if (reason === undefined) {
      test(caseName, body)
      return
    }
    console.log(`skipped: ${name}: ${caseName}: ${reason}`)
    tests.skip(caseName)
  }
  define(test)
  tests.run()
}
