/** `gowarden why`: go's error from standard input, from a file, or from a command that is run. */
import type {Command} from 'commander'
import {cannotStart, exitCode, hasCode, UsageError} from '../system/errors.ts'
import {passChild} from '../system/node.ts'
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
      const {text: said, status} = await readSaid(system, words, options.json ?? false)
      if (status === 0) {
        system.stderr('gowarden: the command succeeded: there is nothing to explain\n')
        return
      }
      const {explain, findSentences} = await import('../why/why.ts')
      const {whyText} = await import('../why/text.ts')
      const why = explain(said, await diagnosis(system, said, findSentences(said).length > 0), system.cwd)
      system.stdout(options.json ? jsonText(why) : whyText(why))
      end(status ?? (why.explanations.length > 0 ? exitCode.ok : exitCode.findings))
    })
}

/** What is to be explained; `status` is that of the command that was run for it. */
async function readSaid(
  system: System,
  words: readonly string[],
  isJson: boolean,
): Promise<{text: string; status: number | undefined}> {
  const dashes = words.indexOf('--')
  const [program, ...rest] = dashes < 0 ? [] : words.slice(dashes + 1)
  if (program !== undefined) return await runAndRead(system, program, rest, isJson)
  const file = words.slice(1).find(word => !word.startsWith('-'))
  if (file === undefined) {
    if (system.stdinIsTerminal())
      system.stderr(
        'gowarden: paste what go said, then press Enter and Ctrl-D; or let it run go: gowarden why -- go build ./...\n',
      )
    return {text: system.stdin(), status: undefined}
  }
  const text = system.files.read(file.startsWith('/') ? file : `${system.cwd}/${file}`)
  if (text === undefined)
    throw new UsageError(`there is no file ${file}`, 'to run a command: gowarden why -- go build ./...')
  return {text: text.toString(), status: undefined}
}

/** What the command prints goes on as it comes; the end of it is what is explained. */
async function runAndRead(
  system: System,
  program: string,
  words: readonly string[],
  isJson: boolean,
): Promise<{text: string; status: number}> {
  const [stdout, stderr] = [lastBytes(), lastBytes()]
  const onOutput = (stream: 'stdout' | 'stderr', bytes: Buffer) => {
    if (stream === 'stdout') stdout.add(bytes)
    else stderr.add(bytes)
    // What is printed on stdout beside JSON would not be JSON any more.
    if (stream === 'stdout' && !isJson) system.stdout(bytes)
    else system.stderr(bytes)
  }
  try {
    const {exitCode: status, signal} = await passChild(program, words, onOutput)
    // What is explained begins a line of its own.
    if (!isJson && stdout.isWithinLine()) system.stdout('\n')
    return {text: `${stderr.text()}\n${stdout.text()}`, status: status ?? statusOf(signal)}
  } catch (error) {
    // Nobody reads what it prints.
    if (hasCode(error, 'EPIPE')) throw error
    throw cannotStart(program, error, 'name a program on PATH, or write its path')
  }
}

/** Keeps the last megabytes of what may never end. */
function lastBytes() {
  const pieces: Buffer[] = []
  let size = 0
  return {
    add(bytes: Buffer): void {
      pieces.push(bytes)
      size += bytes.length
      while (size - (pieces[0]?.length ?? size) > mostBytes) size -= pieces.shift()?.length ?? 0
    },
    isWithinLine: () => (pieces.at(-1)?.at(-1) ?? newline) !== newline,
    text: () => Buffer.concat(pieces).toString(),
  }
}

const newline = 10
const mostBytes = 4_000_000

/** As a shell has it: 128 and the number of the signal that ended the command. */
function statusOf(signal: string | undefined): number {
  return 128 + (signalNumbers[signal ?? ''] ?? 0)
}

const signalNumbers: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
}

/** doctor looks only where a sentence is known, or may be: most errors are about the code. */
async function diagnosis(system: System, said: string, isKnown: boolean) {
  if (!isKnown && !/: undefined: \w+\.\w+$/m.test(said)) return undefined
  const {doctor} = await import('../doctor/doctor.ts')
  return await doctor(system, {everyByte: false})
}
