/** What `gowarden inspect --explain` prints for a person. */
import type {Action} from '../go/command/action-inputs.ts'
import {oneLine} from '../text/one-line.ts'
import {table} from '../text/table.ts'
import type {Explanation} from './explain.ts'
import type {Difference} from './input-differences.ts'

/** The inputs of each step, or with --against what differs, and what that means. */
export function explanationText({package: path, contentId, actions, against}: Explanation): string {
  if (against === undefined) return actions.map(action => actionText(action, contentId)).join('\n')
  const {words, differences} = against
  const head = `${oneLine(path)}, here and with ${words.map(oneLine).join(' ')}\n`
  const ids = actions.map(({step, id}, index) => {
    const other = against.actions[index]?.id
    return [
      `  ${stepWords[step]}`,
      other === id ? `the same action ID ${id}` : `action ID ${id} here, ${other} there`,
    ]
  })
  const isContent = ({kind, name}: Difference) => kind === 'input' && /^(file|import) /.test(name)
  const settings = differences.filter(difference => !isContent(difference))
  const contents = differences.filter(isContent)
  // Where a setting differs, other files and imports follow from it.
  const shown = settings.length > 0 ? settings : contents.slice(0, mostContents)
  const rest = differences.length - shown.length
  return [
    head,
    table(ids),
    ...shown.map(difference => differenceText(difference, path)),
    ...(rest === 0
      ? []
      : [`  and ${contentsText(contents.slice(settings.length > 0 ? 0 : mostContents))}\n`]),
    `${verdict(actions, against)}\n`,
  ].join('')
}

const mostContents = 12

/** `7 files, as race.go of runtime, and 3 imports`. */
function contentsText(contents: readonly Difference[]): string {
  const files = contents.filter(({name}) => name.startsWith('file '))
  const [first] = files
  const imports = contents.length - files.length
  const inPackage = first?.steps[0]?.replace(/^(build|link) /, '')
  return [
    ...(first === undefined
      ? []
      : [
          `${count(files.length, 'file')} (${oneLine(`${first.name.slice('file '.length)} of ${inPackage}`)})`,
        ]),
    ...(imports === 0 ? [] : [count(imports, 'import')]),
  ].join(' and ')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

const stepWords = {build: 'compile', link: 'link'}

function actionText(
  {step, package: path, id, inputs, isComplete}: Action,
  contentId: string | undefined,
): string {
  const packages = inputs.filter(input => input.import !== undefined)
  // A program is linked from every package that it needs, some hundred.
  const named = step === 'link' ? inputs.filter(input => input.import === undefined) : inputs
  const rows = named.map(({name, value}) => [`  ${name}`, value === '' ? '-' : value])
  if (step === 'link') rows.push(['  packages', `${packages.length}, by their content IDs`])
  const content = step === 'build' && contentId !== undefined ? [['  content ID', contentId]] : []
  const lines = table([['  action ID', id], ...content, ...rows])
  const incomplete = isComplete
    ? ''
    : `  not all that go hashed is listed: another step of the same name was going on\n`
  return `${step === 'build' ? 'compiling' : 'linking'} ${oneLine(path)}\n${lines}${incomplete}`
}

function differenceText({kind, name, here, there, steps}: Difference, path: string): string {
  const title = kind === 'object' ? `the object of ${name}` : name
  return [
    `  ${oneLine(title)} differs${kind === 'object' ? ', made from the same inputs' : ''}\n`,
    table([
      ['    here', here || '-'],
      ['    there', there || '-'],
      ...(kind === 'object' ? [] : [['    in', placesText(steps, path)]]),
    ]),
  ].join('')
}

/** `compiling it, linking it, 61 packages that it needs`; a single one by its name. */
function placesText(steps: readonly string[], path: string): string {
  const own = [`build ${path}`, `link ${path}`].filter(step => steps.includes(step))
  const others = steps.filter(step => !own.includes(step)).map(step => step.replace(/^build /, ''))
  const words: string[] = own.map(step => (step.startsWith('build') ? 'compiling it' : 'linking it'))
  if (others.length === 1) words.push(`compiling ${others[0]}`)
  if (others.length > 1) words.push(`compiling ${others.length} packages that it needs`)
  return words.join(', ')
}

/** What the differences come to, in one line. */
function verdict(actions: readonly Action[], against: NonNullable<Explanation['against']>): string {
  const {differences} = against
  const names = differences.map(({name}) => name)
  if (differences.some(({kind}) => kind === 'object'))
    return 'the same inputs and another object: a compiler that only says it is the same, or a changed cache (gowarden cache audit)'
  const [own] = actions
  const isOther = actions.some(({id}, index) => id !== against.actions[index]?.id)
  if (differences.length === 0 && isOther) return 'what go prints of its inputs does not say why'
  if (differences.length === 0)
    return 'nothing differs: go takes what either made for what the other would make'
  if (names.every(name => name === 'stamp'))
    return 'only the stamp differs: go alone would take what one toolchain made for what the other would make'
  const isCompiled = own !== undefined && own.id !== against.actions[0]?.id
  if (!isCompiled) return 'the package is compiled once for both, and linked for each'
  return 'neither is taken for the other: go compiles it for each'
}
