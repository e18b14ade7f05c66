/** Signals end a command as they end bare go, and nothing of the launcher is left behind. */
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import * as assert from 'uvu/assert'
import {machine, type Rig, root, tiny} from '../support/rig.ts'
import {anyShell, noNode, shells, told, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'

/** A command that runs until it is ended, in a process group of its own. */
type Running = {
  /** Its process, which is also the group. */
  pid: number
  printed(): string
  ended: Promise<{code: number | null; signal: NodeJS.Signals | null}>
}

/** Starts a command with its standard input kept open, and kills what is left of its group once `body` is through. */
async function withRunning<T>(
  rig: Rig,
  [file = '', ...words]: readonly string[],
  env: Record<string, string>,
  body: (running: Running) => Promise<T>,
): Promise<T> {
  const child = spawn(file, words, {
    cwd: rig.work,
    env: {PWD: rig.work, ...rig.env, ...env},
    detached: true,
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk
  })
  child.stdin.on('error', () => undefined)
  const ended = new Promise<Awaited<Running['ended']>>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve({code, signal}))
  })
  const {pid} = child
  if (pid === undefined) throw new Error(`${file} did not start`)
  try {
    return await body({pid, printed: () => printed, ended})
  } finally {
    if (processesOf(pid).length > 0) process.kill(-pid, 'SIGKILL')
    child.stdin.destroy()
    await ended
  }
}

/** The names of the live processes in a group, in order, each once: how many tools run at once is go's to choose. */
function processesOf(group: number): string[] {
  const names = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        // pid (name) state parent group …: the name may hold anything.
        const [, name = '', state, processGroup] =
          readFileSync(`/proc/${pid}/stat`, 'utf8').match(/^\d+ \((.*)\) (\w) \d+ (\d+) /s) ?? []
        return Number(processGroup) === group && state !== 'Z' ? [name] : []
      } catch {
        return []
      }
    })
  return [...new Set(names)].sort()
}

/** Waits until something is so; a case that waits in vain fails with what it waited for. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 3_000; turn += 1) {
    if (isSo()) return
    await wait(10)
  }
  throw new Error(`waited in vain: ${what}`)
}

/** Waits for something that a failing case would never bring. */
async function soon<T>(what: string, event: Promise<T>): Promise<T> {
  let come: {value: T} | undefined
  void event.then(value => {
    come = {value}
  })
  await until(what, () => come !== undefined)
  return await event
}

/** What is left of a group once nothing of it ends any more. */
async function leftOf(group: number): Promise<string[]> {
  let before = processesOf(group)
  for (let same = 0; same < 10; ) {
    await wait(20)
    const now = processesOf(group)
    same = now.join() === before.join() ? same + 1 : 0
    before = now
  }
  return before
}

/** Commands that do not end by themselves, and how to see that they are under way. */
const commands = {
  'go run': {
    words: ['run', '.', '0', 'started'],
    isUnderWay: (_rig: Rig, running: Running) => running.printed().includes('started'),
  },
  'go build': {
    words: ['build', '-toolexec', 'TOOLEXEC', '-o', 'out', '.'],
    isUnderWay: (rig: Rig) => existsSync(join(rig.work, 'started')),
  },
}
type Command = (typeof commands)[keyof typeof commands]

/** Starts a tool and never ends. */
const stuckTool = `#!/bin/sh
case "$*" in *-V=full*) exec "$@" ;; esac
: >started.new && mv started.new "$STARTED"
exec sleep 600
`

/** The signals, and who gets them: a terminal sends to the group, `kill` to the process. */
const signals: [name: string, signal: NodeJS.Signals, to: 'group' | 'process'][] = [
  ['Ctrl-C', 'SIGINT', 'group'],
  ['Ctrl-\\', 'SIGQUIT', 'group'],
  ['SIGTERM', 'SIGTERM', 'process'],
  ['SIGTERM to the group', 'SIGTERM', 'group'],
  ['SIGHUP to the group', 'SIGHUP', 'group'],
  ['SIGKILL', 'SIGKILL', 'process'],
]

/** `go run` waits for its program when it is interrupted alone, so this one is sent to a planner only. */
const interrupt: (typeof signals)[number] = ['SIGINT', 'SIGINT', 'process']

type Outcome = {code: number | null; signal: NodeJS.Signals | null; left: string[]; built: boolean}

/** Runs a command until it is under way, sends the signal, and sees what becomes of it and its group. */
async function outcomeOf(
  rig: Rig,
  go: readonly string[],
  command: Command,
  [, signal, to]: (typeof signals)[number],
): Promise<Outcome> {
  rig.write(told)
  // The toolexec word may hold no space, so it is found on PATH.
  mkdirSync(join(rig.folder, 'tools'), {recursive: true})
  writeProgram(join(rig.folder, 'tools/stuck'), stuckTool)
  const words = command.words.map(word => (word === 'TOOLEXEC' ? 'stuck' : word))
  const env = {
    PATH: `${rig.env['PATH']}:${rig.folder}/tools`,
    STARTED: join(rig.work, 'started'),
  }
  return await withRunning(rig, [...go, ...words], env, async running => {
    await until(`${words[0]} is under way: ${running.printed()}`, () => command.isUnderWay(rig, running))
    process.kill(to === 'group' ? -running.pid : running.pid, signal)
    const ended = await soon('the command ends', running.ended)
    const left = await leftOf(running.pid)
    return {...ended, left, built: existsSync(join(rig.work, 'out'))}
  })
}

const bareOutcomes = new Map<string, Outcome>()

async function bareOutcome(commandName: string, command: Command, signal: (typeof signals)[number]) {
  const key = `${commandName} ${signal[0]}`
  const known = bareOutcomes.get(key)
  if (known !== undefined) return known
  const outcome = await withWarmRig(rig => outcomeOf(rig, [join(machine.goroot, 'bin/go')], command, signal))
  bareOutcomes.set(key, outcome)
  return outcome
}

/** A planner that waits to be let on before it is what it should be. */
function slowNode(rig: Rig): string {
  const folder = join(rig.folder, 'slow node')
  mkdirSync(folder)
  writeProgram(
    join(folder, 'node'),
    `#!/bin/sh
: >'${rig.folder}/planning'
while [ ! -e '${rig.folder}/go on' ]; do sleep 0.02; done
exec '${process.execPath}' "$@"
`,
  )
  return folder
}

for (const {name, words: shell, missing} of shells) {
  suite(`launcher/signals under ${name}`, test => {
    for (const [commandName, command] of Object.entries(commands)) {
      for (const signal of signals) {
        // The launcher is no longer there when go runs: one shell shows it for all, the others show the usual ways.
        if (shell !== anyShell && !['Ctrl-C', 'SIGTERM', 'SIGKILL'].includes(signal[0])) continue
        test.unless(missing, `${signal[0]} during ${commandName}`, async () => {
          const bare = await bareOutcome(commandName, command, signal)
          await withWarmRig(async rig => {
            const ours = await outcomeOf(rig, [...shell, join(root, 'bin/go')], command, signal)
            assert.equal(ours, bare)
            assert.is(ours.built, false)
          })
        })
      }
    }

    for (const [what, signal, to] of [...signals, interrupt]) {
      test.unless(missing ?? noNode, `${what} while the plan is made`, async () => {
        await withWarmRig(async rig => {
          rig.write(tiny)
          const env = {PATH: `${root}/bin:${slowNode(rig)}:${rig.env['PATH']}`}
          const go = [...shell, join(root, 'bin/go'), 'build', '-o', 'out', '.']
          await withRunning(rig, go, env, async running => {
            await until('the planner runs', () => existsSync(join(rig.folder, 'planning')))
            process.kill(to === 'group' ? -running.pid : running.pid, signal)
            // A shell may put the signal off until its child has ended.
            if (to === 'process' && signal === 'SIGINT') writeFileSync(join(rig.folder, 'go on'), '')
            const ended = await soon('the launcher ends', running.ended)
            assert.ok(ended.signal === signal || (ended.code ?? 0) !== 0, JSON.stringify(ended))
            // A planner that outlives the launcher comes to its end and builds nothing.
            writeFileSync(join(rig.folder, 'go on'), '')
            await until('nothing is left', () => processesOf(running.pid).length === 0)
            assert.not(existsSync(join(rig.work, 'out')))
          })
        })
      })
    }
  })
}
