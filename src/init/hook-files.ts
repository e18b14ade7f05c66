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

/** What lefthook and pre-commit run, in the repository: a clone has it, with gowarden or without. */
const committedScript = '.gowarden/pre-commit'

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
        shellHook(
          `${setup.top}/${setup.husky.folder}/${hook}`,
          scriptLines(system, hook),
          setup.husky.isSourced ? huskyHead : undefined,
        ),
      )
    case 'git':
      return hooks.map(hook => shellHook(`${setup.hooksFolder}/${hook}`, scriptLines(system, hook)))
    case 'lefthook': {
      const path = `${setup.top}/${setup.lefthookFile ?? 'lefthook.yml'}`
      if (!/\.ya?ml$/.test(path)) {
        return [{path, place: () => ({reason: `init edits YAML only; ${byHand}`}), head: '', mode: 0o644}]
      }
      const place = (text: Bytes) => orByHand(placeInLefthook(text, `sh ${committedScript}`))
      return [...committed(system, setup), {path, place, head: '', mode: 0o644}]
    }
    case 'pre-commit': {
      const path = `${setup.top}/.pre-commit-config.yaml`
      const place = (text: Bytes) =>
        orByHand(placeInPreCommit(text, `sh ${committedScript}`, setup.preCommitStage))
      return [...committed(system, setup), {path, place, head: '', mode: 0o644}]
    }
    default:
      return unreachable(tool)
  }
}

const byHand = `add an entry that runs sh ${committedScript}`

function orByHand(place: Place | {reason: string}): Place | {reason: string} {
  return 'reason' in place ? {reason: `${place.reason}; ${byHand}`} : place
}

function committed(system: GitSystem, {top}: RepositorySetup): BlockFile[] {
  return [shellHook(`${top}/${committedScript}`, scriptLines(system, 'pre-commit'))]
}

/** How every hook begins up to husky 8: what it sources knows HUSKY=0, and runs the hook again with what people set up for it. */
const huskyHead = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n'

/** The lines of a hook of this package, without its first. */
function scriptLines(system: GitSystem, hook: Hook): string[] {
  const text = system.files.read(`${packageFolder}/hooks/${scripts[hook]}`)?.toString('latin1')
  if (text === undefined) throw new Error(`hooks/${scripts[hook]} is missing from the package`)
  return text.trimEnd().split('\n').slice(1)
}

const shellHead = '#!/bin/sh\n'

/** Everything that a file made by init may begin with. */
export const heads = ['', shellHead, huskyHead]

function shellHook(path: string, lines: string[], head = shellHead): BlockFile {
  return {path, head, mode: 0o755, place: text => placeInShell(text, lines)}
}

/**
 * Behind the first line, and behind husky's own: what stands further down may end the script with exit or exec. A new file may
 * begin with lines of husky.
 */
function placeInShell(text: Bytes, lines: string[]): Place | {reason: string} {
  if (text.startsWith('\xef\xbb\xbf')) {
    return {reason: 'it begins with a byte order mark, which sh cannot read'}
  }
  if (/^[^\n]*\r\n/.test(text)) return {reason: 'its lines end with CRLF, which sh does not run'}
  const first = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
  if (first === 0 && text.startsWith('#!')) return {reason: 'its first line does not end'}
  if (first > 0 && !/\b(ba|da|k|z)?sh\b/.test(text.slice(0, first)))
    return {reason: 'it is not a shell script'}
  // Comments and empty lines may stand between.
  const sourced = /^(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:\.|source)[ \t][^\n]*\/husky\.sh[^\n]*\n/.exec(
    text.slice(first),
  )
  return {at: first + (sourced?.[0].length ?? 0), indent: '', lines}
}
