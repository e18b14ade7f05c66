import {dirname} from 'node:path'
import type {Goroot} from '../go/command/go-env.ts'
import {machinePolicyFiles} from '../policy/places.ts'
import {dayOf, isSettled, statText} from '../system/stat-text.ts'
import type {System} from '../system/system.ts'
import {quote} from '../text/shell-word.ts'

/** What a stored plan rests on, besides the launcher's key. */
export type PlanGrounds = {
  /** The real go that the launcher found. */
  go: string
  goroot: Goroot
  /** The stat text of that GOROOT's tools, taken before the toolchain was identified. */
  tools: string
  /** That of the directories there which builds read, a line each. */
  directories: string
  /** Files that count wherever they lie: Go's env file, the owner record, the go1.X.Y of PATH that go runs. */
  others: string[]
  /** go.mod, go.work, policy files and locks from the working directory up, then the policies of the machine, in the launcher's order. */
  above: string[]
  /** Commands of sh that end in failure where the plan does not hold for the words and the environment; '' for none. */
  condition: string
  /** Set when go switched: a `go1.25.3` that appears on PATH would be run instead. */
  switched: {name: string; file: string} | undefined
}

/** Lines of the launcher's key before those of repositories; a value that breaks a line makes more, and the key ambiguous. */
const keyLines = 21

/** The files that the launcher looks for in the working directory and in each one above it. */
const namesAbove = [
  'go.mod',
  'go.work',
  '.gowardenrc.yaml',
  '.gowardenrc.yml',
  '.gowardenrc.json',
  'package.json',
  'gowarden.lock',
]

/** These files, where they exist, nearest directory first, and last the policy files of the machine. */
export function filesAbove(system: System, directory: string): string[] {
  const found: string[] = []
  for (let at = directory; ; at = dirname(at)) {
    const base = at === '/' ? '' : at
    for (const name of namesAbove) if (system.files.stat(`${base}/${name}`)) found.push(`${base}/${name}`)
    if (base === '') break
  }
  return [...found, ...machinePolicyFiles(system.env).filter(path => system.files.stat(path))]
}

/**
 * The places of plans that the launcher looks at from the working directory up, to the one where a plan is stored, which
 * comes last. `path` is the first: …/plans/home/u/m/pkg/=plan-123. A plan holds in every directory below the nearest one
 * that has a file which counts; so it lies there, serves them all, and one left behind on the way would hide it. Where there
 * is no such file up to the root, one plan serves all of these directories: go makes new ones below $TMPDIR for each command.
 */
export function planPlaces(system: System, path: string, above: readonly string[]): string[] {
  const here = system.cwd === '/' ? '' : system.cwd
  const [store = '', name = ''] = path.split(`/plans${here}/=plan-`)
  const [nearest] = above
  // sh may know the directory by another name than Node does.
  if (name === '') return [path]
  const places: string[] = []
  for (let at = here; ; at = at.slice(0, at.lastIndexOf('/'))) {
    places.push(`${store}/plans${at}/=plan-${name}`)
    const isNearest = nearest !== undefined && at === dirname(nearest)
    if (at === '' || isNearest || system.files.stat(`${at}/.git`) !== undefined) return places
  }
}

/** The stat text of what a plan rests on outside of GOROOT, in two parts: what comes before its tools and what behind. */
export type GroundsText = {before: string; after: string; isSettled: boolean}

/**
 * Takes the stat of what a plan rests on. It counts as settled when none of it changed since the planner started: what
 * changed in the meantime may have been read before or after. The owner record is exempt, being only ever renamed over.
 */
export function readGrounds(
  system: System,
  grounds: Omit<PlanGrounds, 'tools' | 'directories'>,
  startedMs: number,
): GroundsText {
  const paths = [...grounds.others, grounds.go, ...grounds.above]
  return {
    before: statText(system.files, [...grounds.others, grounds.go]),
    after: statText(system.files, grounds.above),
    isSettled: paths.every(path => {
      const stat = system.files.stat(path)
      return stat === undefined || path.endsWith('/gowarden-owner.json') || isSettled(stat, startedMs)
    }),
  }
}

/**
 * The text of a stored plan, for the day on which `madeMs` is. The launcher reads the head as lines (the GOROOT, the other files),
 * takes one stat, and sources the rest in a shell of its own only when the file is the user's own and nobody else can write it.
 *
 *   # gowarden stored plan 2
 *   # /usr/local/go
 *   # /home/u/.config/go/env
 *   #
 *   gowarden_plan_key='…'
 *   gowarden_plan_text='…'
 *   gowarden_plan_again='…'
 *   gowarden_plan_stat='…'
 *
 * Damage must show, wherever it is: the key and the stat are compared with what they are now, and everything else is in the text,
 * the head included, which stands there twice.
 * undefined when some text holds a line break, which the head cannot say, or bytes that are not UTF-8.
 */
export function storedPlanText(
  key: string,
  grounds: PlanGrounds,
  text: GroundsText,
  body: string,
  madeMs: number,
): string | undefined {
  const {goroot, others, tools, directories, switched, condition} = grounds
  const inHead = [goroot, ...others]
  if (
    inHead.some(path => path.includes('\n')) ||
    [key, condition, directories, ...inHead].some(part => part.includes('\uFFFD'))
  )
    return undefined
  if (key.split('\n').filter(line => !line.startsWith('#repository /')).length !== keyLines) return undefined
  const stat = [text.before, tools, text.after, directories].filter(part => part !== '').join('\n')
  const head = ['# gowarden stored plan 2', ...inHead.map(path => `# ${path}`), '#']
  const followed = [
    ...head,
    `gowarden_plan_day=${dayOf(madeMs)}`,
    ...(switched === undefined
      ? []
      : [`gowarden_switch=${quote(switched.name)}`, `gowarden_switch_file=${quote(switched.file)}`]),
    ...(condition === '' ? [] : [`gowarden_condition=${quote(condition)}`]),
    `gowarden_body=${quote(body)}`,
    '# end',
  ].join('\n')
  return [
    ...head,
    `gowarden_plan_key=${quote(key)}`,
    `gowarden_plan_text=${quote(followed)}`,
    `gowarden_plan_again=${quote(followed)}`,
    `gowarden_plan_stat=${quote(stat)}`,
    '',
  ].join('\n')
}

/**
 * The directories of a GOROOT that builds read, as bin/go has xargs read them, and that file's place: names below GOROOT, each
 * closed by a NUL. undefined where they are too many for one stat, whose words the system bounds, or a name is not UTF-8.
 */
export function directoriesFile(
  folder: string,
  goroot: Goroot,
  directories: readonly string[],
): {path: string; content: string} | undefined {
  if (directories.some(name => name.includes('\uFFFD'))) return undefined
  const content = directories.map(name => `${name === '' ? '.' : name}\0`).join('')
  if (content.length > 100_000) return undefined
  return {path: `${folder}/toolchains${goroot}/=directories`, content}
}

/** Whether nothing in the words bears on toolchain, stamp or directory: such commands share a plan. As in bin/go. */
export function isPlainCommand(words: readonly string[]): boolean {
  const maySwitch = words[0] === 'install' || words[0] === 'run'
  return words.every(
    word =>
      !/^--?(C(=|$)|gcflags|compiler|toolexec|overlay)|ToolchainHash/.test(word) &&
      !(maySwitch && word.includes('@')),
  )
}

/** Stores a plan by rename, in folders that only the user can enter. Throws what the file system throws. */
export function writePlan(system: System, path: string, text: string): void {
  system.files.makeDirectory(dirname(path), 0o700)
  system.files.replace(path, text, 0o600)
}

/** How long a plan that nothing made stale is kept, and how often old ones are looked for. */
const keptMs = 5 * 24 * 60 * 60 * 1000
const sweepMs = 24 * 60 * 60 * 1000

/** Removes plans older than five days and folders left empty, at most once a day, so that the store does not grow for ever. */
export function sweepPlans(system: System, folder: string): void {
  const mark = `${folder}/swept`
  const swept = system.files.stat(mark)
  const now = BigInt(system.nowMs()) * 1_000_000n
  if (swept !== undefined && now - swept.mtimeNs < BigInt(sweepMs) * 1_000_000n) return
  system.files.replace(mark, '', 0o600)
  if (swept === undefined) return
  sweep(system, `${folder}/plans`, now - BigInt(keptMs) * 1_000_000n)
}

/** Whether nothing is left in the folder. */
function sweep(system: System, directory: string, before: bigint): boolean {
  let left = 0
  for (const entry of system.files.list(directory) ?? []) {
    const path = `${directory}/${entry.name}`
    const isOld =
      entry.kind === 'directory'
        ? sweep(system, path, before)
        : (system.files.stat(path)?.mtimeNs ?? 0n) < before
    if (isOld) system.files.remove(path)
    else left += 1
  }
  return left === 0
}
