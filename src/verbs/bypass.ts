/** How `gowarden verify` is bypassed, and who is told of it. */

import type {BypassPolicy, Setting} from '../policy/policy.ts'
import {endOf} from '../text/end.ts'
import {isInsideHook} from '../verify/start.ts'
import type {VerbContext} from './context.ts'

/** `GOWARDEN=off git commit`: inside a Git hook nothing is verified then; a person who types the verb means it. */
export async function isHookBypassed(context: VerbContext): Promise<boolean> {
  const {system} = context
  if (system.env['GOWARDEN'] !== 'off') return false
  if (!isInsideHook(system.env)) return false
  const {findPolicyFile} = await import('../policy/find.ts')
  let bypass: Setting<BypassPolicy> | undefined
  try {
    bypass = (await findPolicyFile(system, system.cwd))?.bypass
  } catch (error) {
    system.stderr(endOf(error).text.replaceAll('error: ', 'warning: GOWARDEN=off is not recorded: '))
  }
  if (bypass !== undefined) await recordHere(context, bypass, 'GOWARDEN=off')
  system.stderr('gowarden: GOWARDEN=off: nothing was verified\n')
  return true
}

/** Records a bypass where the policy asks for that, or throws what the policy asks for and is not there. */
export async function recordHere(
  {system, words}: VerbContext,
  bypass: Setting<BypassPolicy>,
  what: string,
): Promise<void> {
  const {passBypass} = await import('../policy/bypass.ts')
  const {storeFolder} = await import('../store/folder.ts')
  const event = {what, command: ['gowarden', ...words], directory: system.cwd}
  const unrecorded = passBypass(system, storeFolder(system), bypass, event)
  if (unrecorded !== undefined) system.stderr(`gowarden: warning: ${unrecorded}\n`)
}
