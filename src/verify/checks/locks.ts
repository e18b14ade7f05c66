/** gowarden.lock: readable, and in step with go.mod, go.work and CI. */
import type {VerifyFound} from '../../findings/finding.ts'
import {directoryOf, type PathBytes, pathToUtf8, topDirectory} from '../../git/path-bytes.ts'
import {parseLock} from '../../lock/file.ts'
import {type OutOfStep, outOfStepLines, outOfStepSetups} from '../../lock/step.ts'
import {readWorkflow} from '../../lock/workflow.ts'
import {shellWord} from '../../text/shell-word.ts'
import type {LockFacts, VerifyFacts} from '../facts.ts'
import {add} from './mends.ts'

export function checkLocks({locks}: VerifyFacts): VerifyFound[] {
  return locks.flatMap(checkLock)
}

function checkLock(facts: LockFacts): VerifyFound[] {
  const {path, text, broken, modFiles, workflows} = facts
  const malformed = (line: number | undefined, reason: string): VerifyFound[] => [
    {code: 'LOCK_MALFORMED', facts: {file: pathToUtf8(path), line, module: undefined, reason}},
  ]
  if (text === undefined) return malformed(undefined, broken ?? 'not a regular file')
  const parsed = parseLock(text)
  if (parsed.kind === 'damaged') return malformed(parsed.line, parsed.reason)
  const {lock} = parsed
  const found = (file: PathBytes, {line, says}: OutOfStep, by: 'go' | 'CI'): VerifyFound => ({
    code: 'LOCK_OUT_OF_STEP',
    facts: {
      file: pathToUtf8(file),
      line,
      module: undefined,
      says,
      locked: lock.version,
      lock: pathToUtf8(path),
      by,
      // What CI sets up, no command of go's writes.
      mend: by === 'CI' ? undefined : relock(path),
    },
  })
  return [
    ...modFiles.flatMap(({path, text}) => outOfStepLines(lock, text).map(line => found(path, line, 'go'))),
    ...workflows.flatMap(({path, text}) =>
      outOfStepSetups(lock, readWorkflow(text).setups).map(line => found(path, line, 'CI')),
    ),
  ]
}

/** Lets the lock follow what go.mod says. */
function relock(path: PathBytes): string {
  const directory = directoryOf(path)
  const lock =
    directory === topDirectory ? 'gowarden lock' : `(cd ${shellWord(pathToUtf8(directory))} && gowarden lock)`
  return `${lock} && ${add([path])}`
}
