/** Reads go.mod and go.work files of the judged tree with the go command's own parser; each content once and for all. */

import {basename, dirname} from 'node:path'
import type {GitSystem} from '../../git/git.ts'
import {findVersionLine} from '../../go/module/go-mod-lines.ts'
import {type GoMod, type GoWork, parseGoMod, parseGoWork} from '../../go/module/mod-edit.ts'
import {openRecords} from '../../store/records.ts'
import {withScratch} from '../../system/node.ts'
import {askGo, goFailed} from './run-go.ts'

/** `id` is the object ID of the content. */
export type ModFileToRead = {id: string; content: Buffer; kind: 'mod' | 'work'}

export type ModFileRead =
  | {kind: 'mod'; file: GoMod}
  | {kind: 'work'; file: GoWork}
  | {kind: 'malformed'; line: number | undefined; reason: string}

const bounds = {records: 2000, bytes: 32 * 1024 * 1024}

/** By `kind id`. What the go command cannot parse is malformed, in its own words. */
export async function readModFiles(
  system: GitSystem,
  files: readonly ModFileToRead[],
): Promise<Map<string, ModFileRead>> {
  const records = openRecords(system, 'mod-files', bounds)
  const found = new Map<string, ModFileRead>()
  const unread: ModFileToRead[] = []
  for (const file of files) {
    const stored = records.read(`1 ${file.kind} ${file.id}`)
    if (stored === undefined) unread.push(file)
    else found.set(`${file.kind} ${file.id}`, parse(file, Buffer.from(stored, 'latin1').toString()))
  }
  if (unread.length > 0) {
    await withScratch(async scratch => {
      await inBatches(unread, 8, async file => {
        // A directory for each, so that go calls it by its name.
        const name = `${scratch}/${file.kind} ${file.id}/go.${file.kind}`
        system.files.makeDirectory(dirname(name), 0o700)
        system.files.replace(name, file.content, 0o600)
        const result = await askGo(system, [file.kind, 'edit', '-json', name], scratch)
        const complaint = complaintIn(result.stderr, name)
        if (result.exitCode === 0) {
          found.set(`${file.kind} ${file.id}`, parse(file, result.stdout))
          records.write(`1 ${file.kind} ${file.id}`, Buffer.from(result.stdout).toString('latin1'))
        } else if (complaint === undefined) throw goFailed(`reading go.${file.kind}`, result)
        else found.set(`${file.kind} ${file.id}`, {kind: 'malformed', ...complaint})
      })
    })
    records.prune()
  }
  return found
}

function parse({kind, content}: ModFileToRead, json: string): ModFileRead {
  if (kind === 'mod') return {kind, file: parseGoMod(json)}
  // `go work edit -json` leaves the toolchain line out (measured with go1.26.8; workcmd/edit.go, editPrintJSON).
  const {version} = findVersionLine(content.toString('latin1'), 'toolchain') ?? {}
  return {kind, file: {...parseGoWork(json), toolchain: version}}
}

/**
 * What go says of the file it was given, and undefined where it says nothing of it, as a go that has no GOROOT:
 *
 *     go: errors parsing go.mod:
 *     /tmp/x/go.mod:3: unknown directive: x
 *     /tmp/x/go.mod:5:2: syntax error (unterminated block started at /tmp/x/go.mod:3:1)
 */
function complaintIn(
  stderr: string,
  name: string,
): Omit<ModFileRead & {kind: 'malformed'}, 'kind'> | undefined {
  const own = `go.${name.endsWith('.work') ? 'work' : 'mod'}`
  // Of go.work it says the name as seen from where it runs.
  const short = `${basename(dirname(name))}/${own}`
  const [, ...lines] = stderr.replaceAll(name, own).replaceAll(short, own).split('errors parsing ')
  const errors = (lines.at(-1) ?? '')
    .split('\n')
    .slice(1)
    .map(line => line.trim())
    .filter(Boolean)
  const [first] = errors
  if (first === undefined) return undefined
  const [, line, rest = first] = /^go\.(?:mod|work):(\d+)(?::\d+)?: (.*)$/.exec(first) ?? []
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  return {line: line === undefined ? undefined : Number(line), reason: rest + more}
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  body: (item: T) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    await Promise.all(items.slice(start, start + size).map(body))
  }
}
