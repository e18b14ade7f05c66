/** Whether this Go may build the module here, and whether it is this module that it builds. */
import {goDefault, type Sourced} from '../../findings/facts-of-doctor.ts'
import type {DoctorFound} from '../../findings/finding.ts'
import {isAllowed, parseVersionRule} from '../../go/module/go-version.ts'
import type {ModuleFacts} from '../probes/module.ts'

/** `version` is what the go command is, after any switch. */
export function checkModule(facts: ModuleFacts, version: string, toolchain: Sourced): DoctorFound[] {
  return [...checkVersion(facts, version, toolchain), ...checkWorkspace(facts), ...checkMode(facts)]
}

/**
 * Go 1.21 and newer refuse a go line above their own version. Older ones try, and read neither three numbers in it nor a
 * toolchain line (cmd/go: 1.20's modfile says "invalid go version" and "unknown directive").
 */
function checkVersion(
  {goLine, toolchainLine}: ModuleFacts,
  version: string,
  toolchain: Sourced,
): DoctorFound[] {
  if (goLine === undefined && toolchainLine === undefined) return []
  const isOld = isBelow(version, '1.21')
  const unreadable = isOld
    ? [goLine, toolchainLine].find(line => line && !/^1\.\d+$/.test(line.version))
    : undefined
  const line = unreadable ?? goLine
  if (line === undefined || (unreadable === undefined && !isBelow(version, line.version))) return []
  const why = unreadable ? 'unreadable' : isOld ? 'newer' : 'forbidden'
  const facts = {version, asked: line.version, place: line.place, why, toolchain, said: undefined} as const
  return [{code: 'GO_TOO_OLD', facts}]
}

/** Whether a toolchain (`go1.24.4`) is older than a version as go.mod writes it (`1.25`, `1.25.3`). */
export function isBelow(version: string, asked: string): boolean {
  const rule = parseVersionRule(`>=${asked}`)
  return rule !== undefined && rule.kind === 'range' && /^go\d/.test(version) && !isAllowed(rule, version)
}

function checkWorkspace({workspace, goMod}: ModuleFacts): DoctorFound[] {
  if (workspace === undefined || workspace.usesModule || goMod === undefined) return []
  const {goWork, source} = workspace
  return [{code: 'WORKSPACE_OTHER', facts: {goWork, goMod, source}}]
}

function checkMode({mode, goMod}: ModuleFacts): DoctorFound[] {
  if (mode.value !== 'off' || mode.source === goDefault || goMod === undefined) return []
  return [{code: 'MODULES_OFF', facts: {...mode, goMod}}]
}
