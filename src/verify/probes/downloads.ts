/**
 * Modules that the module cache lacks, downloaded by the go command itself. It runs in a module of ours, beside a go.sum that
 * holds the repository's own lines: then go compares with these, and asks no checksum database, which may be out of reach and
 * to which private names would go out.
 */
import {sumKey} from '../../go/module/go-sum.ts'
import {formatModule, type ModuleVersion} from '../../go/module/module-path.ts'
import {withScratch} from '../../system/node.ts'
import type {System} from '../../system/system.ts'
import {runGo} from './run-go.ts'

/** The go command downloads some ten at a time, and says nothing before all are there. */
const batch = 20

export type Downloads = {
  /** What is wanted of each module: its zip and its go.mod, or the go.mod alone. */
  wanted: 'zip' | 'go.mod'
  modules: readonly ModuleVersion[]
  /** Every h1 of the repository by key of go.sum. */
  hashes: ReadonlyMap<string, string>
  progress(text: string): void
}

/**
 * By module, why it could not be had. Of a module with another hash than go.sum says the checksum database is asked, where the
 * environment asks for one: what it vouches for is put into the module cache, to be compared with go.sum.
 */
export async function download(
  system: System,
  {wanted, modules, hashes, progress}: Downloads,
): Promise<Map<string, string>> {
  const failures = new Map<string, string>()
  const names = modules.map(formatModule)
  await withScratch(async scratch => {
    const [vouched, unvouched] = [`${scratch}/vouched`, `${scratch}/unvouched`]
    system.files.makeDirectory(vouched, 0o700)
    system.files.makeDirectory(unvouched, 0o700)
    system.files.replace(`${vouched}/go.mod`, 'module gowarden.invalid/scratch\n\ngo 1.17\n', 0o600)
    system.files.replace(`${vouched}/go.sum`, linesOf(modules, hashes), 0o600)
    for (let start = 0; start < names.length; start += batch) {
      progress(`downloading modules: ${start} of ${names.length}`)
      const differing = new Set<string>()
      for (let left = names.slice(start, start + batch); left.length > 0; ) {
        const result = await runGo(system, [...words[wanted], ...left], vouched, {GOSUMDB: 'off'})
        const different = result.stdout.trim() === '' ? differentIn(result.stderr, left) : undefined
        if (different === undefined) {
          note(result, left)
          break
        }
        // go stops at the first one, and says nothing of the others.
        differing.add(different)
        left = left.filter(name => name !== different)
      }
      if (differing.size > 0)
        note(await runGo(system, [...words[wanted], ...differing], unvouched), [...differing])
    }
    progress('')
  })
  return failures

  function note({stdout, stderr}: {stdout: string; stderr: string}, asked: readonly string[]): void {
    for (const [name, reason] of parseFailures(stdout)) failures.set(name, reason)
    if (stdout.trim() === '') for (const name of asked) failures.set(name, lastLine(stderr))
  }
}

const words = {
  zip: ['mod', 'download', '-json'],
  'go.mod': ['list', '-m', '-e', '-json'],
} as const

/** The repository's lines for these modules, as a go.sum. */
function linesOf(modules: readonly ModuleVersion[], hashes: ReadonlyMap<string, string>): string {
  return modules
    .flatMap(({path, version}) => [sumKey(path, version, false), sumKey(path, version, true)])
    .flatMap(key => (hashes.has(key) ? [`${key} ${hashes.get(key)}\n`] : []))
    .join('')
}

/** Which module go refused, as `verifying PATH@VERSION[/go.mod]: checksum mismatch` says. */
function differentIn(stderr: string, asked: readonly string[]): string | undefined {
  const name = /verifying (\S+?)(?:\/go\.mod)?: checksum mismatch/.exec(stderr)?.[1]
  return name !== undefined && asked.includes(name) ? name : undefined
}

/** Reads the objects of `go mod download -json` and `go list -m -json`, one after another without a comma. */
function parseFailures(stdout: string): Map<string, string> {
  const failures = new Map<string, string>()
  for (const json of stdout.split(/^(?=\{)/m)) {
    if (json.trim() === '') continue
    const module: {Path?: string; Version?: string; Error?: string | {Err?: string}} = JSON.parse(json)
    const error = typeof module.Error === 'object' ? module.Error.Err : module.Error
    if (error === undefined) continue
    failures.set(`${module.Path ?? ''}@${module.Version ?? ''}`, lastLine(error))
  }
  return failures
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
