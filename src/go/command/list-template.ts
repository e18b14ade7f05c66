/**
 * `.ToolchainHash` in the template of `go list -f`: a field that the go command does not have, so the template gets its
 * value as a string constant in its place. Read as text/template/parse/lex.go reads it; what the go command would refuse
 * is left for it to refuse in its own words.
 */

/** What `.` and `$` mean in a part of a template: the package that `go list` prints, or something else. */
type Meaning = 'package' | 'other'
type Scope = {dot: Meaning; dollar: Meaning}

/** A field access of exactly this name on `.` or `$`: not `.Module.ToolchainHash`, not `$x.ToolchainHash`, not `f().ToolchainHash`. */
const fieldName = 'ToolchainHash'

/**
 * The template with each `.ToolchainHash` and `$.ToolchainHash` of the package replaced by a string constant; strings,
 * comments and the text between actions stay as they are. Inside `range`, `with` and `define` a `.` that is no longer the
 * package is left alone. Returns the very template when it names the field nowhere.
 */
export function withToolchainHash(template: string, hash: string): string {
  const scopes: Scope[] = [{dot: 'package', dollar: 'package'}]
  let out = ''
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{{', at)
    if (open < 0) break
    const end = endOfAction(template, open)
    if (end === undefined) break
    out += template.slice(at, open)
    out += replaceIn(template.slice(open, end), scopes, JSON.stringify(hash))
    at = end
  }
  return out + template.slice(at)
}

/** Where the action that opens at `open` ends, behind its `}}`; undefined when it never does. */
function endOfAction(template: string, open: number): number | undefined {
  const comment = /^\{\{(-\s)?\/\*[\s\S]*?\*\/(\s-)?\}\}/.exec(template.slice(open))
  if (comment !== null) return open + comment[0].length
  for (let at = open + 2; at < template.length; ) {
    if (template.startsWith('}}', at)) return at + 2
    at = skipQuoted(template, at) ?? at + 1
  }
  return undefined
}

/** Where the string or character constant that starts at `at` ends; undefined when none starts there. */
function skipQuoted(text: string, at: number): number | undefined {
  const constant = /^(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`)/.exec(text.slice(at))
  return constant === null ? undefined : at + constant[0].length
}

/** One action, delimiters included. The block that it opens, turns or closes is kept in `scopes`. */
function replaceIn(action: string, scopes: Scope[], constant: string): string {
  if (/^\{\{(-\s)?\/\*/.test(action)) return action
  const [, keyword = '', second = ''] = /^\{\{(?:-\s)?\s*(\w*)(?:\s+(\w+))?/.exec(action) ?? []
  const inner = scopes.at(-1)
  if (inner === undefined) return action
  switch (keyword) {
    case 'end':
      if (scopes.length > 1) scopes.pop()
      return action
    case 'else': {
      // `{{else with P}}` and `{{else if P}}`: P means what it means outside of the block.
      const outer = scopes.at(-2)
      if (outer === undefined) return action
      scopes.splice(-1, 1, second === 'with' ? within(action, outer) : outer)
      return replaceFields(action, outer, constant)
    }
    case 'if':
      scopes.push(inner)
      return replaceFields(action, inner, constant)
    case 'with':
    case 'range':
    case 'block':
      scopes.push(within(action, inner))
      return replaceFields(action, inner, constant)
    case 'define':
      scopes.push({dot: 'other', dollar: 'other'})
      return action
    default:
      return replaceFields(action, inner, constant)
  }
}

/** The scope of a block that sets `.`: `{{with .}}` and `{{with $}}` leave it the package. `block` sets `$` too. */
function within(action: string, outer: Scope): Scope {
  const [, pipeline] = /(?:with|block\s+"[^"]*")\s+([.$])\s*(?:\s-)?\}\}$/.exec(action) ?? []
  const dot = pipeline === '.' ? outer.dot : pipeline === '$' ? outer.dollar : 'other'
  const isBlock = /^\{\{(?:-\s)?\s*block\b/.test(action)
  return {dot, dollar: isBlock ? dot : outer.dollar}
}

function replaceFields(action: string, scope: Scope, constant: string): string {
  let out = ''
  for (let at = 0; at < action.length; ) {
    const quoted = skipQuoted(action, at)
    const field = quoted === undefined ? fieldAt(action, at) : undefined
    const isPackage = field?.dollar === true ? scope.dollar === 'package' : scope.dot === 'package'
    const end = quoted ?? field?.end ?? at + 1
    out += field !== undefined && isPackage ? constant : action.slice(at, end)
    at = end
  }
  return out
}

/** The field access that starts at `at`, and where it ends; undefined when there is none or it is part of a longer chain. */
function fieldAt(action: string, at: number): {dollar: boolean; end: number} | undefined {
  const match = new RegExp(`^(\\$?)\\.${fieldName}(?![\\p{L}\\p{Nd}_.])`, 'u').exec(action.slice(at))
  if (match === null || /[\p{L}\p{Nd}_.)$"'\x60]$/u.test(action.slice(0, at))) return undefined
  return {dollar: match[1] === '$', end: at + match[0].length}
}
