/** What a bypass needs where policy asks: a reason, and a record of it. Loaded only when somebody passes gowarden by. */

import {appendEvent} from '../events/record.ts'
import {keptWords, textLength} from '../events/words.ts'
import {openFolder, reasonOf} from '../store/folder.ts'
import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {oneLine} from '../text/one-line.ts'
import {withoutSecrets} from '../text/secrets.ts'
import {type BypassPolicy, describeOrigin, type Setting} from './policy.ts'

/**
 * Lets a bypass through, and records it as an event where policy asks for a reason, also under GOWARDEN_EVENTS=off. `what` is the variable as it is set, `command` the words
 * it is set for. Returns a line for a person when it could not be recorded, for an emergency shall not wait for a disk.
 * Throws UsageError when GOWARDEN_REASON holds none.
 */
export function passBypass(
  system: System,
  store: string,
  bypass: Setting<BypassPolicy>,
  {what, command, directory}: {what: string; command: readonly string[]; directory: string},
): string | undefined {
  if (bypass.value === 'free') return undefined
  const policy = describeOrigin(bypass.origin)
  const reason = (system.env['GOWARDEN_REASON'] ?? '').trim()
  if (reason === '') {
    throw new UsageError(
      `${what} needs a reason here, as ${policy} requires`,
      `give one for this command: GOWARDEN_REASON='why' ${what} ${command.slice(0, 2).join(' ')}`,
    )
  }
  const folder = openFolder(system, store)
  try {
    if (folder.kind === 'unusable') throw new Error(folder.reason)
    appendEvent(system, folder.path, {
      kind: 'bypass',
      what,
      command: keptWords(command),
      directory,
      reason: withoutSecrets(reason.slice(0, textLength)),
      policy,
    })
    return undefined
  } catch (error) {
    return oneLine(`${what} was not recorded: ${store === '' ? 'no folder' : store}: ${reasonOf(error)}`)
  }
}
