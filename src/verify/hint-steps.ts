/**
 * A hint as lists of arguments, for whoever runs it without a shell. Hints are what `gowarden verify` writes itself:
 *
 *     awk -v key='a.b/c v1.0.0' '$1 " " $2 != key' <go.sum >go.sum.kept && mv go.sum.kept go.sum && go mod tidy
 *
 * commands joined by `&&`, their words bare, in quotes, or written by printf (text/shell-word.ts), files for input and output behind
 * `<` and `>`; and one that cleans up whether or not the one before it ended well: `a && { b; c; } && d`.
 */

export type Step = {
  file: string
  args: string[]
  input: string | undefined
  output: string | undefined
  /** Run also when the step before it failed. */
  isCleanUp?: true
}

/** What a hint may start. Anything else is left to a person. */
const programs = new Set(['git', 'go', 'awk', 'mv', 'cp', 'rm', 'chmod'])

/** The steps of a hint, in order; undefined for what is none of the commands above. */
export function readHint(hint: string): Step[] | undefined {
  const words = readWords(hint)
  if (words === undefined) return undefined
  const steps: Step[] = []
  let current: Word[] = []
  let isCleanUp = false
  for (const word of [...words, and]) {
    if (word !== and && word !== then) {
      current.push(word)
      continue
    }
    const step = readStep(current)
    if (step === undefined) return undefined
    steps.push(isCleanUp ? {...step, isCleanUp} : step)
    isCleanUp = word === then
    current = []
  }
  return steps
}

/** `bare` is what stood outside of quotes at the beginning: `<` and `>` count there alone. */
type Word = {text: string; bare: string}

const and: Word = {text: '&&', bare: '&&'}
const then: Word = {text: ';', bare: ';'}

function readStep(words: readonly Word[]): Step | undefined {
  const redirected = (sign: string) => words.filter(({bare}) => bare.startsWith(sign))
  const plain = words.filter(({bare}) => !/^[<>]/.test(bare)).map(({text}) => text)
  const [file, ...args] = plain
  const [inputs, outputs] = [redirected('<'), redirected('>')]
  if (file === undefined || !programs.has(file) || inputs.length > 1 || outputs.length > 1) return undefined
  const [input, output] = [inputs[0]?.text.slice(1), outputs[0]?.text.slice(1)]
  return input === '' || output === '' || output?.startsWith('>') ? undefined : {file, args, input, output}
}

/** One piece of a word: bare, in single quotes, an escaped quote, or written by printf. */
const piece = /([A-Za-z0-9_@%+=:,./<>&-]+)|'([^']*)'|\\(')|"\$\(printf '([^']*(?:'\\''[^']*)*)'\)"/y

function readWords(text: string): Word[] | undefined {
  const words: Word[] = []
  let isInGroup = false
  for (let at = 0; at < text.length; ) {
    if (text[at] === ' ') {
      at++
      continue
    }
    if (text.startsWith('{ ', at) && !isInGroup) {
      isInGroup = true
      at += 2
      continue
    }
    if (isInGroup && /^; (rm |\}( |$))/.test(text.slice(at, at + 5))) {
      isInGroup = text[at + 2] !== '}'
      if (isInGroup) words.push(then)
      at += isInGroup ? 2 : 3
      continue
    }
    const word: Word = {text: '', bare: ''}
    let isFirst = true
    while (at < text.length && text[at] !== ' ' && text[at] !== ';') {
      piece.lastIndex = at
      const [whole, bare, quoted, escaped, format] = piece.exec(text) ?? []
      if (whole === undefined) return undefined
      word.text += bare ?? quoted ?? escaped ?? printed(format ?? '')
      if (isFirst) word.bare = bare ?? ''
      isFirst = false
      at += whole.length
    }
    const isAnd = word.text === '&&' && word.bare === '&&'
    if (!isAnd && word.bare.includes('&')) return undefined
    if (isFirst) return undefined
    words.push(isAnd ? and : word)
  }
  return isInGroup ? undefined : words
}

/** What printf makes of a format of shellWord's. */
function printed(quoted: string): string {
  const format = quoted.replaceAll("'\\''", "'")
  const bytes: Buffer[] = []
  for (const [, octal, escaped, percent, plain] of format.matchAll(/\\(\d{3})|\\(\\)|%(%)|([^\\%]+)/g)) {
    bytes.push(
      octal === undefined
        ? Buffer.from(escaped ?? percent ?? plain ?? '')
        : Buffer.from([Number.parseInt(octal, 8)]),
    )
  }
  return Buffer.concat(bytes).toString()
}

/** Files that a step writes or takes out, as it names them: relative to where it runs. */
export function touchedBy({file, args, output}: Step): string[] {
  const paths = args.filter(word => !word.startsWith('-'))
  if (file === 'git') return paths.slice(1)
  if (file === 'go') return []
  if (file === 'awk') return output === undefined ? [] : [output]
  return paths
}
