/** The toolchain that compiles against the one that is locked, and against what was installed in its place. */
import type {BuildFound} from '../findings/finding.ts'
import {compareGoVersions} from '../go/module/go-version.ts'
import type {ToolchainHash, ToolchainParts} from '../go/module/toolchain-module.ts'
import {unreachable} from '../system/unreachable.ts'
import {type Lock, type LockedToolchain, lockedFor, platformOf} from './file.ts'
import type {FoundLock} from './find.ts'

type Compiling = {hash: ToolchainHash; version: string; goroot: string}

export type Choice = {
  platform: {os: string; arch: string}
  /** What made it this toolchain, for a person. */
  chosen: string
  /** Whether GOROOT in the environment did. */
  isByGoroot: boolean
  /** Of `pkg@version`, whose own go.mod go obeys; undefined for every other command. */
  otherModule: OtherModule | undefined
}

/** `startsAs`: the version of the toolchain that go is before it may switch to a newer one for that module; undefined where nobody can say. */
export type OtherModule = {startsAs: string | undefined}

/** Nothing where there is no lock, or where it names this toolchain. */
export function checkLocked(compiling: Compiling, found: FoundLock, choice: Choice): BuildFound[] {
  switch (found.kind) {
    case 'none':
      return []
    case 'damaged':
      return [{code: 'LOCK_DAMAGED', facts: {file: found.path, line: found.line, reason: found.reason}}]
    case 'found':
      return checkAgainst(compiling, found.lock, found.path, choice)
    default:
      return unreachable(found)
  }
}

function checkAgainst(compiling: Compiling, lock: Lock, path: string, choice: Choice): BuildFound[] {
  const {platform, chosen, otherModule} = choice
  // From the locked one go switches to a newer one only where the other module cannot be built by it.
  if (otherModule?.startsAs === lock.version && compareGoVersions(compiling.version, lock.version) > 0)
    return []
  const locked = lockedFor(lock, platform.os, platform.arch)
  if (locked === undefined) {
    const platforms = [...lock.toolchains.map(platformOf), platformOf(platform)].sort().join(',')
    const facts = {lock: path, version: lock.version, platform: platformOf(platform), platforms}
    return [{code: 'LOCK_PLATFORM', facts}]
  }
  if (locked.hash === compiling.hash) return []
  const {hash, goroot} = compiling
  const fix = fixOf(compiling, locked, choice)
  return [{code: 'LOCK_MISMATCH', facts: {lock: path, locked: locked.hash, hash, goroot, chosen, fix}}]
}

/** The command that ends it; what nobody publishes only a person can bring. */
function fixOf(compiling: Compiling, {version, proof}: LockedToolchain, choice: Choice): string {
  const {isByGoroot, otherModule} = choice
  if (proof.kind === 'unproven')
    return `put the locked GOROOT first on PATH; the lock says of it: ${proof.reason}`
  if (isByGoroot)
    return 'unset GOROOT, and if that is not enough: gowarden install && export GOWARDEN_GO=installed'
  // go downloads another version by itself, and proves it as the lock is proven.
  if (compiling.version !== version && compareGoVersions(compiling.version, 'go1.21') >= 0)
    return `export GOTOOLCHAIN=${version}${otherModule === undefined ? '' : '+auto'}`
  return 'gowarden install && export GOWARDEN_GO=installed'
}

/** Whatever a lock names, it is a toolchain of Go: `compiler` is what would compile in its place, for a person, and `fix` what ends that. */
export function checkOtherCompiler(
  found: FoundLock,
  {os, arch}: Choice['platform'],
  {compiler, goroot, chosen, fix}: {compiler: string; goroot: string; chosen: string; fix: string},
): BuildFound[] {
  if (found.kind !== 'found') return []
  const {lock, path} = found
  const locked = lockedFor(lock, os, arch)?.hash ?? lock.version
  return [{code: 'LOCK_MISMATCH', facts: {lock: path, locked, hash: compiler, goroot, chosen, fix}}]
}

/** A GOROOT that gowarden installed is what it was then. */
export function checkInstalled(
  {hash, goroot}: Compiling,
  installed: ToolchainParts | undefined,
): BuildFound[] {
  if (installed === undefined || installed.hash === hash) return []
  return [{code: 'GOROOT_CHANGED', facts: {goroot, hash, installed: installed.hash}}]
}
