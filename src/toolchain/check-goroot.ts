import type {BuildFound} from '../findings/finding.ts'
import {type GoEnv, goVersionName} from '../go/command/go-env.ts'
import {unreachable} from '../system/unreachable.ts'
import type {GoCommand} from './go-command.ts'
import type {GorootFacts, GorootOrigin} from './goroot.ts'
import type {Toolchain} from './identify.ts'

/**
 * A GOROOT that is no toolchain: nothing of it can be identified, and what go does there is not guarded. Go's own compiler is not
 * there to be guarded either, and go says so; gccgo's go command (GOROOT=/usr) compiles with another.
 */
export function checkNoToolchain(
  goroot: string,
  missing: readonly string[],
  place: string | undefined,
): BuildFound {
  return {code: 'GOROOT_NO_TOOLCHAIN', facts: {goroot, missing: [...missing], place}}
}

/**
 * What a user keeps in GOROOT does not count as toolchain, and is better kept elsewhere. Said when the tree is read: go has its own
 * warning for every command where GOPATH is GOROOT.
 */
export function checkOverlaps({
  goroot,
  overlaps,
  wasHashed,
}: Pick<Toolchain, 'goroot' | 'overlaps' | 'wasHashed'>): BuildFound[] {
  if (!wasHashed) return []
  return overlaps.map(({variable, path}) => ({
    code: 'GOROOT_SHARED',
    facts: {goroot, variable, path},
  }))
}

/**
 * One tree must compile: a go command with another tree's GOROOT, or a GOROOT over which another version was unpacked,
 * ends in "compile: version … does not match go tool version …" at best and in a mixture at worst (golang/go#34214).
 */
export function checkGoroot(facts: GorootFacts, go: GoCommand, env: GoEnv): BuildFound[] {
  const goVersion = goVersionName(env.GOVERSION)
  const isOtherVersion = facts.fileVersion !== undefined && facts.fileVersion !== goVersion
  if (!isOtherVersion && facts.isSameGo) return []
  return [
    {
      code: 'GOROOT_MISMATCH',
      facts: {
        go: go.path,
        goVersion,
        goroot: env.GOROOT,
        gorootVersion: facts.fileVersion ?? 'unknown',
        setBy: setBy(facts.origin),
      },
    },
  ]
}

function setBy({kind}: GorootOrigin): 'environment' | 'outer go' | undefined {
  switch (kind) {
    case 'environment':
      return 'environment'
    case 'handed-down':
      return 'outer go'
    case 'own':
    case 'chosen':
      return undefined
    default:
      return unreachable(kind)
  }
}
