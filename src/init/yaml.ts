/**
 * Where a block goes in a YAML file of a hook tool. The file is parsed to find the line, and text is put before that line:
 * comments, quotes and spaces of the rest stay as they are. What comes out is parsed again: the entry is all that was added.
 */
import {isDeepStrictEqual} from 'node:util'
import {isAlias, isMap, isScalar, isSeq, parseDocument, type YAMLMap} from 'yaml'
import {insertBlock, type Place} from './blocks.ts'
import type {Bytes} from './existing.ts'

/** Where, or why the file cannot be amended. */
export type YamlPlace = Place | {reason: string}

/** A place, and the way to what is added: without it the file says what it said before. */
type Addition = Place & {adds: (string | number)[]}

/** lefthook.yml: an entry of pre-commit's `commands` or `jobs`, which runs `call`. */
export function placeInLefthook(text: Bytes, call: string): YamlPlace {
  return addingOnly(text, findInLefthook(text, call))
}

/** .pre-commit-config.yaml: a local hook, the first of `repos`, which runs `call` at that stage. */
export function placeInPreCommit(text: Bytes, call: string, stage: string): YamlPlace {
  return addingOnly(text, findInPreCommit(text, call, stage))
}

function findInLefthook(text: Bytes, call: string): Addition | {reason: string} {
  const run = `run: ${call}`
  const command = ['gowarden:', `  ${run}`]
  const root = rootOf(text)
  if ('reason' in root) return root
  const hook: unknown = root.map?.get('pre-commit')
  if (root.map !== undefined && isEmptyAt(root.map, 'pre-commit')) return {reason: 'pre-commit is empty'}
  if (hook === undefined) {
    const lines = ['pre-commit:', '  commands:', ...indented(command, 4)]
    const adds = ['pre-commit']
    if (root.map === undefined) return {at: afterMark(text), indent: '', lines, adds}
    return beforeFirst(text, root.map, lines, adds)
  }
  if (isAlias(hook)) return {reason: 'pre-commit is an alias of another part of the file'}
  if (!isMap(hook)) return {reason: 'pre-commit is not a mapping'}
  const commands: unknown = hook.get('commands')
  if (isMap(commands)) return beforeFirst(text, commands, command, ['pre-commit', 'commands', 'gowarden'])
  const jobs: unknown = hook.get('jobs')
  if (isSeq(jobs)) {
    const job = ['- name: gowarden', `  ${run}`]
    return beforeItem(text, jobs, job, ['pre-commit', 'jobs', 0])
  }
  if (isEmptyAt(hook, 'commands') && jobs === undefined) {
    return {reason: 'the commands of pre-commit are empty'}
  }
  if (commands === undefined && jobs === undefined) {
    return beforeFirst(text, hook, ['commands:', ...indented(command, 2)], ['pre-commit', 'commands'])
  }
  return {reason: 'pre-commit has neither commands nor jobs with an entry'}
}

function findInPreCommit(text: Bytes, call: string, stage: string): Addition | {reason: string} {
  // pre-commit's own filter does not see deleted files: the script asks Git.
  const asked = `always_run: true, pass_filenames: false, stages: [${stage}]`
  const item = [
    '- repo: local',
    '  hooks:',
    `    - {id: gowarden-verify, name: gowarden verify, language: system, entry: ${call}, ${asked}}`,
  ]
  const root = rootOf(text)
  if ('reason' in root) return root
  if (root.map === undefined)
    return {at: afterMark(text), indent: '', lines: ['repos:', ...indented(item, 2)], adds: ['repos']}
  const repos: unknown = root.map.get('repos')
  if (isEmptyAt(root.map, 'repos')) return {reason: 'its list of repos is empty'}
  if (isAlias(repos)) return {reason: 'repos is an alias of another part of the file'}
  if (!isSeq(repos)) return {reason: 'it has no list of repos'}
  return beforeItem(text, repos, item, ['repos', 0])
}

/** A key with nothing behind it: an entry of the same name before it would be a second one. */
function isEmptyAt(map: YAMLMap, key: string): boolean {
  const value = map.get(key, true)
  return isScalar(value) && value.value === null
}

function indented(lines: readonly string[], spaces: number): string[] {
  return lines.map(line => (line === '' ? '' : `${' '.repeat(spaces)}${line}`))
}

const byteOrderMark = '\xef\xbb\xbf'

/** The length of a byte order mark, which stays in front. */
function afterMark(text: Bytes): number {
  return text.startsWith(byteOrderMark) ? byteOrderMark.length : 0
}

/** The document, its offsets those of the bytes. */
function parse(text: Bytes) {
  return parseDocument(text.slice(afterMark(text)), {merge: true})
}

function rootOf(text: Bytes): {map: YAMLMap | undefined} | {reason: string} {
  const document = parse(text)
  const error = document.errors[0]
  if (error?.code === 'MULTIPLE_DOCS') return {reason: 'it holds more than one document'}
  if (error !== undefined) return {reason: `it is not YAML: ${error.message.split('\n')[0] ?? ''}`}
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    // Comments, as lefthook install makes the file: behind a line of --- or a directive the place is another.
    const isPlain = /^(?:[ ]*(?:#[^\n]*)?(?:\r?\n|$))*$/.test(text.slice(afterMark(text)))
    return isPlain ? {map: undefined} : {reason: 'it holds nothing but the marks of a document'}
  }
  return isMap(document.contents) ? {map: document.contents} : {reason: 'it is not a mapping'}
}

function beforeFirst(
  text: Bytes,
  map: YAMLMap,
  lines: string[],
  adds: Addition['adds'],
): Addition | {reason: string} {
  const key: unknown = map.items[0]?.key
  if (map.flow || !isScalar(key) || !key.range) return {reason: 'it is inline ({…}) or empty'}
  return atLineOf(text, key.range[0], /^[ ]*$/, lines, adds)
}

function beforeItem(
  text: Bytes,
  list: {flow?: boolean; items: unknown[]},
  lines: string[],
  adds: Addition['adds'],
): Addition | {reason: string} {
  const first = list.items[0]
  if (isAlias(first)) return {reason: 'its first entry stands for another part of the file (an alias)'}
  const range = isMap(first) || isScalar(first) ? first.range : undefined
  if (list.flow || !range) return {reason: 'its list is inline ([…]) or empty'}
  return atLineOf(text, range[0], /^[ ]*-[ ]+$/, lines, adds)
}

/** `offset` counts from behind a byte order mark. */
function atLineOf(
  text: Bytes,
  offset: number,
  before: RegExp,
  lines: string[],
  adds: Addition['adds'],
): Addition | {reason: string} {
  const mark = afterMark(text)
  const at = Math.max(text.lastIndexOf('\n', mark + offset - 1) + 1, mark)
  const lead = text.slice(at, mark + offset)
  if (!before.test(lead)) return {reason: 'its first entry does not begin on a line of its own'}
  return {at, indent: lead.replace(/-.*$/, ''), lines, adds}
}

/** Through anchors, aliases and merge keys an entry would also count elsewhere, or hide what is merged. */
function addingOnly(text: Bytes, place: Addition | {reason: string}): YamlPlace {
  if ('reason' in place) return place
  try {
    const before: unknown = JSON.parse(JSON.stringify(parse(text).toJS()))
    const document = parse(insertBlock(text, place, false))
    const error = document.errors[0]
    if (error !== undefined)
      return {reason: `another entry would break it: ${error.message.split('\n')[0] ?? ''}`}
    // A copy: what an alias names is one object with it.
    const after: unknown = JSON.parse(JSON.stringify(document.toJS()))
    without(after, place.adds)
    // An empty file is null, and the mapping without its only entry is {}.
    if (isDeepStrictEqual(after, before ?? {})) return place
  } catch (error) {
    return {
      reason: `it is not YAML that can be read whole: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
  return {reason: 'through its anchors or merge keys an entry would change other parts of it'}
}

function without(value: unknown, [key, ...rest]: readonly (string | number)[]): void {
  if (key === undefined || typeof value !== 'object' || value === null) return
  if (rest.length > 0) without(Reflect.get(value, key), rest)
  else if (Array.isArray(value)) value.splice(Number(key), 1)
  else Reflect.deleteProperty(value, key)
}
