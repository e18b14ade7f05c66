/** `gowarden install [VERSION]`: a toolchain is put into a folder of the person's own, proven. */
import type {Command} from 'commander'
import type {Here} from '../lock/here.ts'
import {exitCode, UsageError, WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {jsonText, oneLine} from '../text/one-line.ts'
import {shellWord} from '../text/shell-word.ts'
import type {VerbContext} from './context.ts'
import {told} from './told.ts'

type Flags = {goroot?: true; list?: true; prune?: true; repair?: true; json?: true}

export function registerInstall(program: Command, {system, end}: VerbContext): void {
  program
    .command('install')
    .argument('[version]', 'one release, go1.X.Y (default: what gowarden.lock names)')
    .option('--goroot', 'print nothing but its GOROOT, for scripts')
    .option('--list', 'show what is installed')
    .option('--repair', 'read every byte of what is installed, name what is not as it was, and put it right')
    .option('--prune', 'remove what is neither locked here, nor the default, nor the go that runs here')
    .option('--json', 'print JSON')
    .description('install the Go toolchain of gowarden.lock, or another one, without root and proven')
    .addHelpText('after', helpAfter)
    .action(async (version: string | undefined, flags: Flags) => {
      if ([flags.list, flags.repair, flags.prune].filter(Boolean).length > 1)
        throw new UsageError('--list, --repair and --prune are three commands', 'give one of them')
      const {resolveGo} = await import('../launcher/launcher.ts')
      const {hereWith} = await import('../lock/here.ts')
      const here = hereWith(system, resolveGo(system).real)
      if (flags.list) end(await list(system, flags))
      else if (flags.repair) end(await repair(system, here, version, flags))
      else if (flags.prune) end(await prune(system, flags))
      else end(await install(system, here, version, flags))
    })
}

const helpAfter = `
Toolchains come from GOPROXY, and what comes must be what Go's checksum database holds. They lie in
\${XDG_DATA_HOME:-~/.local/share}/gowarden/go. Where no go is on PATH, or with GOWARDEN_GO=installed, the launcher runs the one that
gowarden.lock names, else the one that was installed last.

exit status:
  0  it is installed; with --repair: nothing was wrong
  1  it cannot be proven, fetched or written; with --repair: something was wrong, and is put right
`

async function install(system: System, here: Here, asked: string | undefined, flags: Flags): Promise<number> {
  const {installToolchain, openParent, wantedHere} = await import('../install/install.ts')
  const {installedText} = await import('../install/text.ts')
  const {makeDefault} = await import('../lock/installed.ts')
  const {progressLine} = await import('../text/progress.ts')
  const {resolveGo} = await import('../launcher/launcher.ts')
  const wanted = await wantedHere(system, here, asked)
  const installed = await told(
    system,
    'install',
    () => installToolchain(system, here, wanted, progressLine(system)),
    ({hash}) => ({outcome: 'ok', toolchain: hash}),
  )
  makeDefault(system, installed.goroot)
  const open = openParent(system)
  if (open !== undefined)
    system.stderr(
      `gowarden: warning: every user can write to ${oneLine(open)}, and so replace what is installed below it: chmod o-w ${shellWord(open)}\n`,
    )
  const isUsed = resolveGo(system).real === `${installed.goroot}/bin/go`
  if (flags.json) system.stdout(jsonText(installed))
  else system.stdout(flags.goroot ? `${oneLine(installed.goroot)}\n` : installedText(installed, isUsed))
  return exitCode.ok
}

async function list(system: System, flags: Flags): Promise<number> {
  const {defaultName, installedToolchains} = await import('../lock/installed.ts')
  const {listText} = await import('../install/text.ts')
  const installed = installedToolchains(system)
  const locked = await lockedNames(system)
  const roleOf = (name: string) =>
    [
      ...(locked.includes(name) ? ['locked here'] : []),
      ...(defaultName(system) === name ? ['default'] : []),
    ].join(', ')
  system.stdout(flags.json ? jsonText(installed) : listText(installed, roleOf))
  return exitCode.ok
}

/** The names of what the lock here names; none without a lock. */
async function lockedNames(system: System): Promise<string[]> {
  const {damageText, findLock} = await import('../lock/find.ts')
  const {gorootName} = await import('../lock/file.ts')
  const found = findLock(system, system.cwd)
  if (found.kind === 'damaged')
    throw new WorldError(damageText(found), {hint: 'gowarden lock --check says more'})
  return found.kind === 'found' ? found.lock.toolchains.map(gorootName) : []
}

async function repair(
  system: System,
  here: Here,
  version: string | undefined,
  flags: Flags,
): Promise<number> {
  const {installedToolchains} = await import('../lock/installed.ts')
  const {repairGoroot} = await import('../install/repair.ts')
  const {repairText} = await import('../install/text.ts')
  const {progressLine} = await import('../text/progress.ts')
  const show = progressLine(system)
  const asked = installedToolchains(system).filter(
    ({toolchain}) => version === undefined || toolchain.version === `go${version.replace(/^go/, '')}`,
  )
  if (version !== undefined && asked.length === 0)
    throw new UsageError(`${version} is not installed`, 'see what is: gowarden install --list')
  const repaired = []
  for (const installed of asked) repaired.push(await repairGoroot(system, here, installed, show))
  system.stdout(flags.json ? jsonText(repaired) : repairText(repaired))
  return repaired.every(({damages}) => damages.length === 0) ? exitCode.ok : exitCode.findings
}

async function prune(system: System, flags: Flags): Promise<number> {
  const {defaultName} = await import('../lock/installed.ts')
  const {pruneToolchains} = await import('../install/prune.ts')
  const {prunedText} = await import('../install/text.ts')
  const {resolveGo} = await import('../launcher/launcher.ts')
  const {installFolder} = await import('../lock/place.ts')
  const folder = installFolder(system)
  // What runs here may be on PATH by `gowarden install --goroot`, or be GOROOT.
  const inUse = [resolveGo(system).real, `${system.env['GOROOT'] ?? ''}/bin/go`].flatMap(go => {
    const path = go === undefined ? undefined : system.files.realPath(go)
    return path?.startsWith(`${system.files.realPath(folder) ?? folder}/`)
      ? [path.split('/').at(-3) ?? '']
      : []
  })
  const kept = [...(await lockedNames(system)), defaultName(system), ...inUse]
  const gone = pruneToolchains(system, name => kept.includes(name))
  system.stdout(flags.json ? jsonText(gone) : prunedText(gone, folder))
  return exitCode.ok
}
