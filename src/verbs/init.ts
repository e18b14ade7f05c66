/** `gowarden init`: a repository is set up, or what that wrote is taken out. */
import {type Command, Option} from 'commander'
import type {ExtraHook} from '../init/hook-files.ts'
import type {HookTool} from '../init/repository-setup.ts'
import {exitCode} from '../system/errors.ts'
import {pipeChild} from '../system/node.ts'
import type {VerbContext} from './context.ts'

type Flags = {
  hooks?: HookTool
  also: ExtraHook[]
  action?: string
  dryRun?: true
  remove?: true
}

export function registerInit(program: Command, {system, end}: VerbContext): void {
  program
    .command('init')
    .addOption(
      new Option('--hooks <tool>', 'who runs the Git hooks (default: the tool in use here)').choices([
        'husky',
        'lefthook',
        'pre-commit',
        'git',
      ]),
    )
    .addOption(
      new Option('--also <hook...>', 'hooks besides pre-commit')
        .choices(['pre-merge-commit', 'pre-push', 'post-checkout', 'post-merge'])
        .default([]),
    )
    .option('--action <name>', 'write a GitHub workflow with this action: OWNER/gowarden@REV')
    .option('--dry-run', 'only show the diff')
    .option('--remove', 'take out what init wrote; what was changed since is left and named')
    .description(
      'set a repository up: a policy file, the pre-commit hook and a workflow, where they are missing',
    )
    .action(async (flags: Flags) => {
      const {init} = await import('../init/init.ts')
      const {initText} = await import('../init/text.ts')
      const initialized = await init(
        {...system, pipe: pipeChild},
        {
          hooks: flags.hooks,
          also: flags.also,
          action: flags.action,
          isDryRun: flags.dryRun ?? false,
          isRemoval: flags.remove ?? false,
        },
      )
      system.stdout(initText(initialized))
      end(initialized.left.length === 0 ? exitCode.ok : exitCode.findings)
    })
}
