/** `gowarden explain [CODE]`: a page of docs/findings.md, or which there are. */
import type {Command} from 'commander'
import type {VerbContext} from './context.ts'

export function registerExplain(program: Command, {system}: VerbContext): void {
  program
    .command('explain')
    .argument('[code]', 'the code in brackets at the end of a message, for example CACHE_FOREIGN')
    .description(
      'say what a finding means, why it matters, how to fix it and how to switch it off; without a code, list them by topic',
    )
    .action(async (code: string | undefined) => {
      const {explain, findingPages} = await import('../findings/pages.ts')
      if (code !== undefined) {
        const {wrapped} = await import('../text/wrapped.ts')
        system.stdout(wrapped(explain(system, code), system.stdoutColumns()))
        return
      }
      const {topicsText} = await import('../findings/topics.ts')
      system.stdout(topicsText(findingPages(system), system.stdoutColumns()))
    })
}
