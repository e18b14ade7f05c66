/** What is true of every page of a report, whatever is in it. */
import {createHash} from 'node:crypto'
import * as assert from 'uvu/assert'
import {unsafe} from './hostile.ts'

const empty = new Set(['meta', 'br'])

/** Throws unless the page is well formed, accessible by its structure, and loads nothing. */
export function assertPage(page: string): void {
  assert.ok(page.startsWith('<!DOCTYPE html>\n<html lang="en">'))
  assert.not.match(page, unsafe)
  assertNested(page)
  const body = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
  assert.is(count(body, /<h1>/g), 1)
  for (const landmark of ['header', 'nav', 'main', 'footer'])
    assert.is(count(body, new RegExp(`<${landmark}[ >]`, 'g')), 1)

  const ids = [...body.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
  assert.equal(
    ids.filter((id, at) => ids.indexOf(id) !== at),
    [],
    'an id twice',
  )
  const pointed = [...body.matchAll(/ (?:href="#|aria-labelledby=")([^"]*)"/g)].map(([, id = '']) => id)
  assert.equal(
    pointed.filter(id => !ids.includes(id)),
    [],
    'a link to nowhere',
  )
  assert.equal(
    [...body.matchAll(/ (?:href|src|action|srcset|data|poster)="(?!#)[^"]*"/g)].map(([text]) => text),
    [],
  )
  // Texts may hold any words; attributes are what stands between the signs of a tag, and no value of theirs.
  const tags = (body.match(/<[^<>]*>/g) ?? []).map(tag => tag.replace(/"[^"]*"/g, '""'))
  assert.equal(
    tags.filter(tag => / (?:style|on\w+)\b/.test(tag)),
    [],
  )

  for (const [table] of body.matchAll(/<table[\s\S]*?<\/table>/g)) {
    const heads = count(table, /<th scope="col"/g)
    assert.is(count(table, /<caption>/g), 1)
    for (const [row] of table.split('<tbody>')[1]?.matchAll(/<tr>[\s\S]*?<\/tr>/g) ?? []) {
      assert.is(count(row, /<t[hd][ >]/g), heads, `${heads} heads over ${row}`)
      assert.is(count(row, /<th scope="row"/g), 1)
    }
  }
  for (const [svg] of body.matchAll(/<svg [^>]*>/g))
    assert.match(svg, / role="img" aria-label="[^"]+"| aria-hidden="true"/)

  const policy = page.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/)?.[1] ?? ''
  assert.match(policy, /^default-src &#39;none&#39;; /)
  for (const [, name = '', text = ''] of page.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)) {
    const digest = createHash('sha256').update(text).digest('base64')
    assert.ok(policy.includes(`${name}-src &#39;sha256-${digest}&#39;`), name)
  }
  assert.is(count(page, /<script/g), 1)
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** Every element that begins ends, in the order of a tree. */
function assertNested(page: string): void {
  const open: string[] = []
  const text = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace('<!DOCTYPE html>', '')
  for (const [tag, end, name = '', closed] of text.matchAll(
    /<(\/?)([a-zA-Z0-9]+)(?: [\w-]+(?:="[^"<>]*")?)*(\/?)>/g,
  )) {
    if (empty.has(name) || closed === '/') continue
    if (end === '') open.push(name)
    else assert.is(open.pop(), name, tag)
  }
  assert.equal(open, [])
  // What is left over of the signs of markup would be a tag that this pattern does not know.
  assert.not.match(text.replace(/<(\/?)([a-zA-Z0-9]+)(?: [\w-]+(?:="[^"<>]*")?)*(\/?)>/g, ''), /[<>]/)
}
