/**
 * Reads a policy file: cosmiconfig finds it, the YAML parser reads it (JSON too, behind JSON's own parser, because it knows
 * lines), and the published schema, compiled ahead, validates it. Loaded only where there is a policy file.
 */
import type {ErrorObject} from 'ajv'
import {cosmiconfigSync} from 'cosmiconfig'
import {metaSearchPlaces} from 'cosmiconfig/dist/defaults.js'
import leven from 'leven'
import {isMap, isScalar, LineCounter, type Node, parseDocument} from 'yaml'
import {validate} from '../dist/validate-policy.js'
import {isUsageError, UsageError} from './errors.ts'
import {type PolicyFile, policyPlaces} from './policy-places.ts'
import {reasonOf} from './store/folder.ts'
import type {System} from './system.ts'

/** The policy file of one directory, checked; undefined when it holds none. Throws UsageError with file and line. */
export function searchPolicyFile(system: System, directory: string): PolicyFile | undefined {
  // cosmiconfig looks into the working directory for settings of its own, which may be JavaScript that it would run.
  metaSearchPlaces.length = 0
  const load = (path: string, text: string): unknown => ({value: parsePolicyText(path, text)})
  const explorer = cosmiconfigSync('gowarden', {
    searchPlaces: [...policyPlaces],
    loaders: {
      '.yaml': load,
      '.yml': load,
      '.json': load,
      '.js': neverRun,
      '.cjs': neverRun,
      '.mjs': neverRun,
      '.ts': neverRun,
    },
    packageProp: ['value', 'gowarden'],
    searchStrategy: 'none',
    cache: false,
  })
  let found: ReturnType<typeof explorer.search>
  try {
    found = explorer.search(directory)
  } catch (error) {
    if (isUsageError(error)) throw error
    throw new UsageError(`${directory}: reading the policy: ${reasonOf(error)}`)
  }
  if (!found) return undefined
  const isPackage = found.filepath.endsWith('/package.json')
  const value: unknown = isPackage ? found.config : found.config.value
  if (!validate(value)) {
    const text = system.files.read(found.filepath)?.toString() ?? ''
    throw describePolicyError({path: found.filepath, text, isPackage}, validate.errors ?? [])
  }
  return {path: found.filepath, value: value as Record<string, unknown>}
}

function neverRun(path: string): never {
  throw new UsageError(`${path}: a policy is data, this is a program`, 'write .gowardenrc.yaml')
}

/** The value a policy file holds; an empty file is an empty policy. Throws UsageError with file and line. */
function parsePolicyText(path: string, text: string): unknown {
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false, uniqueKeys: true})
  const broken = document.errors[0]
  if (broken !== undefined) {
    const {line} = lines.linePos(broken.pos[0])
    throw new UsageError(
      `${path}:${line}: ${sentence(broken.message)}`,
      `mend the line, or see what a policy may say: ${reference}`,
    )
  }
  if (path.endsWith('.json')) {
    try {
      JSON.parse(text === '' ? '{}' : text)
    } catch (error) {
      throw new UsageError(
        `${path}: ${error instanceof Error ? error.message : error}`,
        'write it as JSON, or name the file .gowardenrc.yaml',
      )
    }
  }
  return document.toJS() ?? {}
}

/** A UsageError for the first thing the schema refuses: file and line, what is wrong, and the likely key. */
function describePolicyError(
  file: {path: string; text: string; isPackage: boolean},
  errors: readonly ErrorObject[],
): UsageError {
  const error = errors[0]
  if (error === undefined) return new UsageError(`${file.path}: not a policy`)
  const keys = error.instancePath.split('/').slice(1).map(unescapePointer)
  const parents = file.isPackage ? ['gowarden', ...keys] : keys
  const unknownKey = (key: string, known: string[]): UsageError => {
    const likely = nearest(key, known)
    return new UsageError(
      `${file.path}:${lineOf(file.text, [...parents, key])}: unknown key ${JSON.stringify(key)}`,
      likely === undefined ? `known keys: ${known.join(', ')}` : `did you mean ${likely}?`,
    )
  }
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys(error.parentSchema?.['properties'] ?? {}).filter(
        name => !name.startsWith('$'),
      )
      return unknownKey(String(error.params['additionalProperty']), known)
    }
    case 'enum': {
      if (error.propertyName !== undefined)
        return unknownKey(error.propertyName, error.params['allowedValues'])
      const allowed: unknown[] = error.params['allowedValues'] ?? []
      const found = error.data === undefined ? '' : `, not ${JSON.stringify(error.data)}`
      return new UsageError(
        `${file.path}:${lineOf(file.text, parents)}: ${keys.join('.')} takes ${allowed.join(', ')}${found}`,
        `write for example ${keys.at(-1)}: ${allowed[0]}`,
      )
    }
    default: {
      const what = keys.length === 0 ? 'a policy' : keys.join('.')
      return new UsageError(
        `${file.path}:${lineOf(file.text, parents)}: ${what} ${error.message ?? 'is not as it must be'}`,
        reference,
      )
    }
  }
}

const reference = "config/schema.json in gowarden's folder describes every key"

/** The 1-based line of a key, or 1 when the text does not hold it. */
function lineOf(text: string, keys: readonly string[]): number {
  const lines = new LineCounter()
  let node: Node | null = parseDocument(text, {lineCounter: lines}).contents
  let offset = 0
  for (const key of keys) {
    if (!isMap(node)) break
    const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === key)
    if (pair === undefined || !isScalar(pair.key)) break
    offset = pair.key.range?.[0] ?? offset
    node = pair.value as Node | null
  }
  return lines.linePos(offset).line
}

function nearest(key: string, known: readonly string[]): string | undefined {
  const best = known
    .map(name => ({name, distance: leven(key.toLowerCase(), name.toLowerCase())}))
    .sort((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.max(2, Math.floor(key.length / 2))
    ? best.name
    : undefined
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '')
}
