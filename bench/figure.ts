/** A number as the tables show it, in two significant digits: more would be the machine's noise. */
export function figure(value: number): string {
  return value < 10 ? value.toPrecision(2) : String(Number(value.toPrecision(2)))
}
