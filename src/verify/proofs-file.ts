/** The file of `--proofs` and `--export-proofs`: text, or text under gzip. */
import {createHash} from 'node:crypto'
import {resolve} from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'
import {formatModule} from '../go/module/module-path.ts'
import {formatProofs, type ProofsToWrite, parseProofs} from '../go/vendor/proofs.ts'
import {UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import type {VerifyOptions} from './result.ts'

/** A vendor directory of 14 000 files takes some 8 MB; a repository of repositories shall fit. */
const mostBytes = 256 * 1024 * 1024

/** Throws a UsageError, one sentence, for a file that is not there, too large, not made of proofs, or changed. */
export function readProofsFile(system: System, name: string): VerifyOptions['proofs'] {
  const path = resolve(system.cwd, name)
  const stat = system.files.stat(path)
  if (stat === undefined) throw new UsageError(`--proofs ${name}: no such file`)
  if (stat.kind !== 'file') throw new UsageError(`--proofs ${name}: not a regular file`)
  if (stat.size > mostBytes) throw new UsageError(`--proofs ${name}: larger than ${mostBytes} bytes`)
  const content = system.files.read(path)
  if (content === undefined) throw new UsageError(`--proofs ${name}: no such file`)
  const bytes = unpack(content, name)
  const read = parseProofs(bytes.toString('latin1'))
  if (read.kind === 'malformed') {
    throw new UsageError(
      `--proofs ${name}: line ${read.line}: ${read.reason}`,
      'write it again, on a machine with a network: gowarden verify --export-proofs proofs.txt',
    )
  }
  return {proofs: read.proofs, digest: createHash('sha256').update(bytes).digest('hex')}
}

function unpack(content: Buffer, name: string): Buffer {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content
  try {
    return gunzipSync(content, {maxOutputLength: mostBytes})
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`--proofs ${name}: cannot be unpacked: ${why}`)
  }
}

/**
 * What several runs prove, for one file. `write` does so by rename, under gzip where the name ends in .gz, and returns what was
 * written, for a person.
 */
export function collectProofs(): {
  add(proofs: ProofsToWrite): void
  write(system: System, name: string): string
} {
  const all: ProofsToWrite = {modules: [], goMods: []}
  return {
    add: ({modules, goMods}) => {
      all.modules.push(...modules)
      all.goMods.push(...goMods)
    },
    write: (system, name) => {
      const text = Buffer.from(formatProofs(all), 'latin1')
      system.files.replace(resolve(system.cwd, name), name.endsWith('.gz') ? gzipSync(text) : text, 0o644)
      const count = new Set(all.modules.map(({module, h1}) => `${formatModule(module)} ${h1}`)).size
      return `proofs of ${count} ${count === 1 ? 'module' : 'modules'}`
    },
  }
}
