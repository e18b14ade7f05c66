/** The verbs of the gowarden command: words to commands to report to exit code. */
import {Argument, Command, CommanderError, Option} from 'commander'
import {hasErrors} from '../findings/finding.ts'
import {endOf} from '../findings/text.ts'
import type {ExtraHook} from '../init/init.ts'
import type {HookTool} from '../init/repository-setup.ts'
import type {BypassPolicy, Setting} from '../policy/find.ts'
import {exitCode} from '../system/errors.ts'
import {pipeChild} from '../system/node.ts'
import type {System} from '../system/system.ts'
import {isInsideHook, type VerifyStart} from '../verify/start.ts'
import type {CompletedShell} from './completion.ts'
import {registerVerify} from './verify.ts'

/** Runs what the command line asks for. Returns the exit code; throws what a verb throws. `verifyStart` is what was asked of Git before. */
export async function runProgram(system: System, verifyStart: VerifyStart | undefined): Promise<number> {
  let code: number = exitCode.ok
  const program = makeProgram(system, verifyStart, ended => {
    code = ended
  })
  try {
    await program.parseAsync()
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
    throw error
  }
}

function makeProgram(
  system: System,
  verifyStart: VerifyStart | undefined,
  end: (code: number) => void,
): Command {
  const program = new Command('gowarden')
    .description(
      'Stands in front of go: stamps binaries, refuses a cache of another GOROOT, proves go.sum and vendor/.',
    )
    .version(GOWARDEN_VERSION)
    .showHelpAfterError('run gowarden --help for the verbs')
    .exitOverride()
    .configureOutput({
      writeOut: text => system.stdout(text),
      writeErr: text => system.stderr(text.replace(/^error: /, 'gowarden: error: ')),
    })
    .addHelpText('after', '\nenvironment:\n' + environmentHelp)

  program
    .command('enable')
    .argument('[folder]', 'where to put the launcher (default: ~/.local/share/gowarden/bin)')
    .option('--check', 'only say what go resolves to now; exit 1 when that is not gowarden')
    .description('put the launcher into a folder of yours and print the line that puts it first on PATH')
    .action(async (folder: string | undefined, options: {check?: true}) => {
      const {defaultFolder, enable, resolveGo} = await import('../launcher/enable.ts')
      const {enabledText, resolutionText} = await import('../launcher/text.ts')
      if (options.check) {
        const resolution = resolveGo(system)
        system.stdout(resolutionText(resolution))
        end(resolution.first?.isLauncher && resolution.real ? exitCode.ok : exitCode.findings)
        return
      }
      const into = absolute(system, folder) ?? defaultFolder(system)
      system.stdout(enabledText(enable(system, into, process.execPath)))
    })

  program
    .command('disable')
    .argument('[folder]', 'where the launcher is (default: ~/.local/share/gowarden/bin)')
    .description('take the launcher out of that folder again')
    .action(async (folder: string | undefined) => {
      const {defaultFolder, disable, resolveGo} = await import('../launcher/enable.ts')
      const {resolutionText} = await import('../launcher/text.ts')
      const removed = disable(system, absolute(system, folder) ?? defaultFolder(system))
      system.stdout(
        removed.length === 0
          ? 'nothing of gowarden is there\n'
          : removed.map(path => `removed ${path}\n`).join(''),
      )
      system.stdout(resolutionText(resolveGo(system)))
    })

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
    .action(
      async (options: {
        hooks?: HookTool
        also: ExtraHook[]
        action?: string
        dryRun?: true
        remove?: true
      }) => {
        const {init} = await import('../init/init.ts')
        const {initText} = await import('../init/text.ts')
        const initialized = await init(
          {...system, pipe: pipeChild},
          {
            hooks: options.hooks,
            also: options.also,
            action: options.action,
            isDryRun: options.dryRun ?? false,
            isRemoval: options.remove ?? false,
          },
        )
        system.stdout(initText(initialized))
        end(initialized.left.length === 0 ? exitCode.ok : exitCode.findings)
      },
    )

  program
    .command('inspect')
    .argument('<file...>', 'binaries that Go built')
    .option('--json', 'print JSON')
    .description('show the stamp, Go version, modules and settings that binaries carry')
    .action(async (files: string[], options: {json?: true}) => {
      const {inspect} = await import('../inspect/inspect.ts')
      const {toText, toJson} = await import('../inspect/text.ts')
      const inspections = await inspect(system, files)
      system.stdout(options.json ? toJson(inspections) : toText(inspections))
      end(inspections.every(({kind}) => kind === 'go') ? exitCode.ok : exitCode.findings)
    })

  program
    .command('doctor')
    .option('--json', 'print JSON')
    .description('show every value that decides a build here, which source set it, and every finding')
    .action(async (options: {json?: true}) => {
      const {doctor} = await import('../doctor/doctor.ts')
      const {doctorText} = await import('../doctor/text.ts')
      const diagnosis = await doctor(system)
      system.stdout(options.json ? json(diagnosis) : doctorText(diagnosis))
      end(hasErrors(diagnosis.findings) ? exitCode.findings : exitCode.ok)
    })

  const cache = program.command('cache').description('whose the build cache is')
  cache
    .command('status')
    .option('--json', 'print JSON')
    .description(
      'show the owner of GOCACHE and the Go versions of its objects; exit 1 when go build would be refused',
    )
    .action(async (options: {json?: true}) => {
      const {cacheStatus} = await import('../cache/actions.ts')
      const {cacheStatusText} = await import('../cache/text.ts')
      const status = await cacheStatus(system)
      system.stdout(options.json ? json(status) : cacheStatusText(status))
      end(hasErrors(status.findings) ? exitCode.findings : exitCode.ok)
    })
  cache
    .command('adopt')
    .option('--json', 'print JSON')
    .description('record this toolchain as the owner of GOCACHE, whoever populated it; no object is removed')
    .action(async (options: {json?: true}) => {
      const {adoptCache} = await import('../cache/actions.ts')
      const {adoptedText} = await import('../cache/text.ts')
      const adopted = await adoptCache(system)
      system.stdout(options.json ? json(adopted) : adoptedText(adopted))
    })

  cache
    .command('prune')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print JSON')
    .description('remove the caches that isolate made for toolchains that are gone')
    .action(async (options: {dryRun?: true; json?: true}) => {
      const {pruneCaches} = await import('../cache/actions.ts')
      const {prunedText} = await import('../cache/text.ts')
      const pruned = await pruneCaches(system, {isDryRun: options.dryRun ?? false})
      system.stdout(options.json ? json(pruned) : prunedText(pruned))
    })

  program
    .command('policy')
    .option('--schema', 'print the JSON Schema of policy files, for editors')
    .option('--bypasses', 'show who passed gowarden by and why, where policy asks for a reason')
    .option('--json', 'print JSON')
    .description('show the policy in force here, and which line of which file set each value')
    .action(async (options: {schema?: true; bypasses?: true; json?: true}) => {
      if (options.schema) {
        const {packageFolder} = await import('../launcher/launcher.ts')
        const {readSchema} = await import('../policy/schema.ts')
        system.stdout(readSchema(system, packageFolder))
        return
      }
      if (options.bypasses) {
        const {bypassesHere} = await import('../policy/in-force.ts')
        const {bypassesText} = await import('../policy/text.ts')
        const bypasses = bypassesHere(system)
        system.stdout(options.json ? json(bypasses) : bypassesText(bypasses))
        return
      }
      const {policyInForce} = await import('../policy/in-force.ts')
      const {policyText} = await import('../policy/text.ts')
      const policy = await policyInForce(system)
      system.stdout(options.json ? json(policy) : policyText(policy))
    })

  registerVerify(program, system, {
    version: GOWARDEN_VERSION,
    start: verifyStart,
    policy: async () => {
      const {findVerifyPolicy} = await import('../verify/policy.ts')
      const {bypass, lowered, ...policy} = await findVerifyPolicy(system, system.cwd)
      if (bypass !== undefined && lowered.length > 0)
        await recordHere(system, bypass, `GOWARDEN_LEVELS=${lowered.join(',')}`)
      return policy
    },
    isBypassed: () => isHookBypassed(system),
    exit: end,
  })

  program
    .command('explain')
    .argument('<code>', 'the code in brackets at the end of a message, for example CACHE_FOREIGN')
    .description('say what a finding means, why it matters, how to mend it and how to switch it off')
    .action(async (code: string) => {
      const {explain} = await import('./explain.ts')
      system.stdout(explain(system, code))
    })

  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .description('print a completion script: eval "$(gowarden completion bash)", or zsh; fish: … | source')
    .action(async (shell: CompletedShell) => {
      const {completionScript} = await import('./completion.ts')
      const {findingPages} = await import('./explain.ts')
      system.stdout(completionScript(shell, program, [...findingPages(system).keys()]))
    })

  return program
}

/** `GOWARDEN=off git commit`: inside a Git hook nothing is verified then; a person who types the verb means it. */
async function isHookBypassed(system: System): Promise<boolean> {
  if (system.env['GOWARDEN'] !== 'off') return false
  if (!isInsideHook(system.env)) return false
  const {findPolicyFile} = await import('../policy/find.ts')
  let bypass: Setting<BypassPolicy> | undefined
  try {
    bypass = (await findPolicyFile(system, system.cwd))?.bypass
  } catch (error) {
    system.stderr(endOf(error).text.replaceAll('error: ', 'warning: GOWARDEN=off is not recorded: '))
  }
  if (bypass !== undefined) await recordHere(system, bypass, 'GOWARDEN=off')
  system.stderr('gowarden: GOWARDEN=off: nothing was verified\n')
  return true
}

async function recordHere(system: System, bypass: Setting<BypassPolicy>, what: string): Promise<void> {
  const {passBypass} = await import('../policy/bypass.ts')
  const {storeFolder} = await import('../launcher/launcher.ts')
  const event = {what, command: ['gowarden', ...process.argv.slice(2)], directory: system.cwd}
  const unrecorded = passBypass(system, storeFolder(system), bypass, event)
  if (unrecorded !== undefined) system.stderr(`gowarden: warning: ${unrecorded}\n`)
}

const environmentHelp = `  GOWARDEN=off            run go as if gowarden were not there
  GOWARDEN_CACHE=isolate  give each toolchain a cache of its own, wherever policy says refuse
  GOWARDEN_LEVELS=CODE=warn,…  levels of findings for you: error, warn or off
  GOWARDEN_REASON=why     why gowarden is passed by, where policy asks for a reason
  GOWARDEN_DEBUG=1        say on stderr what the launcher does; a path appends to that file
`

function absolute(system: System, folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined
  return folder.startsWith('/')
    ? folder.replace(/(.)\/+$/, '$1')
    : `${system.cwd}/${folder}`.replace(/\/+$/, '')
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
