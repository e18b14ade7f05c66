/** `gowarden rebuild FILE`: whether a binary is what its source and toolchain make. */
import type {Command} from 'commander'
import {exitCode, UsageError, WorldError} from '../system/errors.ts'
import {jsonText, oneLine} from '../text/one-line.ts'
import {absolute, type VerbContext} from './context.ts'
import {told} from './told.ts'

type Flags = {source?: string; ldflags?: string; goroot?: string; cgo?: true; keep?: string; json?: true}

export function registerRebuild(program: Command, {system, end}: VerbContext): void {
  program
    .command('rebuild')
    .argument('<file>', 'a binary that Go built')
    .option('--source <folder>', 'a Git repository that has the revision it was built from')
    .option('--ldflags <flags>', 'link flags that -trimpath keeps out of the binary')
    .option('--goroot <folder>', 'the toolchain that built it, where it is none that go.dev publishes')
    .option('--cgo', "allow that this machine's C compiler runs, on code and with flags of the source")
    .option('--keep <file>', 'copy what was built to a file')
    .option('--json', 'print JSON')
    .description('build a binary again from what it says of itself, and compare bit for bit')
    .addHelpText('after', helpAfter)
    .action(async (file: string, {json, source, ...flags}: Flags) => {
      const {rebuild} = await import('../rebuild/rebuild.ts')
      const {rebuildText} = await import('../rebuild/text.ts')
      const {resolveGo} = await import('../launcher/launcher.ts')
      const {hereWith} = await import('../lock/here.ts')
      const {progressLine} = await import('../text/progress.ts')
      const wishes = {
        ...flags,
        ...(source === undefined ? {} : {source: absolute(system, source)}),
        ...(flags.goroot === undefined ? {} : {goroot: absolute(system, flags.goroot)}),
        ...(flags.keep === undefined ? {} : {keep: absolute(system, flags.keep)}),
      }
      const here = hereWith(system, resolveGo(system).real)
      const rebuilt = await told(
        system,
        'rebuild',
        () => rebuild(system, here, file, wishes, progressLine(system)),
        ({kind}) => ({outcome: kind === 'equal' ? 'ok' : 'findings', toolchain: undefined}),
      )
      if (rebuilt.kind === 'call') throw new UsageError(`${oneLine(file)}: ${rebuilt.reason}`, rebuilt.hint)
      if (rebuilt.kind === 'refused') {
        const message = `${file}: cannot be rebuilt here: ${rebuilt.reason}`
        throw new WorldError(message, rebuilt.hint === undefined ? {} : {hint: rebuilt.hint})
      }
      system.stdout(json ? jsonText({file, ...rebuilt}) : rebuildText(file, rebuilt))
      end(rebuilt.kind === 'equal' ? exitCode.ok : exitCode.findings)
    })
}

const helpAfter = `
A module@version comes from GOPROXY, anything else from a clone of --source, which is only read. The toolchain is that of the
stamp, else the published one of the Go version. Your own caches and settings do not count, and no code of the source is run.

exit status:
  0  equal to the byte
  1  not equal, with the likely cause; or it cannot be rebuilt here, with the reason
`
