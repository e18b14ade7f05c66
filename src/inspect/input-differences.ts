/** Which inputs of two builds differ, and in which packages that begins. */
import type {Action, ActionInput} from '../go/command/action-inputs.ts'

/**
 * One cause. `here` and `there` are its values, undefined where it is no input; `steps` are those that it differs in, the nearest to
 * the package that was asked for first. `object`: the inputs are the same, and what came out is not.
 */
export type Difference = {
  kind: 'input' | 'object'
  name: string
  here: string | undefined
  there: string | undefined
  steps: string[]
}

type Steps = {path: string; actions: ReadonlyMap<string, Action>; contentId: string | undefined}

/**
 * Compares a package, the linking of it, and behind each import that differs the imported package. An import differs because of
 * what is compared there, so it is no cause itself. What the build info of a program repeats is named once.
 */
export function differences(here: Steps, there: Steps): Difference[] {
  const found = new Map<string, Difference>()
  const note = (step: string, cause: Omit<Difference, 'steps'>) => {
    const key = JSON.stringify(cause)
    const known = found.get(key)
    if (known === undefined) found.set(key, {...cause, steps: [step]})
    else if (!known.steps.includes(step)) known.steps.push(step)
  }
  const own = `build ${here.path}`
  const isSameAction = here.actions.get(own)?.id === there.actions.get(own)?.id
  if (isSameAction && here.contentId !== undefined && there.contentId !== undefined)
    if (here.contentId !== there.contentId)
      note(own, {kind: 'object', name: here.path, here: here.contentId, there: there.contentId})
  const queue = [`build ${here.path}`, `link ${here.path}`]
  const seen = new Set(queue)
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const [a, b] = [here.actions.get(step), there.actions.get(step)]
    if (a === undefined || b === undefined) continue
    for (const {name, here: x, there: y, imported} of unequal(a, b)) {
      if (imported === undefined || x === undefined || y === undefined) {
        note(step, {kind: 'input', name, here: x, there: y})
        continue
      }
      const below = `build ${imported}`
      const [c, d] = [here.actions.get(below), there.actions.get(below)]
      if (c === undefined || d === undefined) note(step, {kind: 'input', name, here: x, there: y})
      else if (c.id === d.id) note(below, {kind: 'object', name: imported, here: x, there: y})
      else if (!seen.has(below)) {
        seen.add(below)
        queue.push(below)
      }
    }
  }
  return withoutEchoes([...found.values()])
}

function unequal(a: Action, b: Action) {
  const theirs = new Map(b.inputs.map(input => [input.name, input]))
  const own = new Set(a.inputs.map(({name}) => name))
  return [
    ...a.inputs.map(input => ({input, here: input.value, there: theirs.get(input.name)?.value})),
    ...b.inputs
      .filter(({name}) => !own.has(name))
      .map(input => ({input, here: undefined, there: input.value})),
  ].flatMap(({input, here, there}) =>
    here === there || isNothing(input, here, there)
      ? []
      : [{name: input.name, here, there, imported: input.import}],
  )
}

/** An empty flag beside none: it came with something else that differs. */
function isNothing(input: ActionInput, here: string | undefined, there: string | undefined): boolean {
  return input.import === undefined && (here ?? '') === (there ?? '')
}

/** What follows from another difference is a step of that: a flag stands in the build info too, and -trimpath takes folders out. */
function withoutEchoes(found: readonly Difference[]): Difference[] {
  const byName = new Map(found.map(difference => [difference.name, difference]))
  return found.filter(difference => {
    const {name} = difference
    if (name === 'build ID of package main') return found.length === 1
    const cause = causesOf(difference).flatMap(other => byName.get(other) ?? [])[0]
    if (cause === undefined || cause === difference) return true
    cause.steps.push(...difference.steps.filter(step => !cause.steps.includes(step)))
    return false
  })
}

/** What would explain a difference by itself. */
function causesOf({name, here, there}: Difference): string[] {
  const isOneSided = !here || !there
  const hidden = isOneSided && hiddenByTrimpath.test(name) ? ['-trimpath'] : []
  const [, setting] = name.match(/^build info: (.*)$/) ?? []
  const cgo = isOneSided && setting?.startsWith('CGO_') ? ['build info: CGO_ENABLED'] : []
  return setting === undefined ? hidden : [setting, ...(saidBefore[setting] ?? []), ...hidden, ...cgo]
}

const hiddenByTrimpath = /^(folder|module|GOROOT|build info: (-ldflags|CGO_.*FLAGS))$/

const saidBefore: Record<string, string[]> = {
  '-gcflags': ['stamp'],
  '-race': ['flags that go adds'],
  '-msan': ['flags that go adds'],
  '-asan': ['flags that go adds'],
}
