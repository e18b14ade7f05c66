/** `gowarden why`: go's error from standard input, from a file, or from a command that is run. */
import type {Command} from 'commander'
import {exitCode, UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {jsonText} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'

export function registerWhy(program: Command, {system, words, end}: VerbContext): void {
  program
    .command('why')
    .argument('[file]', 'what go said; without it, standard input, or the command after --')
    .argument('[command...]')
    .option('--json', 'print JSON')
    .usage('[options] [FILE | -- COMMAND…]')
    .description('explain an error of go: what causes it on this machine')
    .addHelpText('after', '\n  go build ./... 2>&1 | gowarden why\n  gowarden why -- go build ./...\n')
    .action(async (_file: string | undefined, _command: string[], options: {json?: true}) => {
      const said = await readSaid(system, words)
      if (said === undefined) {
        system.stdout('the command succeeded: there is nothing to explain\n')
        return
      }
      const {explain, findSentences} = await import('../why/why.ts')
      const {whyText} = await import('../why/text.ts')
      const why = explain(said, await diagnosis(system, said, findSentences(said).length > 0), system.cwd)
      system.stdout(options.json ? jsonText(why) : whyText(why))
      end(why.explanations.length > 0 ? exitCode.ok : exitCode.findings)
    })
}

/** What is to be explained; undefined where the command that was run succeeded. What it prints is passed on. */
async function readSaid(system: System, words: readonly string[]): Promise<string | undefined> {
  const dashes = words.indexOf('--')
  const [program, ...rest] = dashes < 0 ? [] : words.slice(dashes + 1)
  if (program !== undefined) {
    const {exitCode: status, stdout, stderr} = await system.run(program, rest)
    system.stdout(stdout)
    system.stderr(stderr)
    return status === 0 ? undefined : `${stderr}\n${stdout}`
  }
  const file = words.slice(1).find(word => !word.startsWith('-'))
  if (file === undefined) return system.stdin()
  const text = system.files.read(file.startsWith('/') ? file : `${system.cwd}/${file}`)
  if (text === undefined)
    throw new UsageError(`there is no file ${file}`, 'to run a command: gowarden why -- go build ./...')
  return text.toString()
}

/** doctor looks only where a sentence is known, or may be: most errors are about the code. */
async function diagnosis(system: System, said: string, isKnown: boolean) {
  if (!isKnown && !/: undefined: \w+\.\w+$/m.test(said)) return undefined
  const {doctor} = await import('../doctor/doctor.ts')
  return await doctor(system, {everyByte: false})
}
