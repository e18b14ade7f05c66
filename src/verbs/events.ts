/** `gowarden events`: what gowarden did on this machine, as far as it is kept. */
import type {Command} from 'commander'
import {jsonLine} from '../text/one-line.ts'
import type {VerbContext} from './context.ts'
import {parseSince} from './since.ts'

export function registerEvents(program: Command, {system}: VerbContext): void {
  program
    .command('events')
    .option('--since <time>', 'only what is over since then: a date, or how long ago (2h, 3d)')
    .option('--json', 'print JSON, one event a line')
    .description('show what gowarden planned, refused, verified and audited for you on this machine')
    .addHelpText('after', helpAfter)
    .action(async (options: {since?: string; json?: true}) => {
      const sinceMs = options.since === undefined ? 0 : parseSince(options.since, system.nowMs())
      const {readHistory} = await import('../events/read.ts')
      const {eventsText} = await import('../events/text.ts')
      const {storeFolder} = await import('../store/folder.ts')
      const {bypasses, events} = readHistory(system, storeFolder(system))
      const asked = [...bypasses, ...events].filter(({time}) => Date.parse(time) >= sinceMs)
      system.stdout(options.json ? asked.map(jsonLine).join('') : eventsText(asked))
    })
}

const helpAfter = `
Kept in \${XDG_CACHE_HOME:-~/.cache}/gowarden/events, 10 MB in all, readable by you alone. A go command that follows a stored plan is
not counted: it costs nothing. Of a command only the subcommand is kept, unless GOWARDEN_EVENTS=words; GOWARDEN_EVENTS=off keeps
nothing but the bypasses that a policy requires.

examples:
  gowarden events --since 1d
  gowarden events --json | jq 'select(.kind == "refusal")'
`
