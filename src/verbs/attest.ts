/** `gowarden attest FILE…`: a provenance statement for each binary, to be signed by whoever stands for it. */
import {basename} from 'node:path'
import type {Command} from 'commander'
import type {LockFound} from '../attest/attest.ts'
import type {Statement} from '../attest/in-toto.ts'
import type {ToolchainCheck} from '../attest/provenance.ts'
import {exitCode, isWorldError, UsageError, WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {jsonLine, jsonText, oneLine} from '../text/one-line.ts'
import type {Toolchain} from '../toolchain/identify.ts'
import {absolute, type VerbContext} from './context.ts'

type Flags = {into?: string}

export function registerAttest(program: Command, {system, version, end}: VerbContext): void {
  program
    .command('attest')
    .argument('<file...>', 'binaries that Go built')
    .option('--into <folder>', 'write FOLDER/NAME.intoto.json for each binary, in place of printing')
    .description('write what a binary says of its toolchain, modules and source as an in-toto statement')
    .addHelpText('after', helpAfter)
    .action(async (files: string[], {into}: Flags) => {
      if (into !== undefined) refuseSameNames(files)
      const {attest} = await import('../attest/attest.ts')
      const lock = await lockHere(system)
      const statements: {file: string; statement: Statement}[] = []
      let refused = 0
      for (const file of files) {
        const attestation = await attest(system, file, hash => checkToolchain(system, hash), version, lock)
        if (attestation.kind === 'attested') statements.push(attestation)
        else {
          refused += 1
          system.stderr(`gowarden: error: ${oneLine(file)}: ${oneLine(attestation.reason)}\n`)
        }
      }
      if (into === undefined) system.stdout(toText(statements.map(({statement}) => statement)))
      else for (const {file, statement} of statements) write(system, absolute(system, into), file, statement)
      end(refused === 0 ? exitCode.ok : exitCode.findings)
    })
}

const helpAfter = `
One binary gives one JSON text, several give one line each. It says which parts the binary says of itself and which were
checked here, and it is not signed. To sign it, and to check the signature, with cosign:
  gowarden attest app >app.intoto.json
  cosign attest-blob --key cosign.key --statement app.intoto.json --bundle app.sigstore.json app
  cosign verify-blob-attestation --key cosign.pub --type slsaprovenance1 --bundle app.sigstore.json app
  gowarden inspect --attestation app.sigstore.json app

exit status:
  0  every file has its statement
  1  one has none: it is not there, or no Go binary
`

function toText(statements: readonly Statement[]): string {
  const [first, ...others] = statements
  if (first === undefined) return ''
  return others.length === 0 ? jsonText(first) : statements.map(jsonLine).join('')
}

function write(system: System, folder: string, file: string, statement: Statement): void {
  const path = `${folder}/${basename(file)}.intoto.json`
  system.files.makeDirectory(folder, 0o777)
  system.files.replace(path, jsonText(statement), 0o666)
  system.stdout(`${oneLine(path)}\n`)
}

/** The gowarden.lock that counts in the working directory. Throws WorldError for one that is damaged. */
async function lockHere(system: System): Promise<LockFound | undefined> {
  const {findLock} = await import('../lock/find.ts')
  const found = findLock(system, system.cwd)
  if (found.kind === 'none') return undefined
  if (found.kind === 'damaged')
    throw new WorldError(`${found.path}: ${found.reason}`, {hint: 'gowarden lock --check says more'})
  const {sha256OfBytes} = await import('../system/sha256.ts')
  const text = system.files.read(found.path) ?? Buffer.alloc(0)
  return {sha256: sha256OfBytes(text), hashes: found.lock.toolchains.map(({hash}) => hash)}
}

/** Two binaries of one name would be one file. */
function refuseSameNames(files: readonly string[]): void {
  const names = files.map(file => basename(file))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw new UsageError(
    `two files are called ${twice}, and would be written to one`,
    'call gowarden attest once for each',
  )
}

/** What cannot be asked, as where there is no go, is not checked: the statement says so. */
async function checkToolchain(system: System, hash: Toolchain['hash']): Promise<ToolchainCheck> {
  try {
    const {askPublished} = await import('./published.ts')
    const proof = await askPublished(system, hash)
    switch (proof.kind) {
      case 'proven':
        return {kind: 'published'}
      case 'differs':
        return {kind: 'not-published', published: proof.published}
      case 'forged':
        return {kind: 'not-checked', reason: `${proof.file}: ${proof.reason}`}
      case 'unknown':
        return {kind: 'not-checked', reason: proof.reason}
      default:
        return unreachable(proof)
    }
  } catch (error) {
    if (!isWorldError(error)) throw error
    return {kind: 'not-checked', reason: error.message}
  }
}
