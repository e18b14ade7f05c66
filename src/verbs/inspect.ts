/** `gowarden inspect FILE...`: what binaries say of themselves, and whether that is what is required. */
import {type Command, Option} from 'commander'
import type {Inspection} from '../inspect/inspect.ts'
import type {Release} from '../inspect/release.ts'
import type {WhyNotUpstream} from '../inspect/requirement.ts'
import type {PolicyFile} from '../policy/policy.ts'
import {exitCode, UsageError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {jsonText} from '../text/one-line.ts'
import {offering, type VerbContext} from './context.ts'

type Flags = {
  json?: true
  all?: true
  modules?: true
  require?: string
  explain?: string
  against?: string[]
  attestation?: string
}

export function registerInspect(program: Command, {system, end}: VerbContext): void {
  program
    .command('inspect')
    .argument(
      '[file...]',
      'binaries that Go built; directories, archives (tar) and saved images to look for them',
    )
    .option('--all', 'print every line of go version -m: hashes of modules, and each setting')
    .option('--modules', 'print the modules as a tree, by the go.mod files in the module cache')
    .option('--json', 'print JSON')
    .addOption(
      offering(
        new Option(
          '--require <what>',
          'exit 1 unless every binary is: stamped, upstream, as policy or gowarden.lock requires, or of this ToolchainHash',
        ),
        ['stamped', 'upstream', 'policy', 'lock'],
      ),
    )
    .addOption(
      new Option(
        '--attestation <file>',
        'exit 1 unless every binary is as this statement, envelope or Sigstore bundle says',
      ).conflicts('require'),
    )
    .option('--explain <package>', 'print what go makes the action ID of a package from; builds it')
    .option('--against <what>', 'with --explain: what differs with this flag, NAME=VALUE or go=PATH', append)
    .description('show the stamp, Go version, modules, settings and libraries of binaries')
    .addHelpText('after', helpAfter)
    .action(async (files: string[], flags: Flags) => {
      if (flags.explain !== undefined) {
        if (files.length > 0)
          throw new UsageError('--explain names a package, and takes no files', 'leave out the files')
        system.stdout(await explained(system, flags.explain, flags))
        return
      }
      if (flags.against !== undefined)
        throw new UsageError(
          '--against is for --explain',
          'name a package: gowarden inspect --explain . --against=-trimpath',
        )
      if (files.length === 0)
        throw new UsageError('no file is named', 'name a binary that Go built: gowarden inspect ./app')
      if (flags.attestation !== undefined) {
        end(await compareWith(system, flags.attestation, files, flags.json === true))
        return
      }
      const {inspect} = await import('../inspect/inspect.ts')
      const {requirementText, toText, toJson} = await import('../inspect/text.ts')
      if (flags.require === undefined) {
        const inspections = await inspect(system, files)
        system.stdout(
          flags.modules
            ? await modulesOf(system, inspections, flags.json)
            : flags.json
              ? toJson(inspections)
              : toText(inspections, flags.all ? 'all' : 'digest'),
        )
        end(inspections.every(({kind}) => kind === 'go') ? exitCode.ok : exitCode.findings)
        return
      }
      const {misfitsOf, parseRequirement} = await import('../inspect/requirement.ts')
      const requirement = parseRequirement(flags.require)
      const {findPolicyFile} = await import('../policy/find.ts')
      const isOfRepository = requirement.kind === 'policy' || requirement.kind === 'lock'
      const policy = isOfRepository ? await findPolicyFile(system, system.cwd) : undefined
      const release = requirement.kind === 'lock' ? await releaseHere(system, policy) : undefined
      const inspections = await inspect(system, files)
      const misfits = await misfitsOf(inspections, requirement, {policy, release}, hash =>
        whyNotUpstream(system, hash),
      )
      system.stdout(
        flags.json
          ? jsonText({misfits, inspections})
          : requirementText(flags.require, inspections.length, misfits),
      )
      end(misfits.length === 0 ? exitCode.ok : exitCode.findings)
    })
}

/** The lock, go.sum and policy that count here. */
async function releaseHere(system: System, policy: PolicyFile | undefined): Promise<Release> {
  const {damageHint, damageText, findLock} = await import('../lock/find.ts')
  const {readSums} = await import('../inspect/release.ts')
  const found = findLock(system, system.cwd)
  switch (found.kind) {
    case 'none':
      throw new UsageError('--require lock: there is no gowarden.lock here or above', 'gowarden lock')
    case 'damaged':
      throw new UsageError(damageText(found), damageHint(found))
    case 'found':
      return {
        lock: found.path,
        toolchains: found.lock.toolchains.map(({hash}) => hash),
        sums: readSums(system, system.cwd),
        flags: policy?.flags ?? [],
      }
    default:
      return unreachable(found)
  }
}

/** The module cache is asked for what it has, and nobody else. */
async function modulesOf(
  system: System,
  inspections: readonly Inspection[],
  isJson: true | undefined,
): Promise<string> {
  const {modulesText, moduleTree} = await import('../inspect/modules.ts')
  const {cachedGoMods} = await import('../inspect/cached-go-mods.ts')
  const goModOf = cachedGoMods(system, await moduleCache(system))
  if (!isJson) return modulesText(inspections, goModOf)
  return jsonText(
    inspections.map(inspection =>
      inspection.kind === 'go' ? {...inspection, tree: moduleTree(inspection, goModOf)} : inspection,
    ),
  )
}

/** GOMODCACHE/cache/download as go says, or where go would have it, on a machine without Go. */
async function moduleCache(system: System): Promise<string | undefined> {
  const {resolveGo} = await import('../launcher/launcher.ts')
  const {probeGoEnv} = await import('../toolchain/go-env.ts')
  const {real} = resolveGo(system)
  const answer = real === undefined ? undefined : await probeGoEnv(system, real, undefined)
  if (answer?.kind === 'known') return `${answer.env.GOMODCACHE}/cache/download`
  const {GOMODCACHE, GOPATH, HOME} = system.env
  const path = GOPATH?.split(':')[0] || (HOME ? `${HOME}/go` : undefined)
  const folder = GOMODCACHE || (path && `${path}/pkg/mod`)
  return folder && `${folder}/cache/download`
}

function append(word: string, before: string[] = []): string[] {
  return [...before, word]
}

async function explained(system: System, name: string, {against = [], json}: Flags): Promise<string> {
  const {launcherPath} = await import('../launcher/launcher.ts')
  const {explain} = await import('../inspect/explain.ts')
  const {explanationText} = await import('../inspect/explain-text.ts')
  const explanation = await explain({...system, launcher: launcherPath}, name, against)
  return json ? jsonText(explanation) : explanationText(explanation)
}

const helpAfter = `
--require prints only what does not fit:
  stamped   the binary names the toolchain that built it, and that one alone
  upstream  and it is the one that go.dev publishes, by Go's checksum database
  policy    and it is one that toolchain.version and toolchain.proven of the policy here allow
  lock      and gowarden.lock names it; its modules are those of go.sum (without hashes, as with -mod=vendor, those of
            vendor/modules.txt, or of go.work), it says that its files were committed, and policy denies none of its flags
  HASH      and it is this one, e.g. go1.26.8.linux-amd64@h1:…

--attestation checks no signature: cosign verify-blob-attestation does, and gowarden attest --help shows how.

--explain builds a package as go build does, and prints all that its action ID, the key in the build cache, is made from;
with --against also what differs where something else is set:
  gowarden inspect --explain ./cmd/app --against=-trimpath
  gowarden inspect --explain ./cmd/app --against GOFLAGS=-race --against GOCACHE=/other/cache
  gowarden inspect --explain ./cmd/app --against go=/usr/lib/go-1.24

exit status:
  0  every file is a Go binary, and as required
  1  one is not, or cannot be judged
`

/** Says point by point whether binaries are as a statement says, and returns the exit code. */
async function compareWith(
  system: System,
  attestation: string,
  files: readonly string[],
  isJson: boolean,
): Promise<number> {
  const {compare} = await import('../attest/compare.ts')
  const {doesFit, fittedText} = await import('../attest/text.ts')
  const fitted = await compare(system, attestation, files)
  system.stdout(isJson ? jsonText(fitted) : fittedText(attestation, fitted))
  const areFit = fitted.every(each => each.kind === 'compared' && each.fits.every(doesFit))
  return areFit ? exitCode.ok : exitCode.findings
}

/** Asks the checksum database, as a build asks it where policy says toolchain.proven. */
async function whyNotUpstream(
  system: System,
  hash: Parameters<WhyNotUpstream>[0],
): ReturnType<WhyNotUpstream> {
  const {askPublished} = await import('./published.ts')
  const proof = await askPublished(system, hash)
  switch (proof.kind) {
    case 'proven':
      return undefined
    case 'differs':
      return `not the toolchain that go.dev publishes: built by ${hash}, published ${proof.published}`
    case 'forged':
      return `nothing proves its toolchain: ${proof.file}: ${proof.reason}`
    case 'unknown':
      return `nothing proves its toolchain: ${proof.reason}`
  }
}
