/** `gowarden lock [VERSION]`: the toolchain of this repository is written down by its content. */
import {type Command, Option} from 'commander'
import {exitCode, UsageError} from '../system/errors.ts'
import {jsonText, oneLine} from '../text/one-line.ts'
import {absolute, offering, type VerbContext} from './context.ts'
import {told} from './told.ts'

type Flags = {platform?: string; check?: true; from?: string; reason?: string; json?: true}

export function registerLock(program: Command, {system, end}: VerbContext): void {
  program
    .command('lock')
    .argument(
      '[version]',
      'one release, go1.X.Y (default: the toolchain line of go.mod, else its go line, else the go that runs here)',
    )
    .addOption(
      offering(
        new Option(
          '--platform <list>',
          'GOOS/GOARCH,… of the machines that build (default: this one, and those of .github/workflows)',
        ),
        ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'],
      ),
    )
    .option(
      '--check',
      'write nothing; exit 1 unless the lock is proven, but for lines that say they are not, and in step with go.mod',
    )
    .option('--from <goroot>', 'lock what lies in this GOROOT, which nobody publishes; needs --reason')
    .option('--reason <why>', 'why that may build here; kept in the lock')
    .option('--json', 'print JSON')
    .description('write gowarden.lock: which Go toolchain builds this repository, by content')
    .addHelpText('after', helpAfter)
    .action(async (version: string | undefined, flags: Flags) => {
      assertTogether(version, flags)
      const {madeText} = await import('../lock/text.ts')
      const {resolveGo} = await import('../launcher/launcher.ts')
      const {hereWith} = await import('../lock/here.ts')
      const {policyDirectories, realPathOf} = await import('../policy/directories.ts')
      const here = hereWith(system, resolveGo(system).real)
      const folder = realPathOf(system, system.cwd)
      if (flags.check) {
        const {recheckLock} = await import('../lock/recheck.ts')
        const {recheckText} = await import('../lock/text.ts')
        const recheck = await told(
          system,
          'lock',
          () => recheckLock(system, here),
          ({problems}) => ({outcome: problems.length === 0 ? 'ok' : 'findings', toolchain: undefined}),
        )
        for (const {message, hint} of recheck.problems)
          system.stderr(`gowarden: error: ${oneLine(message)}\ngowarden: hint: ${oneLine(hint)}\n`)
        system.stdout(flags.json ? jsonText(recheck) : recheckText(recheck, folder))
        end(recheck.problems.length === 0 ? exitCode.ok : exitCode.findings)
        return
      }
      const {lockGoroot, makeLock} = await import('../lock/make.ts')
      const {from, reason = ''} = flags
      const made = await told(
        system,
        'lock',
        () =>
          from === undefined
            ? makeLock(system, here, {version, platforms: platformsOf(flags.platform)})
            : lockGoroot(system, absolute(system, from), reason),
        ({lock}) => ({outcome: 'ok', toolchain: lock.toolchains[0]?.hash}),
      )
      const isInGit =
        system.files.stat(`${policyDirectories(system, folder).at(-1) ?? folder}/.git`) !== undefined
      system.stdout(flags.json ? jsonText(made) : madeText(made, folder, isInGit))
    })
}

const helpAfter = `
Every hash is proven by Go's checksum database before anything is written. Builds here are then refused under any other toolchain.

exit status:
  0  the lock is written, or with --check: in order
  1  what is locked cannot be proven, or with --check: something is wrong
`

function assertTogether(version: string | undefined, {from, reason, platform, check}: Flags): void {
  if (from !== undefined && (version !== undefined || platform !== undefined))
    throw new UsageError(
      '--from takes version and platform from the GOROOT',
      'leave out the version and --platform',
    )
  if (from !== undefined && reason === undefined)
    throw new UsageError(
      '--from needs --reason: nobody publishes what it locks',
      `say why: --reason 'built by us, see #12'`,
    )
  if (from === undefined && reason !== undefined)
    throw new UsageError('--reason is for --from', 'leave it out: what is proven needs no reason')
  if (check && (version !== undefined || platform !== undefined || from !== undefined))
    throw new UsageError('--check only looks', 'leave out everything else')
}

function platformsOf(list: string | undefined): string[] | undefined {
  if (list === undefined) return undefined
  const names = [
    ...new Set(
      list
        .split(',')
        .map(name => name.trim())
        .filter(name => name !== ''),
    ),
  ]
  const wrong = names.find(name => !/^[a-z0-9]+\/[a-z0-9]+$/.test(name))
  if (names.length === 0 || wrong !== undefined)
    throw new UsageError(
      `${wrong ?? '--platform'} is no platform`,
      'name each as GOOS/GOARCH: --platform linux/amd64,darwin/arm64',
    )
  return names.sort()
}
