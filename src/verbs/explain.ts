/** `gowarden explain CODE`: a page of docs/findings.md. */
import type {Command} from 'commander'
import type {VerbContext} from './context.ts'

export function registerExplain(program: Command, {system}: VerbContext): void {
  program
    .command('explain')
    .argument('<code>', 'the code in brackets at the end of a message, for example CACHE_FOREIGN')
    .description('say what a finding means, why it matters, how to fix it and how to switch it off')
    .action(async (code: string) => {
      const {explain} = await import('../findings/pages.ts')
      system.stdout(explain(system, code))
    })
}
