/** Hints where the person stands: below the top of the repository, without a work tree, or before a commit that is made already. */
import {relative} from 'node:path'
import {shellWord} from '../text/shell-word.ts'
import type {VerifyResult} from './result.ts'

export type Place = {
  /** Where the command runs. */
  cwd: string
  /** The top of the work tree; undefined where there is none. */
  top: string | undefined
  /** The commit that is judged. */
  commit: {id: string; isHead: boolean; inRange: boolean} | undefined
}

/**
 * The result with hints that work when they are pasted. A commit is mended in the work tree and by another commit, which is HEAD
 * amended where every commit of a range has to be in order; one that is not HEAD cannot be mended by a command.
 */
export function hintsAt(result: VerifyResult, {cwd, top, commit}: Place): VerifyResult {
  const hasHints = result.findings.some(({facts}) => 'mend' in facts && facts.mend !== undefined)
  if (!hasHints) return result
  if (commit !== undefined && !commit.isHead) return {...withoutHints(result), next: aboutHistory(commit.id)}
  if (top === undefined) return withoutHints(result)
  const inTop = (command: string) =>
    cwd === top ? command : `(cd ${shellWord(relative(cwd, top))} && ${command})`
  const placed = mapHints(result, inTop)
  if (commit === undefined) return placed
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

function withoutHints(result: VerifyResult): VerifyResult {
  return mapHints(result, () => undefined)
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
