/** Whether this person's go looks for workspaces at all. */
import {withScratch} from '../../system/node.ts'
import type {System} from '../../system/system.ts'
import type {UnseenMember} from '../facts.ts'
import {goFailed, runGo} from './run-go.ts'

/**
 * Members that nothing is told of where go is told to build without go.work: by GOWORK in the environment, or by `go env -w GOWORK=off`.
 * Submodules stay, for the report names what was not judged.
 */
export async function membersInUse(system: System, unseen: readonly UnseenMember[]): Promise<UnseenMember[]> {
  if (unseen.every(({why}) => why === 'submodule') || !(await isSwitchedOff(system))) return [...unseen]
  return unseen.filter(({why}) => why === 'submodule')
}

async function isSwitchedOff(system: System): Promise<boolean> {
  const own = system.env['GOWORK']
  if (own !== undefined && own !== '') return own === 'off'
  return withScratch(async scratch => {
    const result = await runGo(system, ['env', 'GOWORK'], scratch, {GOWORK: ''})
    if (result.exitCode !== 0) throw goFailed('go env GOWORK', result)
    return result.stdout.trim() === 'off'
  })
}
