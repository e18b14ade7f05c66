/** When the engine turns warm functions into machine code. */
import {setFlagsFromString} from 'node:v8'
import {isStandalone} from './standalone.ts'

/**
 * For a program that ends within a second: V8 optimises a function after some ten times as much work as by default. Until then it has
 * compiled thousands that run for milliseconds more, on threads of its own: a quarter of the CPU of `gowarden verify` on a large tree
 * was that (docs/speed.md). What runs for long is still optimised.
 *
 * The standalone executable is told the same by bin/go and bin/gowarden.sh, by variables, for it reads them before it runs anything: a
 * function is compiled after forty times as many calls and loops. A Bun that no longer knows one of them would say so and end, and the
 * launcher that enable has copied names them: see test/engine.test.ts before another Bun is taken.
 */
export function optimizeLate(): void {
  const flag = isStandalone ? undefined : lateFlag(process.versions.v8)
  if (flag !== undefined) setFlagsFromString(flag)
}

/** V8's own flag for that; undefined for a version that was not looked at: V8 prints an error about a flag that it does not know. */
export function lateFlag(v8: string): string | undefined {
  // Node 20 and 21. Node 22 (12) and 24 (13) count calls instead, by three flags.
  return v8.startsWith('11.') ? '--interrupt-budget=1000000' : undefined
}
