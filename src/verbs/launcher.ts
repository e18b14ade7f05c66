/** `gowarden enable [FOLDER]` and `gowarden disable [FOLDER]`: the launcher is put into a folder, and removed from it. */
import type {Command} from 'commander'
import {exitCode} from '../system/errors.ts'
import {absolute, type VerbContext} from './context.ts'

export function registerEnable(program: Command, {system, end}: VerbContext): void {
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
      const into = folder === undefined ? defaultFolder(system) : absolute(system, folder)
      system.stdout(enabledText(enable(system, into, process.execPath)))
    })
}

export function registerDisable(program: Command, {system}: VerbContext): void {
  program
    .command('disable')
    .argument('[folder]', 'where the launcher is (default: ~/.local/share/gowarden/bin)')
    .description('take the launcher out of that folder again')
    .action(async (folder: string | undefined) => {
      const {defaultFolder, disable, resolveGo} = await import('../launcher/enable.ts')
      const {resolutionText} = await import('../launcher/text.ts')
      const from = folder === undefined ? defaultFolder(system) : absolute(system, folder)
      const removed = disable(system, from)
      system.stdout(
        removed.length === 0
          ? 'nothing of gowarden is there\n'
          : removed.map(path => `removed ${path}\n`).join(''),
      )
      system.stdout(resolutionText(resolveGo(system)))
    })
}
