/**
 * Where a block goes in a YAML file of a hook tool. The file is parsed to find the line, and text is put before that line:
 * comments, quotes and spaces of the rest stay as they are.
 */
import {isMap, isScalar, isSeq, parseDocument, type YAMLMap} from 'yaml'

/** Before this offset, with this indentation, these lines; or why the file cannot be amended. */
export type Place = {at: number; indent: string; lines: string[]} | {reason: string}

/** lefthook.yml: an entry of pre-commit's `commands` or `jobs`. */
export function placeInLefthook(text: string, script: readonly string[]): Place {
  const run = ['run: |', ...script.map(line => (line === '' ? '' : `  ${line}`))]
  const command = ['gowarden:', ...run.map(line => (line === '' ? '' : `  ${line}`))]
  const root = rootOf(text)
  if ('reason' in root) return root
  const hook: unknown = root.map?.get('pre-commit')
  if (hook === undefined) {
    const lines = ['pre-commit:', '  commands:', ...command.map(line => (line === '' ? '' : `    ${line}`))]
    return root.map === undefined ? {at: 0, indent: '', lines} : beforeFirst(text, root.map, lines)
  }
  if (!isMap(hook)) return {reason: 'pre-commit is no mapping'}
  const commands: unknown = hook.get('commands')
  if (isMap(commands)) return beforeFirst(text, commands, command)
  const jobs: unknown = hook.get('jobs')
  if (isSeq(jobs)) {
    const job = ['- name: gowarden', ...run.map(line => (line === '' ? '' : `  ${line}`))]
    return beforeItem(text, jobs, job)
  }
  if (commands === undefined && jobs === undefined) {
    return beforeFirst(text, hook, ['commands:', ...command.map(line => (line === '' ? '' : `  ${line}`))])
  }
  return {reason: 'pre-commit has neither commands nor jobs with an entry'}
}

/** .pre-commit-config.yaml: a local hook, the first of `repos`. */
export function placeInPreCommit(text: string, script: readonly string[]): Place {
  const item = [
    '- repo: local',
    '  hooks:',
    '    - id: gowarden-verify',
    '      name: gowarden verify',
    '      language: system',
    '      always_run: true',
    '      pass_filenames: false',
    '      entry: |',
    "        sh -c '",
    ...script.map(line => (line === '' ? '' : `        ${line}`)),
    "        '",
  ]
  const root = rootOf(text)
  if ('reason' in root) return root
  const repos: unknown = root.map?.get('repos')
  if (root.map === undefined)
    return {at: 0, indent: '', lines: ['repos:', ...item.map(line => (line === '' ? '' : `  ${line}`))]}
  if (!isSeq(repos)) return {reason: 'it has no list of repos'}
  return beforeItem(text, repos, item)
}

function rootOf(text: string): {map: YAMLMap | undefined} | {reason: string} {
  const document = parseDocument(text)
  const error = document.errors[0]
  if (error !== undefined) return {reason: `it is no YAML: ${error.message.split('\n')[0] ?? ''}`}
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return text.trim() === '' ? {map: undefined} : {reason: 'it holds comments only'}
  }
  return isMap(document.contents) ? {map: document.contents} : {reason: 'it is no mapping'}
}

function beforeFirst(text: string, map: YAMLMap, lines: string[]): Place {
  const key: unknown = map.items[0]?.key
  if (map.flow || !isScalar(key) || !key.range) return {reason: 'it is written in braces, or empty'}
  return atLineOf(text, key.range[0], lines, /^[ ]*$/)
}

function beforeItem(text: string, list: {flow?: boolean; items: unknown[]}, lines: string[]): Place {
  const first = list.items[0]
  const range = isMap(first) || isScalar(first) ? first.range : undefined
  if (list.flow || !range) return {reason: 'its list is written in brackets, or empty'}
  return atLineOf(text, range[0], lines, /^[ ]*-[ ]+$/)
}

function atLineOf(text: string, offset: number, lines: string[], before: RegExp): Place {
  const at = text.lastIndexOf('\n', offset - 1) + 1
  const lead = text.slice(at, offset)
  if (!before.test(lead)) return {reason: 'its first entry does not begin on a line of its own'}
  return {at, indent: lead.replace(/-.*$/, ''), lines}
}
