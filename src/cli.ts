/** Entry of the gowarden command. A commit waits for it: Git is asked before anything else. The only place that catches. */

import {recording} from './events/record.ts'
import {telling} from './findings/tell.ts'
import {openFolder, storeFolder} from './store/folder.ts'
import {commandSystem, pipeChild} from './system/node.ts'
import {runProgram} from './verbs/program.ts'
import {asksForIndex, startVerify} from './verify/start.ts'

async function run(): Promise<number> {
  const {system, close} = recording(telling(commandSystem()), at => openFolder(at, storeFolder(at)))
  try {
    const words = process.argv.slice(2)
    const startsVerify = asksForIndex(words, system.env)
    const verifyStart = startsVerify ? startVerify({...system, pipe: pipeChild}, 'staged') : undefined
    return await runProgram(system, words, verifyStart)
  } catch (error) {
    const {endOf} = await import('./text/end.ts')
    const ended = endOf(error)
    process.stderr.write(ended.text)
    return ended.code
  } finally {
    await close()
  }
}

run().then(code => {
  process.exitCode = code
})
