/** Which plan is kept for the next plain command of a directory, and what it rests on. */
import {ownerPath} from '../cache/owner-path.ts'
import type {BuildFound, FindingOf} from '../findings/finding.ts'
import {lockName} from '../lock/place.ts'
import {realPathOf} from '../policy/directories.ts'
import {policyPlaces} from '../policy/places.ts'
import type {Policy} from '../policy/policy.ts'
import {whyNotWritten} from '../store/folder.ts'
import {lookUpOnPath} from '../system/programs.ts'
import type {System} from '../system/system.ts'
import {isScript} from '../toolchain/go-command.ts'
import {type Judgement, judgePlainBuild} from './judge.ts'
import {hasStandIns} from './plan.ts'
import {conditionText, plainPlanText} from './shell-text.ts'
import type {Situation} from './situation.ts'
import {
  directoriesFile,
  isPlainCommand,
  type PlanGrounds,
  planPlaces,
  readGrounds,
  storedPlanText,
  sweepPlans,
  writePlan,
} from './stored-plan.ts'

/** The findings, whose levels the policy has not seen yet, say why nothing could be written. */
export type KeptPlan = {isStored: boolean; found: BuildFound[]}

const notStored: KeptPlan = {isStored: false, found: []}

/**
 * Keeps a plan for the next plain command here. What takes no stamp itself (`go tool`, which `go test -coverprofile` starts for
 * each package; `go env` where caches are isolated) keeps that of a build, where nothing is to be said of one.
 */
export async function keepPlan(
  system: System,
  situation: Situation,
  judgement: Judgement,
  words: readonly string[],
  above: string[],
  startedMs: number,
): Promise<KeptPlan> {
  if (!isPlainCommand(words) || hasStandIns(situation.env)) return notStored
  if (situation.kind === 'builds') return storePlan(system, situation, judgement, above, startedMs)
  const build = await judgePlainBuild(system, situation)
  const {findings} = build.judgement
  // It is said when a toolchain is met for the first time, and this command was first.
  const told = findings.filter(
    (finding): finding is FindingOf<'STAMP_UNSUPPORTED'> =>
      finding.code === 'STAMP_UNSUPPORTED' && finding.level === 'warn',
  )
  if (build.situation.kind !== 'builds' || findings.length > 0) return {isStored: false, found: told}
  return storePlan(system, build.situation, build.judgement, above, startedMs)
}

/** Keeps the plan of a build, where it is sure to be noticed once something it rests on changes. */
function storePlan(
  system: System,
  situation: Situation,
  {plan, isCacheRecorded, lowered}: Judgement,
  above: string[],
  startedMs: number,
): KeptPlan {
  const {go, env, goroot, folder, toolchain, cache, policy} = situation
  const places = planPlaces(system, system.env['GOWARDEN_PLAN'] ?? '', above)
  const path = places.pop() ?? ''
  const key = system.env['GOWARDEN_KEY'] ?? ''
  // go reads a relative GOENV in each working directory anew, and nobody watches them all.
  if (env.GOENV !== '' && env.GOENV !== 'off' && !env.GOENV.startsWith('/')) return notStored
  // A shim may choose another go next time, for reasons that only it knows.
  if (go.ownGoroot === undefined || folder.kind === 'unusable' || path === '' || key === '') return notStored
  if (!isCacheRecorded || !toolchain.isSettled) return notStored

  // What a person has lowered is said each time.
  if (lowered.length > 0) return notStored

  const isSwitched = goroot.origin.kind === 'chosen'
  const onPath = isSwitched ? lookUpOnPath(system, toolchain.version) : ''
  // A script may choose another toolchain next time, for reasons that only it knows.
  if (onPath !== '' && isScript(system, onPath)) return notStored
  const {tree} = toolchain
  const grounds: PlanGrounds = {
    go: go.path,
    goroot: env.GOROOT,
    tools: toolchain.tools,
    directories: tree.directoriesState,
    others: [
      ...policyFiles(policy).filter(path => !above.includes(path)),
      ...policyPlacesBehindLink(system),
      ...(env.GOENV.startsWith('/') ? [env.GOENV] : []),
      ...(env.GOWORK.startsWith('/') && !above.includes(env.GOWORK) ? [env.GOWORK] : []),
      ...(isSwitched ? [`${go.ownGoroot}/go.env`] : []),
      ...toolchain.witnesses,
      ...(onPath === '' ? [] : [onPath, ...foldersOnTheWay(system, onPath)]),
      ...foldersOnTheWay(system, go.path),
      ...(cache.kind === 'directory' ? [ownerPath(cache.path)] : []),
    ],
    above,
    condition: conditionOf(system, policy),
    switched: isSwitched ? {name: toolchain.version, file: onPath} : undefined,
  }
  const text = readGrounds(system, grounds, startedMs)
  const list = directoriesFile(folder.path, env.GOROOT, tree.directories)
  const stored = text.isSettled
    ? storedPlanText(
        key,
        grounds,
        text,
        plainPlanText(plan.cache, plan.inserted, {getInstalls: env.GOMOD === ''}),
        startedMs,
      )
    : undefined
  if (stored === undefined || list === undefined) return notStored
  try {
    if (system.files.read(list.path)?.toString() !== list.content) writePlan(system, list.path, list.content)
    writePlan(system, path, stored)
    for (const hiding of places) system.files.remove(hiding)
    sweepPlans(system, folder.path)
  } catch (error) {
    const reason = whyNotWritten(error)
    if (reason === undefined || toolchain.notRemembered !== undefined) return notStored
    return {isStored: false, found: [{code: 'STORE_UNUSABLE', facts: {directory: folder.path, reason}}]}
  }
  return {isStored: true, found: []}
}

/**
 * The folder of a program and of each file that links lead to from there. Two trees may share the program itself, as hard links: then
 * only a folder tells that a link leads to another tree. Its inode does where the folder is reached through a link, its time where
 * the program is one. Names stay as links have them, for the system to follow.
 */
function foldersOnTheWay({files}: System, program: string): string[] {
  const folders: string[] = []
  for (let at = program; folders.length < 40; ) {
    const folder = at.slice(0, at.lastIndexOf('/'))
    folders.push(folder === '' ? '/' : folder)
    const target = files.linkTarget(at)
    if (target === undefined) break
    at = target.startsWith('/') ? target : `${folder}/${target}`
  }
  return folders
}

/** What a plan rests on where a policy denies flags or variables: words without the flags, and these variables as they are. */
function conditionOf({env}: System, {file}: Policy): string {
  if (file === undefined) return ''
  const names = [...new Set(file.env.map(({value}) => value.name))]
  return conditionText(
    file.flags.map(({value}) => value.name),
    names.map(name => [name, env[name] ?? '']),
  )
}

/**
 * In a working directory that is a link, what decides about its policy by its real path: the launcher looks at the names above $PWD
 * alone. As `LINK/../NAME`, so that another target of the link shows other files.
 */
function policyPlacesBehindLink(system: System): string[] {
  const real = realPathOf(system, system.cwd)
  if (real === system.cwd) return []
  const depth = real.split('/').filter(part => part !== '').length
  const folders = Array.from({length: depth + 1}, (_, up) => system.cwd + '/..'.repeat(up))
  return folders.flatMap(folder =>
    ['.git/HEAD', 'go.work', 'go.mod', lockName, ...policyPlaces].map(name => `${folder}/${name}`),
  )
}

/** What the policy was read from, and where a file that appears would be read in its place. */
function policyFiles({file}: Policy): string[] {
  return file === undefined ? [] : [...file.files, ...file.absent]
}
