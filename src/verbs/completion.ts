/** `gowarden completion SHELL`: a script that completes what the verbs here declare. */
import {Argument, type Command} from 'commander'
import type {CompletedShell} from './completion-script.ts'
import type {VerbContext} from './context.ts'

export function registerCompletion(program: Command, {system}: VerbContext): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .description('print a completion script: eval "$(gowarden completion bash)", or zsh; fish: … | source')
    .action(async (shell: CompletedShell) => {
      const {completionScript} = await import('./completion-script.ts')
      const {findingPages} = await import('../findings/pages.ts')
      system.stdout(completionScript(shell, program, [...findingPages(system).keys()]))
    })
}
