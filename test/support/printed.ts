/** The texts that a person may read: what programs print, and the pages. Comments are not among them. */
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {transformSync} from 'esbuild'
import {readSource} from './imports.ts'
import {root} from './rig.ts'

/** `place` is a file; `text` a string of it, or one of its lines. */
export type Printed = {place: string; text: string}

/** Every text that may be printed by a program, or read as a page. */
export function printedTexts(): Printed[] {
  const source = readSource()
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const pages = ['README.md', 'config/schema.json', ...filesOf('docs')]
  const scripts = ['bin/go', 'bin/gowarden.sh', 'install.sh', ...filesOf('hooks'), ...filesOf('examples')]
  return [
    ...source.files.flatMap(file =>
      stringsIn(source.text(file))
        // One word is a name, a key or a flag.
        .filter(text => text.includes(' '))
        .map(text => ({place: `src/${file}`, text})),
    ),
    ...scripts.flatMap(place =>
      linesOf(read(place))
        .filter(line => !/^\s*#/.test(line))
        .map(text => ({place, text})),
    ),
    ...pages.flatMap(place => linesOf(read(place)).map(text => ({place, text}))),
  ]
}

/** The string and template literals of TypeScript, without the expressions in them; comments are gone. */
export function stringsIn(typescript: string): string[] {
  const {code} = transformSync(typescript, {loader: 'ts', legalComments: 'none', minifySyntax: false})
  const literals = code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)
  return [...literals].map(([, double, single, template]) =>
    (double ?? single ?? template ?? '').replace(/\$\{[^{}]*\}/g, '…').replaceAll('\\n', '\n'),
  )
}

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() && (/\.(md|sh)$/.test(entry.name) || !entry.name.includes('.')))
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

function linesOf(text: string): string[] {
  return text.split('\n')
}
