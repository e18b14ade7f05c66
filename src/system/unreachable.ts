/** Ends a `switch` over a union: the compiler names the case that was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`)
}
