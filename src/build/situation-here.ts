import {describe} from '../findings/describe.ts'
import {storeFolder} from '../store/folder.ts'
import {WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {readSituation, type Situation} from './situation.ts'

/** The situation of a `go build` here and now, by the real go. Throws what keeps it from being known. */
export async function situationHere(
  system: System,
  go: string,
  options: {everyByte: boolean},
): Promise<Situation> {
  const answer = await readSituation(system, go, storeFolder(system), ['build'], options)
  if (answer.kind === 'known') return answer.situation
  const found = answer.kind === 'left-to-go' ? answer.found[0] : undefined
  if (found !== undefined) {
    const {headline, hints} = describe(found)
    throw new WorldError(`${headline} [${found.code}]`, hints[0] === undefined ? {} : {hint: hints[0]})
  }
  throw new WorldError(`${go} env failed, and so will every go command here`, {
    hint: 'see what it says: GOWARDEN=off go env',
  })
}
