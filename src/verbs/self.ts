/** `gowarden self remove` and `gowarden self update`: the installation itself. */
import {dirname} from 'node:path'
import type {Command} from 'commander'
import {exitCode, UsageError, WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {jsonText, oneLine} from '../text/one-line.ts'
import {absolute, type VerbContext} from './context.ts'

export function registerSelf(program: Command, {system, end}: VerbContext): void {
  const self = program.command('self').description('remove or update gowarden itself')
  self
    .command('remove')
    .option('--yes', 'remove it; without this, only list what would be removed')
    .option('--json', 'print JSON')
    .description(
      'remove the launcher, installed versions, what gowarden remembers and the caches that isolate made',
    )
    .action(async (options: {yes?: true; json?: true}) => {
      const {findTraces, removeTraces} = await import('../self/remove.ts')
      const {leftText, tracesText} = await import('../self/text.ts')
      const traces = findTraces(system, await buildCaches(system))
      const removed = options.yes ? removeTraces(system, traces) : []
      if (options.json) {
        system.stdout(jsonText({...traces, removed}))
        return
      }
      if (options.yes) {
        const {rememberedPaths} = await import('../launcher/text.ts')
        system.stdout(removed.map(path => `removed ${oneLine(path)}\n`).join('') + leftText(traces))
        if (traces.launchers.length > 0) system.stdout(rememberedPaths)
        return
      }
      system.stdout(tracesText(traces) + leftText(traces))
      system.stderr('gowarden: nothing was removed yet\ngowarden: hint: gowarden self remove --yes\n')
      end(exitCode.findings)
    })
  self
    .command('update')
    .requiredOption('--from <place>', 'a URL, a folder, or an archive beside its SHA256SUMS')
    .option('--version <version>', 'this version, where the place has several')
    .description('install another version beside this one, checked against SHA256SUMS, and enable it')
    .action(async ({from, version}: {from: string; version?: string}) => {
      const {packageFolder} = await import('../system/package-folder.ts')
      const {isOfArchive, updateCommand} = await import('../policy/own-version.ts')
      const script = `${packageFolder}/install.sh`
      if (!isOfArchive(packageFolder) || system.files.stat(script) === undefined) {
        throw new UsageError(
          `this gowarden was not installed by install.sh: it lies in ${packageFolder}`,
          `update it with what installed it: ${updateCommand(packageFolder)}`,
        )
      }
      const isUrl = /^https?:\/\//.test(from)
      const words = [
        script,
        ...(isUrl ? [] : ['--from', absolute(system, from)]),
        ...(version === undefined ? [] : ['--version', version]),
        // Beside this version.
        '--prefix',
        dirname(packageFolder),
      ]
      const ended = await system.run('/bin/sh', words, {
        env: {...system.env, ...(isUrl && {GOWARDEN_URL: from})},
        stderr: 'inherit',
      })
      system.stdout(ended.stdout)
      end(ended.exitCode ?? exitCode.findings)
    })
}

/** GOCACHE as go has it, and as the policy isolates it: the configured one. None where no go is to be asked. */
async function buildCaches(system: System): Promise<string[]> {
  const {configuredCache} = await import('../cache/contents.ts')
  const {resolveGo} = await import('../launcher/launcher.ts')
  const {real} = resolveGo(system)
  if (real === undefined) return []
  const asked = await system.run(real, ['env', 'GOCACHE'])
  const cache = asked.stdout.trim()
  if (asked.exitCode !== 0) throw new WorldError(`${real} env GOCACHE ended with status ${asked.exitCode}`)
  return cache.startsWith('/') ? [configuredCache(cache)] : []
}
