/** The environment of go commands that gowarden starts itself. */
import {withoutLocalGit} from './git-variables.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * For what gowarden asks of go itself: should that come back to a launcher, it needs no plan, and is nobody's bypass. Git that
 * such a go starts is not to work on the repository of the hook we may run in.
 */
export function askingEnv(env: Env): Record<string, string | undefined> {
  return {...withoutLocalGit(env), GOWARDEN: 'asks'}
}

/**
 * The same for a go command outside of any module, in the directory `cwd`, which holds none: no go line switches toolchains, and
 * no workspace and no GOFLAGS of a person's counts.
 */
export function outsideModules(
  env: Env,
  cwd: string,
  more: Record<string, string> = {},
): Record<string, string | undefined> {
  return {...askingEnv(env), PWD: cwd, GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '', ...more}
}

/**
 * The same, for one that leaves nothing in the user's folder of settings: go keeps its counters there
 * (golang.org/x/telemetry), and under `sudo` they would be root's. What `go env -w` wrote counts all the same.
 */
export function withoutCounters(env: Env): Record<string, string | undefined> {
  const {XDG_CONFIG_HOME: config = '', HOME: home = '', GOENV: own = ''} = env
  const folder = config === '' ? `${home}/.config` : config
  return {...env, GOENV: own === '' ? `${folder}/go/env` : own, XDG_CONFIG_HOME: '/dev/null'}
}
