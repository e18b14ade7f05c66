/** Whether Git will tell go the revision that it writes into binaries. */
import {dirname} from 'node:path'
import {withoutLocalGit} from '../../go/command/git-variables.ts'
import {goflagsOf} from '../../go/command/goflags.ts'
import {lookUpOnPath} from '../../system/programs.ts'
import {askGo, firstWords, type Here} from '../go.ts'

/** undefined: it will, or go does not ask. */
export type VcsRefusal = {repository: string; said: string; allow: string | undefined}

/** Asks Git about the repository here, as go does before it links a program; not where nothing here is a program. */
export async function probeVcs(here: Here): Promise<VcsRefusal | undefined> {
  const {system, env} = here
  const mode = goflagsOf(env['GOFLAGS'] ?? '').findLast(({name}) => name === 'buildvcs')?.value
  if (mode !== undefined && ['false', '0', 'f', 'F', 'FALSE', 'False'].includes(mode)) return undefined
  const repository = nearestRepository(here)
  const git = lookUpOnPath(system, 'git')
  if (repository === undefined || git === '') return undefined
  const gitEnv = {...withoutLocalGit(system.env), LC_ALL: 'C'}
  const {exitCode, stderr} = await system.run(git, ['-C', repository, 'rev-parse', '--show-toplevel'], {
    env: gitEnv,
  })
  if (exitCode === 0) return undefined
  const {stdout} = await askGo(here, ['list', '-e', '-f', '{{.Name}}', './...'])
  if (!stdout.split('\n').includes('main')) return undefined
  return {
    repository,
    said: firstWords(stderr),
    allow: stderr.match(/^\s*git config --global --add safe\.directory (.*)$/m)?.[1],
  }
}

function nearestRepository({system}: Here): string | undefined {
  for (let at = system.cwd; ; at = dirname(at)) {
    if (system.files.stat(`${at === '/' ? '' : at}/.git`) !== undefined) return at
    if (at === '/') return undefined
  }
}
