/** The gowarden command: its verbs in the order of `--help`, and what Commander says of a wrong call. */

import {Command, CommanderError} from 'commander'
import {exitCode} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {safeLines} from '../text/one-line.ts'
import type {VerifyStart} from '../verify/start.ts'
import {registerAttest} from './attest.ts'
import {registerCache} from './cache.ts'
import {callError} from './call-error.ts'
import {registerCompletion} from './completion.ts'
import {environmentHelp, type VerbContext} from './context.ts'
import {registerDoctor} from './doctor.ts'
import {registerEvents} from './events.ts'
import {registerExplain} from './explain.ts'
import {registerInit} from './init.ts'
import {registerInspect} from './inspect.ts'
import {registerInstall} from './install.ts'
import {registerDisable, registerEnable} from './launcher.ts'
import {registerLock} from './lock.ts'
import {registerMetrics} from './metrics.ts'
import {registerPolicy} from './policy.ts'
import {registerRebuild} from './rebuild.ts'
import {registerReport} from './report.ts'
import {registerSelf} from './self.ts'
import {registerVerify} from './verify.ts'
import {registerVersion} from './version.ts'
import {registerWhy} from './why.ts'

/**
 * Runs what the words behind `gowarden` ask for. Returns the exit code; throws what a verb throws. `verifyStart` is what was
 * asked of Git before.
 */
export async function runProgram(
  system: System,
  words: readonly string[],
  verifyStart: VerifyStart | undefined,
): Promise<number> {
  let code: number = exitCode.ok
  const end = (ended: number) => {
    code = ended
  }
  const program = makeProgram({system, words, version: GOWARDEN_VERSION, end}, verifyStart)
  try {
    await program.parseAsync(words, {from: 'user'})
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
    throw error
  }
}

const firstSteps = `
first steps:
  gowarden enable         put the launcher in front of go, for you
  gowarden doctor         whether go build here is guarded, and what decides it
  gowarden init           in a repository: check go.sum and vendor/ before each commit
`

function makeProgram(context: VerbContext, verifyStart: VerifyStart | undefined): Command {
  const {system, version} = context
  const program = new Command('gowarden')
    .description(
      'Runs before go: stamps binaries, refuses a cache of another GOROOT, checks go.sum and vendor/.',
    )
    .version(version)
    .showHelpAfterError('see gowarden --help')
    .exitOverride()
    .configureOutput({
      writeOut: text => system.stdout(text),
      writeErr: text => system.stderr(callError(safeLines(text))),
    })
    .addHelpText('after', firstSteps + '\nenvironment:\n' + environmentHelp)

  registerEnable(program, context)
  registerDisable(program, context)
  registerInit(program, context)
  registerLock(program, context)
  registerInstall(program, context)
  registerInspect(program, context)
  registerAttest(program, context)
  registerRebuild(program, context)
  registerDoctor(program, context)
  registerWhy(program, context)
  registerCache(program, context)
  registerPolicy(program, context)
  registerVerify(program, context, verifyStart)
  registerEvents(program, context)
  registerMetrics(program, context)
  registerReport(program, context)
  registerExplain(program, context)
  registerCompletion(program, context)
  registerSelf(program, context)
  registerVersion(program, context)
  pointToOwnHelp(program, 'gowarden')
  return program
}

/** A wrong option is answered with the help of its own verb: see gowarden cache audit --help. */
function pointToOwnHelp(command: Command, name: string): void {
  command.showHelpAfterError(`see ${name} --help`)
  for (const verb of command.commands) pointToOwnHelp(verb, `${name} ${verb.name()}`)
}
