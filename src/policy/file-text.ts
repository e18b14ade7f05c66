/**
 * The text of one policy file: parsed (YAML's parser reads JSON too, behind JSON's own, because it knows lines), and
 * validated by the published schema, compiled ahead. What is wrong is one sentence with file and line.
 */
import type {ErrorObject} from 'ajv'
import {isMap, isScalar, isSeq, LineCounter, type Node, parseDocument} from 'yaml'
import {validate} from '../../dist/validate-policy.js'
import type {FindingCode} from '../findings/finding.ts'
import {isFindingCode, neverLowered, neverSilent} from '../findings/levels.ts'
import {UsageError} from '../system/errors.ts'
import {nearest} from '../text/nearest.ts'

/** A policy as the schema lets it through. */
export type PolicyValue = {
  gowarden?: string
  extends?: string | string[]
  cache?: 'refuse' | 'isolate' | 'share'
  stamp?: 'on' | 'required' | 'off'
  levels?: Record<string, LevelValue | {level?: LevelValue; message?: string}>
  flags?: {deny?: string[]}
  env?: {deny?: (string | {name: string; value?: string; from?: 'environment' | 'go env -w' | 'go.env'})[]}
  toolchain?: {version?: string; proven?: boolean}
  bypass?: 'free' | 'reason'
  verify?: {
    toolchainLine?: 'forbidden' | 'required'
    modFiles?: string[]
    exclude?: string[]
    vendorExtra?: string[]
  }
}
type LevelValue = 'error' | 'warn' | 'off'

/** One file, parsed. */
export type PolicyText = {
  path: string
  value: unknown
  /** The 1-based line of a key, or of an item of a list by its index; the line of what holds it when the text does not. */
  lineOf(keys: readonly string[]): number
}

/**
 * A policy file's text, which begins on that line; an empty one is an empty policy. Throws UsageError with file and line, and quotes
 * nothing: what does not parse need not be a policy, but whatever a link leads to.
 */
export function parsePolicyText(path: string, text: string, firstLine = 1): PolicyText {
  const lines = new LineCounter()
  const place = (offset: number) => lines.linePos(offset).line + firstLine - 1
  const isJson = path.endsWith('.json')
  if (isJson && !isJsonText(text)) {
    throw new UsageError(`${path}: not JSON`, 'write it as JSON, or name the file .gowardenrc.yaml')
  }
  let document: ReturnType<typeof parseDocument>
  let value: unknown
  try {
    document = parseDocument(text, {lineCounter: lines, prettyErrors: false, uniqueKeys: true})
    const broken = document.errors[0]
    if (broken !== undefined) {
      throw new UsageError(
        `${path}:${place(broken.pos[0])}: ${isJson ? 'not JSON' : (complaints[broken.code] ?? 'not YAML')}`,
        `fix the line; ${reference}`,
      )
    }
    value = document.toJS() ?? {}
  } catch (error) {
    if (error instanceof UsageError) throw error
    // Nested too deep, or an alias of aliases.
    throw new UsageError(`${path}: not a policy: its aliases cannot be expanded`, reference)
  }
  return {path, value, lineOf: keys => place(offsetOf(document.contents, keys))}
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text.trim() === '' ? '{}' : text)
    return true
  } catch {
    return false
  }
}

/** What is wrong with a text that is no YAML, by the code of its parser, whose own words may quote the text. */
const complaints: Partial<Record<string, string>> = {
  BAD_INDENT: 'a line is not indented as those around it',
  DUPLICATE_KEY: 'this key is there twice',
  MISSING_CHAR: 'a bracket, quote, comma or colon is missing',
  MULTIPLE_DOCS: 'two documents in one file',
  TAB_AS_INDENT: 'indented by a tab: use spaces',
}

/** The value as the schema lets it through. Throws UsageError with file and line. */
export function checkPolicyValue(file: PolicyText): PolicyValue {
  const {value} = file
  if (!validate(value)) throw describePolicyError(file, validate.errors ?? [])
  return value as PolicyValue
}

/** A UsageError for the first thing the schema refuses: file and line, what is wrong, and the likely key. */
function describePolicyError(file: PolicyText, errors: readonly ErrorObject[]): UsageError {
  const error = errors.find(({keyword}) => keyword !== 'if') ?? errors[0]
  if (error === undefined) return new UsageError(`${file.path}: not a policy`)
  const keys = error.instancePath.split('/').slice(1).map(unescapePointer)
  const at = (more: string[] = []) => `${file.path}:${file.lineOf([...keys, ...more])}`
  const name = nameOf(keys)
  const unknownKey = (key: string, known: string[]): UsageError => {
    const likely = nearest(key, known)
    return new UsageError(
      `${at([key])}: unknown key ${JSON.stringify(key)}`,
      likely === undefined ? `known keys: ${known.join(', ')}` : `did you mean ${likely}?`,
    )
  }
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys(error.parentSchema?.['properties'] ?? {}).filter(
        property => !property.startsWith('$'),
      )
      return unknownKey(String(error.params['additionalProperty']), known)
    }
    case 'enum': {
      const [top, code] = keys
      if (
        top === 'levels' &&
        code !== undefined &&
        isFindingCode(code) &&
        (error.data === 'warn' || error.data === 'off')
      ) {
        return new UsageError(
          `${at()}: levels.${code}: ${error.data} would lower a level, which a repository may not`,
          loweringHint(code, error.data),
        )
      }
      const allowed: unknown[] = error.params['allowedValues'] ?? []
      const found = error.data === undefined ? '' : `, not ${JSON.stringify(error.data)}`
      const likely = nearest(String(error.data), allowed.map(String))
      return new UsageError(
        `${at()}: ${name} takes ${allowed.join(', ')}${found}`,
        likely === undefined
          ? `write for example ${keys.at(-1)}: ${allowed[0]}`
          : `did you mean ${keys.at(-1)}: ${likely}?`,
      )
    }
    case 'type': {
      const types = [error.params['type']].flat().map(type => typeWords[String(type)] ?? String(type))
      return new UsageError(
        `${at()}: ${name === '' ? 'a policy' : name} must be ${types.join(' or ')}`,
        keys.length === 0
          ? 'write for example cache: isolate'
          : (exampleInSchema(file, keys, error) ?? reference),
      )
    }
    case 'pattern':
      return new UsageError(
        `${at()}: ${name} holds ${JSON.stringify(error.data)}, which is not a valid value`,
        exampleOf(error) ?? reference,
      )
    default:
      return new UsageError(
        `${at()}: ${name === '' ? 'a policy' : name} ${error.message ?? 'is not as it must be'}`,
        reference,
      )
  }
}

/** What GOWARDEN_LEVELS would refuse is not offered. */
function loweringHint(code: FindingCode, level: 'warn' | 'off'): string {
  const answer = neverLowered[code]
  if (answer !== undefined) return `it can never be lowered: remove the line; for yourself: ${answer}`
  const least = level === 'off' && neverSilent.has(code) ? 'warn' : level
  return `lower it for yourself: export GOWARDEN_LEVELS=${code}=${least}`
}

const typeWords: Record<string, string> = {
  object: 'a mapping of keys',
  array: 'a list',
  string: 'a string (quote it)',
  boolean: 'true or false',
}

/** What is written where a text of another form stands. */
function exampleOf(error: ErrorObject): string | undefined {
  if (error.instancePath === '/gowarden') return 'write the oldest version that may be used: ">=0.3"'
  if (error.instancePath.startsWith('/flags/')) return 'write a flag as go takes it: -toolexec, or -mod=mod'
  if (error.instancePath.startsWith('/env/')) return 'write a variable: GONOSUMDB, or GOSUMDB=off'
  return undefined
}

/** `write for example flags: {deny: [-mod=mod]}`, by the schema, in the language of the file. */
function exampleInSchema(file: PolicyText, keys: readonly string[], error: ErrorObject): string | undefined {
  const [example]: unknown[] = error.parentSchema?.['examples'] ?? []
  if (example === undefined) return undefined
  const key = keys.at(-1)
  return file.path.endsWith('.json')
    ? `write for example ${JSON.stringify(key)}: ${JSON.stringify(example)}`
    : `write for example ${key}: ${flow(example)}`
}

/** A value as YAML on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, each]) => `${key}: ${flow(each)}`)
      .join(', ')}}`
  return typeof value === 'string' && /^[\w./-][\w./=-]*$/.test(value) ? value : JSON.stringify(value)
}

const reference = 'gowarden policy --schema prints every key, with an example'

/** `flags.deny` of flags, deny, 1: a place in a list is told by its line. */
function nameOf(keys: readonly string[]): string {
  return keys.filter(key => !/^\d+$/.test(key)).join('.')
}

/** Where a key stands, or an item of a list by its index; where what holds it stands when the text does not have it. */
function offsetOf(contents: Node | null, keys: readonly string[]): number {
  let node = contents
  let offset = 0
  for (const key of keys) {
    if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined
      if (item === undefined) break
      offset = item.range?.[0] ?? offset
      node = item
      continue
    }
    if (!isMap(node)) break
    const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === key)
    if (pair === undefined || !isScalar(pair.key)) break
    offset = pair.key.range?.[0] ?? offset
    node = pair.value as Node | null
  }
  return offset
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
