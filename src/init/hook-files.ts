/** The files of each hook tool that hold a block of ours, and where in them it goes. */
import type {GitSystem} from '../git/git.ts'
import {packageFolder} from '../system/package-folder.ts'
import {unreachable} from '../system/unreachable.ts'
import type {Place} from './blocks.ts'
import type {Bytes} from './existing.ts'
import type {HookTool, RepositorySetup} from './repository-setup.ts'
import {placeInLefthook, placeInPreCommit} from './yaml.ts'

export const extraHooks = ['pre-merge-commit', 'pre-push', 'post-checkout', 'post-merge'] as const
export type ExtraHook = (typeof extraHooks)[number]
type Hook = 'pre-commit' | ExtraHook

/** A file with a block of ours, and where in it. */
export type BlockFile = {
  path: string
  /** Where the block goes in the text so far, or why it cannot be amended; the text of a new file is its head. */
  place(text: Bytes): Place | {reason: string}
  /** What a new file begins with. */
  head: string
  /** Of a new file. */
  mode: number
}

const scripts: Record<Hook, string> = {
  'pre-commit': 'verify-staged',
  'pre-merge-commit': 'verify-staged',
  'pre-push': 'verify-pushed',
  'post-checkout': 'toolchain-changed',
  'post-merge': 'toolchain-changed',
}

/** Of a tool, for these hooks. lefthook and pre-commit have one file for all, and get the pre-commit hook. */
export function blockFiles(
  system: GitSystem,
  setup: RepositorySetup,
  tool: HookTool,
  hooks: readonly Hook[],
): BlockFile[] {
  switch (tool) {
    case 'husky':
      return hooks.map(hook =>
        shellHook(`${setup.top}/${setup.huskyFolder}/${hook}`, scriptLines(system, hook)),
      )
    case 'git':
      return hooks.map(hook => shellHook(`${setup.hooksFolder}/${hook}`, scriptLines(system, hook)))
    case 'lefthook': {
      const path = `${setup.top}/${setup.lefthookFile ?? 'lefthook.yml'}`
      if (!/\.ya?ml$/.test(path)) {
        return [{path, place: () => ({reason: 'init amends YAML only'}), head: '', mode: 0o644}]
      }
      const place = (text: Bytes) => placeInLefthook(text, scriptLines(system, 'pre-commit'))
      return [{path, place, head: '', mode: 0o644}]
    }
    case 'pre-commit': {
      const path = `${setup.top}/.pre-commit-config.yaml`
      const place = (text: Bytes) => placeInPreCommit(text, scriptLines(system, 'pre-commit'))
      return [{path, place, head: '', mode: 0o644}]
    }
    default:
      return unreachable(tool)
  }
}

/** The lines of a hook of this package, without its first. */
function scriptLines(system: GitSystem, hook: Hook): string[] {
  const text = system.files.read(`${packageFolder}/hooks/${scripts[hook]}`)?.toString('latin1')
  if (text === undefined) throw new Error(`hooks/${scripts[hook]} is missing from the package`)
  return text.trimEnd().split('\n').slice(1)
}

/** Behind the first line: what stands further down may end the script with exit or exec. */
function shellHook(path: string, lines: string[]): BlockFile {
  return {path, head: '#!/bin/sh\n', mode: 0o755, place: text => placeInShell(text, lines)}
}

function placeInShell(text: Bytes, lines: string[]): Place | {reason: string} {
  if (text.startsWith('\xef\xbb\xbf'))
    return {reason: 'it begins with a byte order mark, which sh does not know'}
  if (/^[^\n]*\r\n/.test(text)) return {reason: 'its lines end with CRLF, which sh does not run'}
  if (!text.startsWith('#!')) return {at: 0, indent: '', lines}
  const end = text.indexOf('\n') + 1
  if (end === 0) return {reason: 'its first line does not end'}
  const isShell = /\b(ba|da|k|z)?sh\b/.test(text.slice(0, end))
  return isShell ? {at: end, indent: '', lines} : {reason: 'it is no shell script'}
}
