/** Hints where the person stands: below the top of the repository, without a work tree, or before a commit that is made already. */
import {relative} from 'node:path'
import {shellWord} from '../text/shell-word.ts'
import type {VerifyResult} from './result.ts'

export type Place = {
  /** Where the command runs. */
  cwd: string
  /** The top of the work tree; undefined where there is none. */
  top: string | undefined
  /** Git's variables as they have to be in the top, where they are not so here: a relative GIT_DIR, say. */
  env?: Readonly<Record<string, string>> | undefined
  /** The commit that is judged. */
  commit: {id: string; isHead: boolean; inRange: boolean} | undefined
}

/**
 * The result with hints that work when they are pasted. A commit is mended in the work tree and by another commit, which is HEAD
 * amended where every commit of a range has to be in order; one that is not HEAD cannot be mended by a command.
 */
export function hintsAt(result: VerifyResult, {cwd, top, env = {}, commit}: Place): VerifyResult {
  const hints = result.findings.flatMap(({facts}) => ('mend' in facts ? (facts.mend ?? []) : []))
  if (hints.length === 0) return result
  const changesTree = hints.some(hint => !isDownload(hint))
  if (commit !== undefined && !commit.isHead) {
    const rest = onlyDownloads(result)
    return changesTree ? {...rest, next: aboutHistory(commit.id)} : rest
  }
  if (top === undefined) return onlyDownloads(result)
  const variables = Object.entries(env).map(([name, value]) => ` ${name}=${shellWord(value)}`)
  const exported = variables.length === 0 ? '' : `export${variables.join('')} && `
  const inTop = (command: string) =>
    cwd === top ? command : `(cd ${shellWord(relative(cwd, top))} && ${exported}${command})`
  const placed = mapHints(result, inTop)
  if (commit === undefined || !changesTree) return placed
  return {
    ...placed,
    next: commit.inRange
      ? 'git commit --amend --no-edit --allow-empty'
      : `git commit --message=${shellWord(message)}`,
  }
}

const message = 'go.sum and vendor as go writes them'

function aboutHistory(id: string): string {
  const short = id.slice(0, 12)
  return `commit ${short} stays as it is: fix it in the next commit, or before it is pushed with git rebase --interactive ${short}^`
}

/** It fills the module cache and changes nothing of the repository: it works everywhere, and leaves nothing to commit. */
function isDownload(hint: string): boolean {
  return /^go( -C ('[^']*'|\S+))? mod download( |$)/.test(hint) && !hint.includes(' && ')
}

function onlyDownloads(result: VerifyResult): VerifyResult {
  return mapHints(result, hint => (isDownload(hint) && !hint.includes(' -C ') ? hint : undefined))
}

function mapHints(result: VerifyResult, change: (command: string) => string | undefined): VerifyResult {
  // One command is the hint of many findings: it is placed once, and they share it.
  const placed = new Map<string, string | undefined>()
  const findings = result.findings.map(finding => {
    const {facts} = finding
    if (!('mend' in facts) || facts.mend === undefined) return finding
    // The code stays, and so do the facts beside it.
    if (!placed.has(facts.mend)) placed.set(facts.mend, change(facts.mend))
    return {...finding, facts: {...facts, mend: placed.get(facts.mend)}} as typeof finding
  })
  return {...result, findings}
}
