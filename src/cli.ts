/** Entry of the gowarden command. A commit waits for it: Git is asked before anything else. The only place that catches. */

import {recording} from './events/record.ts'
import {telling} from './findings/tell.ts'
import {openFolder, storeFolder} from './store/folder.ts'
import {commandSystem, pipeChild} from './system/node.ts'
import type {System} from './system/system.ts'
import {tracing} from './traces/tracing.ts'
import {runProgram} from './verbs/program.ts'
import {asksForIndex, startVerify} from './verify/start.ts'

async function run(): Promise<number> {
  const words = process.argv.slice(2)
  const open = (at: System) => openFolder(at, storeFolder(at))
  const recorded = recording(telling(commandSystem()), open)
  const traced = tracing(recorded.system, open)
  const code = await ended(traced.system, words)
  await recorded.close()
  const said = await traced.close(code, words)
  if (said !== '') process.stderr.write(said)
  return code
}

async function ended(system: System, words: readonly string[]): Promise<number> {
  try {
    const startsVerify = asksForIndex(words, system.env)
    const verifyStart = startsVerify ? startVerify({...system, pipe: pipeChild}, 'staged') : undefined
    return await runProgram(system, words, verifyStart)
  } catch (error) {
    const {endOf} = await import('./text/end.ts')
    const {text, code} = endOf(error)
    process.stderr.write(text)
    return code
  }
}

run().then(code => {
  process.exitCode = code
})
