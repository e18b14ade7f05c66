/** `gowarden init` for a person: what was seen, what was written, what is left to do; or a diff of all of it. */
import {createTwoFilesPatch} from 'diff'
import {oneLine, safeLines} from '../text/one-line.ts'
import type {Bytes} from './existing.ts'
import type {Initialized} from './init.ts'
import type {Change} from './outcome.ts'
import {schemaPath} from './texts.ts'

export function initText({setup, tool, changes, left, next, isDryRun, isRemoval}: Initialized): string {
  if (isDryRun) return changes.map(dryText).join('') + leftText(left)
  const seen = isRemoval
    ? ''
    : `${count(setup.moduleFiles.length, 'module file')}, ${count(setup.vendors, 'vendor directory', 'vendor directories')}; ${tool === 'git' ? "no hook manager found: using Git's hooks" : `hooks are run by ${tool}`}\n`
  const done = changes.map(({path, before, after}) => {
    if (after === undefined) return `removed ${oneLine(path)}\n`
    return `${before === undefined ? 'made' : 'changed'} ${oneLine(path)}\n`
  })
  const nothing = isRemoval ? 'gowarden is not set up here\n' : 'nothing to do: everything is in place\n'
  return [
    seen,
    ...(changes.length === 0 && left.length === 0 ? [nothing] : done),
    leftText(left),
    ...next.map(step => `next: ${oneLine(step)}\n`),
  ].join('')
}

function leftText(left: Initialized['left']): string {
  return left.map(({path, reason}) => `left ${oneLine(path)} as it is: ${oneLine(reason)}\n`).join('')
}

/** A diff; of the schema, which nobody reads line by line, its size. */
function dryText(change: Change): string {
  const {path, after} = change
  if (path !== schemaPath || after === undefined) return unifiedDiff(change)
  return `${path}, ${Math.ceil(after.length / 1000)} kB: the schema of the policy file, for editors\n`
}

/** As `git diff` shows it: /dev/null where there is no file. */
function unifiedDiff({path, before, after}: Change): string {
  const [from, to] = [
    before === undefined ? '/dev/null' : `a/${oneLine(path)}`,
    after === undefined ? '/dev/null' : `b/${oneLine(path)}`,
  ]
  return safeLines(createTwoFilesPatch(from, to, readable(before), readable(after)).replace(/^=+\n/, ''))
}

/** What is no UTF-8 shows as the replacement character; the file keeps it. */
function readable(content: Bytes | undefined): string {
  return Buffer.from(content ?? '', 'latin1').toString()
}

function count(number: number, one: string, many = `${one}s`): string {
  return number === 0 ? `no ${one}` : `${number} ${number === 1 ? one : many}`
}
