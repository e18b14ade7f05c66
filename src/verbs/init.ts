/** `gowarden init`: a repository is set up, or what that wrote is taken out. */
import {type Command, Option} from 'commander'
import type {ExtraHook} from '../init/hook-files.ts'
import type {HookTool} from '../init/repository-setup.ts'
import {exitCode, isUsageError, isWorldError} from '../system/errors.ts'
import {pipeChild} from '../system/node.ts'
import {oneLine} from '../text/one-line.ts'
import {progressLine} from '../text/progress.ts'
import type {VerbContext} from './context.ts'
import {policyHere} from './verify.ts'

type Flags = {
  hooks?: HookTool
  also: ExtraHook[]
  action?: string
  dryRun?: true
  remove?: true
}

export function registerInit(program: Command, context: VerbContext): void {
  const {system, end} = context
  program
    .command('init')
    .addOption(
      new Option('--hooks <tool>', 'which tool runs the Git hooks (default: the one in use here)').choices([
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
    .option('--remove', 'remove what init wrote; what was changed since is kept and reported')
    .description(
      'set up a repository: a policy file, the pre-commit hook and a workflow, where they are missing',
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
      if (!flags.dryRun && !flags.remove) system.stdout(await verifiedToday(context))
      end(initialized.left.every(({isYours}) => isYours) ? exitCode.ok : exitCode.findings)
    })
}

/** What `gowarden verify` says of the work tree now, in one line: a person wants to know before the first commit is refused. */
async function verifiedToday(context: VerbContext): Promise<string> {
  const {system, version} = context
  const {verify} = await import('../verify/verify.ts')
  const {summaryLine} = await import('../verify/reports/text.ts')
  const progress = progressLine(system)
  try {
    const result = await verify(
      {...system, pipe: pipeChild},
      {
        judged: {kind: 'worktree'},
        modules: [],
        offline: false,
        policy: await policyHere(context),
        version,
        progress,
      },
    )
    const today = summaryLine(result).replace(/^gowarden: /, 'gowarden verify finds today: ')
    return result.findings.length === 0 ? today : `${today}next: see them: gowarden verify\n`
  } catch (error) {
    if (!isWorldError(error) && !isUsageError(error)) throw error
    return `gowarden verify cannot say what it finds today: ${oneLine(error.message)}\n`
  } finally {
    progress('')
  }
}
