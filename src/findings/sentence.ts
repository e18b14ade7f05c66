/** A finding in words. */
export type Sentence = {
  headline: string
  /** Label and value, one line each under the headline. */
  details: [label: string, value: string][]
  hints: string[]
}
