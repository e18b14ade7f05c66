/** `gowarden enable [FOLDER]` and `gowarden disable [FOLDER]`: the launcher is put into a folder, and removed from it. */

import type {Command} from 'commander'
import {exitCode, isWorldError} from '../system/errors.ts'
import {lookUpOnPath} from '../system/programs.ts'
import {enginePath, isStandalone} from '../system/standalone.ts'
import type {System} from '../system/system.ts'
import {oneLine} from '../text/one-line.ts'
import {absolute, type VerbContext} from './context.ts'

export function registerEnable(program: Command, {system, end}: VerbContext): void {
  program
    .command('enable')
    .argument('[folder]', 'where to put the launcher (default: ~/.local/share/gowarden/bin)')
    .option('--check', 'only say what go resolves to now; exit 1 when that is not guarded')
    .option('--all-shells', 'print the line of every shell, not only your own')
    .description('install the launcher into a folder and print the line that puts it first on PATH')
    .action(async (folder: string | undefined, options: {check?: true; allShells?: true}) => {
      const {defaultFolder, enable} = await import('../launcher/enable.ts')
      const {resolveGo} = await import('../launcher/launcher.ts')
      const {enabledText, resolutionText} = await import('../launcher/text.ts')
      if (options.check) {
        const {probeGuard} = await import('../doctor/guard.ts')
        const {unguardedText} = await import('../doctor/text.ts')
        const resolution = resolveGo(system)
        const guard = probeGuard(system, resolution)
        const isGuarded = guard.kind === 'guarded'
        system.stdout(isGuarded ? resolutionText(resolution) : unguardedText(guard))
        end(isGuarded ? exitCode.ok : exitCode.findings)
        return
      }
      const into = folder === undefined ? defaultFolder(system) : absolute(system, folder)
      system.stdout(
        enabledText(enable(system, into, nodeOf(system), {allShells: options.allShells ?? false})),
      )
      system.stdout(await otherVersionsHere(system))
    })
}

/** What the first builds will meet in GOCACHE; '' where no go says which folder that is. */
async function otherVersionsHere(system: System): Promise<string> {
  const {cacheStatus} = await import('../cache/actions.ts')
  const {otherVersionsText} = await import('../cache/text.ts')
  const {situationNow} = await import('./situation.ts')
  try {
    return otherVersionsText(cacheStatus(system, await situationNow(system), []))
  } catch (error) {
    // The launcher is installed all the same; the first build says what is wrong.
    if (isWorldError(error)) return ''
    throw error
  }
}

/** The Node that runs this; under the standalone executable the one on PATH, if any, for a package that is built anew without it. */
function nodeOf(system: System): string | undefined {
  return isStandalone ? lookUpOnPath(system, 'node') || undefined : enginePath
}

export function registerDisable(program: Command, {system}: VerbContext): void {
  program
    .command('disable')
    .argument('[folder]', 'where the launcher is (default: ~/.local/share/gowarden/bin)')
    .description('remove the launcher from that folder')
    .action(async (folder: string | undefined) => {
      const {defaultFolder, disable} = await import('../launcher/enable.ts')
      const {resolveGo} = await import('../launcher/launcher.ts')
      const {rememberedPaths, resolutionText} = await import('../launcher/text.ts')
      const from = folder === undefined ? defaultFolder(system) : absolute(system, folder)
      const removed = disable(system, from)
      system.stdout(
        removed.length === 0
          ? `gowarden is not installed in ${from}\n`
          : removed.map(path => `removed ${oneLine(path)}\n`).join(''),
      )
      system.stdout(resolutionText(resolveGo(system)))
      if (removed.length > 0) system.stdout(rememberedPaths)
    })
}
