/**
 * Whether a .go file could ever be part of a build, for `go mod vendor` leaves out the others. After
 * cmd/go/internal/imports/build.go (ShouldBuild with AnyTags) and go/build/constraint: every tag counts as both set and
 * unset, except `ignore`, which is unset.
 */

const letterOrDigit = /[\p{L}\p{Nd}_.]/u

/** `header` is the file up to its imports or more; only the comments before the package clause decide. */
export function canEverBuild(header: string): boolean {
  if (!header.includes('//go:build') && !header.includes('+build')) return true
  const {leading, goBuild} = readLeadingComments(header)
  if (goBuild === 'twice') return false
  if (goBuild !== undefined) {
    const expression = parseGoBuild(goBuild)
    return expression !== undefined && evaluate(expression, true)
  }
  return plusBuildLines(leading).every(expression => evaluate(expression, true))
}

type Expression =
  | {kind: 'tag'; tag: string}
  | {kind: 'not'; of: Expression}
  | {kind: 'and' | 'or'; left: Expression; right: Expression}

/** `wanted` turns over under each `!`, so that a tag satisfies whatever is asked of it. */
function evaluate(expression: Expression, wanted: boolean): boolean {
  switch (expression.kind) {
    case 'tag':
      return expression.tag === 'ignore' ? false : wanted
    case 'not':
      return !evaluate(expression.of, !wanted)
    case 'and':
      return evaluate(expression.left, wanted) && evaluate(expression.right, wanted)
    case 'or':
      return evaluate(expression.left, wanted) || evaluate(expression.right, wanted)
  }
}

/**
 * The leading run of `//` comments and blank lines that a blank line ends (only there a `// +build` line counts), and the
 * `//go:build` line, which may also follow a block comment.
 */
function readLeadingComments(text: string): {leading: string; goBuild: string | 'twice' | undefined} {
  let end = 0
  let ended = false
  let inBlock = false
  let goBuild: string | undefined
  for (let position = 0; position < text.length; ) {
    const newline = text.indexOf('\n', position)
    const next = newline < 0 ? text.length : newline + 1
    let line = trim(text.slice(position, newline < 0 ? text.length : newline))
    position = next
    if (line === '' && !ended) {
      end = next
      continue
    }
    if (!line.startsWith('//')) ended = true
    if (!inBlock && isGoBuildLine(line)) {
      if (goBuild !== undefined) return {leading: '', goBuild: 'twice'}
      goBuild = line
    }
    while (line !== '') {
      if (inBlock) {
        const close = line.indexOf('*/')
        if (close < 0) break
        inBlock = false
        line = trim(line.slice(close + 2))
      } else if (line.startsWith('//')) {
        break
      } else if (line.startsWith('/*')) {
        inBlock = true
        line = trim(line.slice(2))
      } else {
        return {leading: text.slice(0, end), goBuild}
      }
    }
  }
  return {leading: text.slice(0, end), goBuild}
}

function isGoBuildLine(line: string): boolean {
  return /^\/\/go:build(\s|$)/.test(line)
}

/** bytes.TrimSpace on latin1 text: only ASCII white space, for the other characters are parts of UTF-8 sequences. */
function trim(text: string): string {
  return text.replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '')
}

/** `//go:build linux && (amd64 || !cgo)`; undefined when Go could not parse it. */
function parseGoBuild(line: string): Expression | undefined {
  const tokens = tokenize(trim(line.slice('//go:build'.length)))
  if (tokens === undefined) return undefined
  let position = 0
  let size = 0

  const or = (): Expression | undefined => binary('or', '||', and)
  const and = (): Expression | undefined => binary('and', '&&', not)
  const binary = (
    kind: 'and' | 'or',
    operator: string,
    operand: () => Expression | undefined,
  ): Expression | undefined => {
    let left = operand()
    while (left !== undefined && tokens[position] === operator) {
      position++
      const right = operand()
      if (right === undefined) return undefined
      left = {kind, left, right}
    }
    return left
  }
  const not = (): Expression | undefined => {
    // Go's own limit; it also keeps a hostile file from exhausting the stack.
    if (++size > 1000) return undefined
    if (tokens[position] !== '!') return atom()
    position++
    if (tokens[position] === '!') return undefined
    const of = atom()
    return of === undefined ? undefined : {kind: 'not', of}
  }
  const atom = (): Expression | undefined => {
    const token = tokens[position++]
    if (token === '(') {
      const inner = or()
      return tokens[position++] === ')' ? inner : undefined
    }
    if (token === undefined || /^[()!&|]/.test(token)) return undefined
    return {kind: 'tag', tag: token}
  }

  const expression = or()
  return position === tokens.length ? expression : undefined
}

function tokenize(text: string): string[] | undefined {
  const decoded = Buffer.from(text, 'latin1').toString('utf8')
  const tokens: string[] = []
  for (const match of decoded.matchAll(/[ \t]+|[()!]|&&|\|\||[\p{L}\p{Nd}_.]+|[\s\S]/gu)) {
    const token = match[0]
    if (/^[ \t]/.test(token)) continue
    if (!/^([()!]|&&|\|\|)$/.test(token) && !letterOrDigit.test(token)) return undefined
    tokens.push(token)
  }
  return tokens
}

/** Every `// +build` line: words are alternatives, commas join, `!` negates. Lines with too many terms are skipped, as in Go. */
function plusBuildLines(leading: string): Expression[] {
  const expressions: Expression[] = []
  for (const raw of leading.split('\n')) {
    const line = trim(raw)
    const match = /^\/\/[\t\v\f\r ]*\+build(?:[\t\v\f\r ]+([\s\S]*))?$/.exec(line)
    if (match === null) continue
    const words = (match[1] ?? '').split(/[\t\v\f\r ]+/).filter(word => word !== '')
    const terms = words.map(word => word.split(','))
    // Go counts the operators between terms and alternatives.
    if (terms.reduce((count, term) => count + term.length, 0) - 1 > 100) continue
    const alternatives = terms.map(term =>
      term.map(plusBuildTag).reduce((left, right) => ({kind: 'and', left, right})),
    )
    expressions.push(
      alternatives.length === 0
        ? {kind: 'tag', tag: 'ignore'}
        : alternatives.reduce((left, right) => ({kind: 'or', left, right})),
    )
  }
  return expressions
}

function plusBuildTag(literal: string): Expression {
  if (literal.startsWith('!!') || literal === '!') return {kind: 'tag', tag: 'ignore'}
  const name = Buffer.from(literal.replace(/^!/, ''), 'latin1').toString('utf8')
  const tag: Expression = {kind: 'tag', tag: /^[\p{L}\p{Nd}_.]+$/u.test(name) ? name : 'ignore'}
  return literal.startsWith('!') ? {kind: 'not', of: tag} : tag
}
