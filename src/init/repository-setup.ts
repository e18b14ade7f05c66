/** What `gowarden init` has to know of a repository: its modules, and who runs its Git hooks. */

import {type GitSystem, gitIn} from '../git/git.ts'
import {isSystemError, WorldError} from '../system/errors.ts'

export const hookTools = ['husky', 'lefthook', 'pre-commit', 'git'] as const

/** Who runs the Git hooks; `git` is Git alone. */
export type HookTool = (typeof hookTools)[number]

export type RepositorySetup = {
  /** The top of the work tree, absolute. */
  top: string
  /** Git's own directory, absolute; that of the main work tree, where there are several. */
  gitDirectory: string
  /** Where Git looks for hooks, absolute: core.hooksPath, or `hooks` of the Git directory. */
  hooksFolder: string
  /** Whether that is in the work tree or in the Git directory, so that it is this repository's own. */
  ownsHooksFolder: boolean
  /** Whether core.hooksPath has a value, wherever it is set. */
  setsHooksPath: boolean
  /** Every tool that is in use here, of those that bring a configuration. */
  tools: HookTool[]
  husky: {
    /** Relative to the top: `.husky`, or where core.hooksPath says. */
    folder: string
    /** Up to husky 8 Git runs the hooks themselves, and each sources husky.sh; later ones have a folder `_` for Git. */
    isSourced: boolean
  }
  /** What pre-commit calls the stage of a commit: `commit` before 3.2, where the other name is an error. */
  preCommitStage: 'pre-commit' | 'commit'
  lefthookFile: string | undefined
  usesLintStaged: boolean
  /** package.json is there, and names gowarden among its dependencies. */
  dependsOnGowarden: boolean
  /** go.mod, go.work and vendor.mod files, relative to the top. */
  moduleFiles: string[]
  vendors: number
  usesGitHub: boolean
}

/** Throws WorldError outside a work tree. */
export async function probeRepositorySetup(system: GitSystem): Promise<RepositorySetup> {
  const git = gitIn(system, system.cwd)
  const [places, configured, origin] = await Promise.all([
    git([
      'rev-parse',
      '--path-format=absolute',
      '--show-toplevel',
      '--git-common-dir',
      '--git-path',
      'hooks',
    ]),
    git(['config', '--get', 'core.hooksPath']),
    git(['config', '--get', 'remote.origin.url']),
  ])
  const [top = '', gitDirectory = '', hooksFolder = ''] = places.stdout.toString().split('\n')
  if (places.exitCode !== 0 || hooksFolder === '') {
    const said = places.stderr.trim()
    throw new WorldError(`finding the repository: ${said || 'there is no work tree'}`, {
      // In a bare repository, or below .git.
      hint: /work tree/.test(said)
        ? 'run it where the files are checked out: in a clone, or a work tree of git worktree add'
        : 'run it inside a Git repository, or make one: git init',
    })
  }
  const listed = await gitIn(
    system,
    top,
  )([
    ...['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--'],
    ...['go.mod', 'go.work', 'vendor.mod', 'vendor/modules.txt'].map(name => `:(top,glob)**/${name}`),
  ])
  const files = [...new Set(listed.stdout.toString().split('\0'))].filter(path => path !== '')
  const manifest = readJson(system, `${top}/package.json`)
  const dependencies = {...recordAt(manifest, 'dependencies'), ...recordAt(manifest, 'devDependencies')}
  const exists = (path: string) => isThere(system, `${top}/${path}`)
  const hooksPath = configured.stdout.toString().trim().replace(/\/$/, '')
  const isHusky = hooksPath.endsWith('/_')
  const isOldHusky = hooksPath !== '' && exists(`${hooksPath}/_/husky.sh`)
  const huskyVersion = /\d+/.exec(String(dependencies['husky'] ?? ''))?.[0]
  const lefthookFile = lefthookFiles.find(exists)
  return {
    top,
    gitDirectory,
    hooksFolder,
    ownsHooksFolder: [top, gitDirectory].some(folder => hooksFolder.startsWith(`${folder}/`)),
    setsHooksPath: hooksPath !== '',
    tools: [
      ...(isHusky || isOldHusky || 'husky' in dependencies || exists('.husky') ? (['husky'] as const) : []),
      ...(lefthookFile !== undefined ? (['lefthook'] as const) : []),
      ...(exists('.pre-commit-config.yaml') ? (['pre-commit'] as const) : []),
    ],
    husky: {
      folder: hooksPath.startsWith('/')
        ? '.husky'
        : isHusky
          ? hooksPath.slice(0, -2)
          : isOldHusky
            ? hooksPath
            : '.husky',
      isSourced: isOldHusky || (!isHusky && huskyVersion !== undefined && Number(huskyVersion) < 9),
    },
    preCommitStage: 'pre-commit',
    lefthookFile,
    usesLintStaged: 'lint-staged' in dependencies || 'lint-staged' in recordAt({manifest}, 'manifest'),
    dependsOnGowarden: 'gowarden' in dependencies,
    moduleFiles: files.filter(path => !/(^|\/)vendor\//.test(path)),
    vendors: files.filter(path => path.endsWith('vendor/modules.txt')).length,
    usesGitHub: exists('.github') || /github\.com[:/]/.test(origin.stdout.toString()),
  }
}

/** Where lefthook looks, YAML first: what is written for it goes there. */
const lefthookFiles = ['yml', 'yaml', 'toml', 'json', 'jsonc'].flatMap(kind => [
  `lefthook.${kind}`,
  `.lefthook.${kind}`,
  `.config/lefthook.${kind}`,
])

/** Asks the pre-commit on PATH; a repository without one is written for today's. */
export async function probePreCommitStage(system: GitSystem): Promise<RepositorySetup['preCommitStage']> {
  const asked = await system.run('pre-commit', ['--version']).catch(() => undefined)
  const [, major = '', minor = ''] = /(\d+)\.(\d+)/.exec(asked?.stdout ?? '') ?? []
  if (asked?.exitCode !== 0 || major === '') return 'pre-commit'
  return Number(major) < 3 || (major === '3' && Number(minor) < 2) ? 'commit' : 'pre-commit'
}

/** Whatever it is: a link that leads nowhere is there, too. */
export function isThere({files}: GitSystem, path: string): boolean {
  try {
    return files.linkTarget(path) !== undefined || files.stat(path) !== undefined
  } catch (error) {
    if (!isSystemError(error)) throw error
    return true
  }
}

/** Larger ones are no package.json that names hook tools. */
const mostOfManifest = 1024n * 1024n

function readJson({files}: GitSystem, path: string): unknown {
  try {
    const stat = files.stat(path)
    if (stat?.kind !== 'file' || stat.size > mostOfManifest) return undefined
    return JSON.parse(
      files
        .read(path)
        ?.toString()
        .replace(/^\ufeff/, '') ?? 'null',
    )
  } catch {
    // A package.json that is broken is npm's to complain about.
    return undefined
  }
}

function recordAt(value: unknown, key: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || !(key in value)) return {}
  const inner: unknown = Reflect.get(value, key)
  return typeof inner === 'object' && inner !== null ? Object.fromEntries(Object.entries(inner)) : {}
}
