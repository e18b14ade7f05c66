import type {Situation} from '../build/situation.ts'
import type {System} from '../system/system.ts'

/** What a build here would find, for verbs that ask of it. Throws WorldError where no go is on PATH, or it cannot be asked. */
export async function situationNow(system: System): Promise<Situation> {
  const {situationHere} = await import('../build/situation-here.ts')
  const {findRealGo} = await import('../launcher/launcher.ts')
  return situationHere(system, findRealGo(system), {everyByte: false})
}
