/**
 * Entry for bin/go under GOWARDEN=off, where a policy file may ask for a reason. Exits 0 when the command may run, 2 when
 * policy asks for a reason and there is none. What keeps the policy from being read keeps nobody from a bypass.
 */
import {resolve} from 'node:path'
import {parseCommandLine} from './go/command/command-line.ts'
import {passBypass} from './policy/bypass.ts'
import {findPolicyFile} from './policy/find.ts'
import type {PolicyFile} from './policy/policy.ts'
import {exitCode} from './system/errors.ts'
import {nodeSystem} from './system/node.ts'
import type {System} from './system/system.ts'
import {endOf} from './text/end.ts'

async function main(system: System, words: string[]): Promise<number> {
  const {directory: named} = parseCommandLine(words)
  const directory = named === undefined ? system.cwd : resolve(system.cwd, named)
  let file: PolicyFile | undefined
  try {
    file = await findPolicyFile(system, directory)
  } catch (error) {
    const {text} = endOf(error)
    system.stderr(text.replaceAll('gowarden: error: ', 'gowarden: warning: GOWARDEN=off is not recorded: '))
    return exitCode.ok
  }
  if (file?.bypass === undefined) return exitCode.ok
  const event = {what: 'GOWARDEN=off', command: ['go', ...words], directory}
  const unrecorded = passBypass(system, system.env['GOWARDEN_STORE'] ?? '', file.bypass, event)
  if (unrecorded !== undefined) system.stderr(`gowarden: warning: ${unrecorded}\n`)
  return exitCode.ok
}

async function run(): Promise<number> {
  try {
    return await main(nodeSystem(), process.argv.slice(2))
  } catch (error) {
    const {text, code} = endOf(error)
    process.stderr.write(text)
    return code
  }
}

run().then(code => {
  process.exitCode = code
})
