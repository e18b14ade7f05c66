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
  if (!isStandalone) setFlagsFromString('--interrupt-budget=1000000')
}
