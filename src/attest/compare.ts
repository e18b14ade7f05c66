/** `gowarden inspect --attestation FILE`: a file with statements, read and laid beside binaries. */
import {resolve} from 'node:path'
import {WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {readAttested} from './attest.ts'
import {fitOf} from './fit.ts'
import {type ReadStatement, readAttestations} from './read.ts'
import type {Fitted} from './text.ts'

/** A statement about a program with a thousand modules has some 300 kB. */
const longest = 64n << 20n

/**
 * Compares each binary with the statements that name its digest; where none does, with those that name its file name, else with the
 * only one there is. Throws WorldError where the file holds no statement.
 */
export async function compare(
  system: Pick<System, 'cwd' | 'files'>,
  attestation: string,
  files: readonly string[],
): Promise<Fitted[]> {
  const statements = load(system, attestation)
  const fitted: Fitted[] = []
  for (const file of files) {
    const read = await readAttested(resolve(system.cwd, file))
    if (read.kind === 'refused') {
      fitted.push({file, ...read})
      continue
    }
    const {attested} = read
    const about = statementsAbout(statements, attested)
    fitted.push(
      about.length === 0
        ? {
            file,
            kind: 'refused',
            reason: `none of the ${statements.length} statements names its sha256, ${attested.sha256}`,
          }
        : {file, kind: 'compared', fits: about.map(statement => fitOf(statement, attested))},
    )
  }
  return fitted
}

function statementsAbout(
  statements: readonly ReadStatement[],
  {sha256, name}: {sha256: string; name: string},
): readonly ReadStatement[] {
  const naming = (is: (subject: ReadStatement['subjects'][number]) => boolean) =>
    statements.filter(({subjects}) => subjects.some(is))
  const byDigest = naming(subject => subject.sha256 === sha256)
  if (byDigest.length > 0) return byDigest
  const byName = naming(subject => subject.name === name)
  return byName.length > 0 ? byName : statements.length === 1 ? statements : []
}

function load(system: Pick<System, 'cwd' | 'files'>, attestation: string): ReadStatement[] {
  const path = resolve(system.cwd, attestation)
  const stat = system.files.stat(path)
  if (stat === undefined) throw new WorldError(`${attestation}: no such file`)
  if (stat.kind !== 'file') throw new WorldError(`${attestation}: it is not a regular file`)
  if (stat.size > longest) throw new WorldError(`${attestation}: too large for an attestation`)
  const read = readAttestations(system.files.read(path)?.toString() ?? '')
  if (read.kind === 'malformed') throw new WorldError(`${attestation}: no attestation: ${read.reason}`)
  return read.statements
}
