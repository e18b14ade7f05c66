/** Reads go.mod and go.work files of the judged tree with the go command's own parser; each content once and for all. */

import {outsideModules, withoutCounters} from '../../go/command/child-env.ts'
import {type GoMod, type GoWork, parseGoMod, parseGoWork} from '../../go/module/mod-edit.ts'
import {strangersFolder} from '../../store/folder.ts'
import {openRecords} from '../../store/records.ts'
import {cannotStart} from '../../system/errors.ts'
import {withScratch} from '../../system/node.ts'
import type {System} from '../../system/system.ts'

/** `id` is the object ID of the content. */
export type ModFileToRead = {id: string; content: Buffer; kind: 'mod' | 'work'}

export type ModFileRead =
  | {kind: 'mod'; file: GoMod}
  | {kind: 'work'; file: GoWork}
  | {kind: 'malformed'; reason: string}

const bounds = {records: 2000, bytes: 32 * 1024 * 1024}

/** By `kind id`. What the go command cannot parse is malformed, in its own words. */
export async function readModFiles(
  system: System,
  files: readonly ModFileToRead[],
): Promise<Map<string, ModFileRead>> {
  const records = openRecords(system, 'mod-files', bounds)
  const found = new Map<string, ModFileRead>()
  const unread: ModFileToRead[] = []
  for (const file of files) {
    const stored = records.read(`1 ${file.kind} ${file.id}`)
    if (stored === undefined) unread.push(file)
    else found.set(`${file.kind} ${file.id}`, parse(file.kind, Buffer.from(stored, 'latin1').toString()))
  }
  if (unread.length > 0) {
    await withScratch(async scratch => {
      await inBatches(unread, 8, async file => {
        const name = `${scratch}/${file.id}.${file.kind}`
        system.files.replace(name, file.content, 0o600)
        const result = await runGo(system, [file.kind, 'edit', '-json', name], scratch)
        if (result.exitCode === 0) {
          found.set(`${file.kind} ${file.id}`, parse(file.kind, result.stdout))
          records.write(`1 ${file.kind} ${file.id}`, Buffer.from(result.stdout).toString('latin1'))
        } else {
          const reason = result.stderr
            .trim()
            .replaceAll(`${scratch}/${file.id}.${file.kind}`, `go.${file.kind}`)
          found.set(`${file.kind} ${file.id}`, {kind: 'malformed', reason: reason.replace(/^go: /, '')})
        }
      })
    })
    records.prune()
  }
  return found
}

function parse(kind: 'mod' | 'work', json: string): ModFileRead {
  return kind === 'mod' ? {kind, file: parseGoMod(json)} : {kind, file: parseGoWork(json)}
}

/** The go command outside any module, so that no go line switches toolchains and nothing is downloaded for it. */
export async function runGo(
  system: System,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): ReturnType<System['run']> {
  const env = {...outsideModules(system.env, cwd), ...more}
  const isOwnHome = strangersFolder(system, system.env['HOME'] ?? '/') === undefined
  try {
    return await system.run('go', args, {cwd, env: isOwnHome ? env : withoutCounters(env)})
  } catch (cause) {
    throw cannotStart('go', cause, 'install Go or put it on PATH')
  }
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
