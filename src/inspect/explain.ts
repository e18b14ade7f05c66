/**
 * `gowarden inspect --explain PKG`: what go makes the action ID of a package from, and with --against what differs where something
 * else is set: flags, variables, another toolchain, another cache. go builds the package on either side, through the launcher, so no
 * cache is mixed; GODEBUG=gocachehash=1 makes it print what it hashes.
 */
import {basename, dirname, join} from 'node:path'
import {type Action, actionReader} from '../go/command/action-inputs.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import {withScratch} from '../system/node.ts'
import type {System} from '../system/system.ts'
import {type Difference, differences} from './input-differences.ts'

/** The steps of one build: the package that was asked for, and all that it needs. */
export type Steps = {
  path: string
  actions: ReadonlyMap<string, Action>
  /** The content ID of what was compiled; undefined where go does not say. */
  contentId: string | undefined
}

export type Explanation = {
  package: string
  contentId: string | undefined
  /** Of the package, and of the program that is linked from it. */
  actions: Action[]
  /** What was set on the other side, and what differs; undefined without --against. */
  against: {words: string[]; actions: Action[]; differences: Difference[]} | undefined
}

/** How go is run: `launcher` is ours. */
export type Launched = Pick<System, 'cwd' | 'env' | 'files' | 'run' | 'tell'> & {launcher: string}

/** Builds `name` as it is, and as `against` has it. Throws WorldError where go fails, with what it said; UsageError for what is no package. */
export async function explain(
  launched: Launched,
  name: string,
  against: readonly string[],
): Promise<Explanation> {
  const other = parseAgainst(against)
  return await withScratch(async folder => {
    launched.tell({kind: 'building', package: name, with: ''})
    const here = await stepsOf(launched, folder, name, noChange)
    const actions = ownActions(here)
    if (against.length === 0)
      return {package: here.path, contentId: here.contentId, actions, against: undefined}
    launched.tell({kind: 'building', package: name, with: against.join(' ')})
    const there = await stepsOf(launched, folder, name, other)
    return {
      package: here.path,
      contentId: here.contentId,
      actions,
      against: {words: [...against], actions: ownActions(there), differences: differences(here, there)},
    }
  })
}

type Change = {flags: string[]; env: Record<string, string>; go: string | undefined}

const noChange: Change = {flags: [], env: {}, go: undefined}

/** `-FLAG` of go build, `NAME=VALUE` of the environment, `go=PATH`. Throws UsageError for other words. */
function parseAgainst(words: readonly string[]): Change {
  const change: Change = {flags: [], env: {}, go: undefined}
  for (const word of words) {
    const [, name, value = ''] = word.match(/^([A-Za-z_]\w*)=([\s\S]*)$/) ?? []
    if (word.startsWith('-')) change.flags.push(word)
    else if (name === 'go') change.go = value
    else if (name !== undefined) change.env[name] = value
    else
      throw new UsageError(
        `--against ${word}: neither a flag of go build, NAME=VALUE nor go=PATH`,
        'gowarden inspect --explain . --against=-trimpath, or --against GOFLAGS=-race, or --against go=/opt/go',
      )
  }
  return change
}

/** The package itself; of a program also how it is linked. */
function ownActions({path, actions}: Steps): Action[] {
  return [`build ${path}`, `link ${path}`].flatMap(name => actions.get(name) ?? [])
}

async function stepsOf(
  {launcher, ...system}: Launched,
  folder: string,
  name: string,
  {flags, env: changed, go}: Change,
): Promise<Steps> {
  const env = {
    ...system.env,
    ...changed,
    ...(go === undefined ? {} : withGo({...system, launcher}, folder, go)),
  }
  // Another toolchain gets a cache of its own: it may print the version of this one.
  const isOther = go !== undefined || 'GOTOOLCHAIN' in changed || 'GOROOT' in changed
  if (isOther && !('GOCACHE' in changed)) env['GOWARDEN_CACHE'] ??= 'isolate'
  const listed = await system.run(launcher, ['list', '-f', '{{.ImportPath}}', ...flags, '--', name], {env})
  const paths = listed.stdout.split('\n').filter(line => line !== '')
  const [path] = paths
  if (listed.exitCode !== 0) throw failed(system, name, listed.stderr.split('\n'))
  if (path === undefined || paths.length > 1)
    throw new UsageError(`--explain ${name}: ${paths.length} packages`, 'name one package, such as .')
  const reader = actionReader()
  const built = await system.run(launcher, ['build', ...flags, '-o', join(folder, 'out'), '--', name], {
    env: {...env, GODEBUG: [env['GODEBUG'], 'gocachehash=1'].filter(Boolean).join(',')},
  })
  const said = built.stderr.split('\n').filter(line => !reader.line(line))
  if (built.exitCode !== 0) throw failed(system, name, said)
  if (!reader.actions.has(`build ${path}`))
    throw new WorldError(`explaining ${path}: go prints nothing that it makes an action ID from`)
  const template = '{{.BuildID}}'
  const asked = await system.run(launcher, ['list', '-export', '-f', template, ...flags, '--', name], {env})
  const [actionId, contentId] = asked.stdout.trim().split('/')
  // With -export go list builds as go build does, but for what is set on the command line of a plan.
  const isSame = asked.exitCode === 0 && actionId === reader.actions.get(`build ${path}`)?.id
  return {path, actions: reader.actions, contentId: isSame ? contentId : undefined}
}

/** go's own words are told first. */
function failed({tell}: Pick<System, 'tell'>, name: string, said: readonly string[]): WorldError {
  for (const line of said) if (line !== '') tell({kind: 'go-says', line})
  return new WorldError(`explaining ${name}: go does not build it`)
}

/** PATH with this go behind the launcher, where that looks for one: a GOROOT, or a go command under whatever name. */
function withGo(
  {cwd, env, files, launcher}: Pick<Launched, 'cwd' | 'env' | 'files' | 'launcher'>,
  folder: string,
  go: string,
): Record<string, string | undefined> {
  const path = go.startsWith('/') ? go : join(cwd, go)
  const command = files.stat(path)?.kind === 'directory' ? join(path, 'bin/go') : path
  if (files.stat(command)?.kind !== 'file')
    throw new UsageError(`--against go=${go}: no go command there`, 'go=GOROOT, or go=GOROOT/bin/go')
  const place = basename(command) === 'go' ? dirname(command) : folder
  if (place === folder) files.link(command, join(folder, 'go'))
  return {PATH: `${dirname(launcher)}:${place}:${env['PATH'] ?? ''}`, GOROOT: undefined}
}
