/** Whether `go build`, typed here, is guarded, and which go it is. */
import type {DoctorFound} from '../findings/finding.ts'
import {pathLine, usualFolder} from '../launcher/enable.ts'
import {
  engineOf,
  goEntries,
  goneLaunchers,
  goOffPathLine,
  installCommand,
  isLauncher,
  ownCommand,
  type Resolution,
} from '../launcher/launcher.ts'
import {lookUpOnPath} from '../system/programs.ts'
import type {System} from '../system/system.ts'

/** `reason` says why not, and `fix` is the command that changes it. */
export type Guard =
  | {kind: 'guarded'; findings: DoctorFound[]}
  /** It is refused before anything runs. */
  | {kind: 'refused'; reason: string; fix: string}
  | {kind: 'unguarded'; reason: string; fix: string}

/** Follows what a shell and the launcher would do. */
export function probeGuard(system: System, {first, real}: Resolution): Guard {
  if (first === undefined || !first.isLauncher) return unguarded(system, first?.path)
  if (system.env['GOWARDEN'] === 'off')
    return {kind: 'unguarded', reason: 'GOWARDEN=off is set', fix: 'unset GOWARDEN'}
  const engine = engineOf(system, first.path)
  if (real === undefined)
    return {
      kind: 'refused',
      reason: `no go stands behind ${first.path} on PATH`,
      fix: goOffPathLine(system) ?? installCommand(system),
    }
  if (!engine.isReady)
    return {
      kind: 'refused',
      reason: `the launcher ${first.path} was enabled from ${engine.folder}, and its planner is no longer there`,
      fix: enableCommand(system),
    }
  const node = `${first.path.slice(0, -'go'.length)}gowarden-node`
  if (engine.needsNode && !system.files.isExecutable(node) && lookUpOnPath(system, 'node') === '')
    return {kind: 'refused', reason: 'Node, which plans builds, is not on PATH', fix: enableCommand(system)}
  const stale: DoctorFound = {
    code: 'LAUNCHER_STALE',
    facts: {launcher: first.path, engine: engine.folder},
  }
  return {kind: 'guarded', findings: engine.isCurrent ? [] : [stale]}
}

function unguarded(system: System, first: string | undefined): Guard {
  const [gone] = goneLaunchers(system)
  if (gone !== undefined)
    return {
      kind: 'unguarded',
      reason: `${gone} is a link to a launcher that is gone, so the shell runs ${first ?? 'no go'}`,
      fix: enableCommand(system),
    }
  const behind = goEntries(system).find(entry => entry.isLauncher)
  const name = first ?? 'no go'
  if (behind !== undefined)
    return {
      kind: 'unguarded',
      reason: `${name} comes before ${behind.path} on PATH`,
      fix: pathLine(folderOf(behind.path)),
    }
  const folder = usualFolder(system)
  if (folder !== undefined && isLauncher(system, `${folder}/go`))
    return {
      kind: 'unguarded',
      reason: `${name} runs, and ${folder}, where the launcher is, is not on PATH`,
      fix: pathLine(folder),
    }
  return {kind: 'unguarded', reason: `${name} runs, which is not gowarden`, fix: enableCommand(system)}
}

function folderOf(path: string): string {
  return path.replace(/\/go$/, '')
}

function enableCommand(system: System): string {
  return `${ownCommand(system)} enable`
}
