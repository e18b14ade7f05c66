/**
 * The variables by which Git tells a hook, an alias or a submodule command which repository it works for. The go command runs
 * Git in repositories of its own (GOMODCACHE/cache/vcs) and hands its environment on: under GIT_DIR of a hook its
 * `git init --bare` and `git fetch` would land in the user's repository, and make it bare.
 */

/** What `git rev-parse --local-env-vars` prints, of the versions from 2.20 on. */
export const localGitVariables: readonly string[] = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]

/** These name no repository: a CI job gives Git its credentials by them (git-config(1), ENVIRONMENT). */
const settings = new Set(['GIT_CONFIG_COUNT', 'GIT_CONFIG_PARAMETERS'])

/**
 * The environment for a go command that we start ourselves. Settings handed down in variables stay where no repository is
 * named; inside a hook they may be those of the command that runs the hook (`git -c core.worktree=…`), and go with the others.
 */
export function withoutLocalGit(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const given = localGitVariables.filter(name => env[name] !== undefined)
  if (given.every(name => settings.has(name))) return {...env}
  const kept = {...env}
  for (const name of given) delete kept[name]
  return kept
}
