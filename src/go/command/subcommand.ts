import {unreachable} from '../../system/unreachable.ts'

/**
 * What a go subcommand does with compiled objects (`go help`), which decides what a plan changes.
 * - builds: compiles under build flags, so it takes the stamp and the cache.
 * - uses-cache: runs or builds programs without taking build flags for them (`go tool`), or starts programs that may
 *   run go themselves (`go generate`): the cache only.
 * - names-cache: prints GOCACHE, cleans it, or keeps indexes of packages in it (cmd/go/internal/modindex), so it must mean
 *   the cache that builds use.
 * - other: compiles nothing; it never meets a plan.
 */
export type SubcommandKind = 'builds' | 'uses-cache' | 'names-cache' | 'other'

/** The kind of a subcommand; an unknown or absent one is 'other'. bin/go holds the same table as a `case`. */
export function subcommandKind(subcommand: string | undefined): SubcommandKind {
  switch (subcommand) {
    case 'build':
    case 'install':
    case 'run':
    case 'test':
    case 'vet':
    case 'list':
    case 'fix':
      return 'builds'
    case 'tool':
    case 'generate':
      return 'uses-cache'
    case 'env':
    case 'clean':
    case 'bug':
    case 'doc':
    case 'fmt':
    case 'get':
    case 'mod':
    case 'work':
      return 'names-cache'
    default:
      return 'other'
  }
}

/** Whether a command of this kind is given the stamp. */
export function takesStamp(kind: SubcommandKind): boolean {
  switch (kind) {
    case 'builds':
      return true
    case 'uses-cache':
    case 'names-cache':
    case 'other':
      return false
    default:
      return unreachable(kind)
  }
}
