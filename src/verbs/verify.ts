/** `gowarden verify`: go.sum and vendor/ are judged, and reported in one of five formats. */
import {resolve} from 'node:path'
import {type Command, Option} from 'commander'
import {countFound, hasErrors, type Level} from '../findings/finding.ts'
import {policyDirectories} from '../policy/directories.ts'
import {reasonOf} from '../store/folder.ts'
import {exitCode, UsageError, WorldError} from '../system/errors.ts'
import {askTerminal, pipeChild} from '../system/node.ts'
import type {Pipe, System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {oneLine} from '../text/one-line.ts'
import {progressLine} from '../text/progress.ts'
import {findVerifyPolicy, loweredLevels, type VerifyPolicy} from '../verify/policy.ts'
import type {Judged} from '../verify/probes/snapshot.ts'
import {summaryLine, textReport} from '../verify/reports/text.ts'
import type {VerifyResult} from '../verify/result.ts'
import type {VerifyStart} from '../verify/start.ts'
// Not loaded when it is called, as other verbs do: a commit waits for it, and a part of dist/cli.cjs is there at once.
import {verify} from '../verify/verify.ts'
import {isHookBypassed, recordHere} from './bypass.ts'
import {absolute, type VerbContext} from './context.ts'

type Flags = {
  staged?: true
  worktree?: true
  commit?: string
  range?: string
  module?: string[]
  offline?: true
  verbose?: true
  quiet?: true
  fix?: true
  yes?: true
  proofs?: string
  exportProofs?: string
  format: Format
  write?: string[]
}

const formats = ['text', 'json', 'sarif', 'github', 'markdown'] as const
type Format = (typeof formats)[number]

/** `start`: what was asked of the index already; undefined when nothing was. */
export function registerVerify(program: Command, context: VerbContext, start: VerifyStart | undefined): void {
  const {system, version, end} = context
  program
    .command('verify')
    .description('check go.sum and vendor/ of the Git index, the work tree or a commit')
    .option('--staged', 'judge the index (the default inside a Git hook)')
    .option('--worktree', 'judge the work tree as git add --all would stage it (the default elsewhere)')
    .option('--commit <rev>', 'judge a commit; needs no work tree')
    .option('--range <a..b>', 'judge every commit of a range, the oldest first')
    .option('--module <dir...>', 'judge only the modules in these directories')
    .option('--offline', 'download nothing: what is not in the module cache stays unproven')
    .option(
      '--export-proofs <file>',
      'write what proves the vendored modules, for a machine without a network',
    )
    .option('--proofs <file>', 'use what another machine wrote with --export-proofs')
    .option('--verbose', 'a line for every module, and every finding (of one code, 10000)')
    .option('--quiet', 'only errors; silent when there are none')
    .option('--fix', 'run what the hints say, after showing it and asking, and judge again')
    .option('--yes', 'with --fix: do not ask')
    .addOption(
      new Option('--format <format>', 'how to report; github means annotations of GitHub Actions')
        .choices(formats)
        .default('text'),
    )
    .option('--write <format=file...>', 'write the report in a further format to a file, from the same run')
    .addHelpText('after', helpAfter)
    .action(async (flags: Flags) => {
      if (await isHookBypassed(context)) return
      const copies = (flags.write ?? []).map(parseCopy)
      const git = {...system, pipe: pipeChild}
      const policy = await policyHere(context)
      if ((flags.fix || flags.yes) && (flags.proofs ?? flags.exportProofs) !== undefined) {
        throw new UsageError('--fix excludes --proofs and --export-proofs')
      }
      if ((flags.fix || flags.yes) && copies.length > 0) throw new UsageError('--fix excludes --write')
      if (flags.fix || flags.yes) {
        end(await fix(git, flags, policy, version))
        return
      }
      const proofsFile =
        flags.proofs === undefined && flags.exportProofs === undefined
          ? undefined
          : await import('../verify/proofs-file.ts')
      const proofs = flags.proofs === undefined ? undefined : proofsFile?.readProofsFile(system, flags.proofs)
      const exported = flags.exportProofs === undefined ? undefined : proofsFile?.collectProofs()
      let isInOrder = true
      for (const judged of await judgedBy(git, flags)) {
        const progress = progressLine(system)
        const startedMs = system.nowMs()
        const result = await verify(git, {
          judged,
          modules: flags.module ?? [],
          offline: flags.offline === true,
          policy,
          version,
          inRange: flags.range !== undefined,
          start: flags.range === undefined ? start : undefined,
          progress,
          proofs,
          exportProofs: exported?.add,
        }).finally(() => progress(''))
        tellOf(system, result, startedMs)
        await report(system, result, flags, version, judged)
        for (const copy of copies) {
          const {stdout, stderr} = await reportIn(copy.format, system, result, flags, version, judged)
          const text = stdout === '' ? stderr : stdout
          // Of many commits a log has all, and what is one document the last.
          copy.text = copy.format === 'json' || copy.format === 'sarif' ? text : copy.text + text
        }
        if (hasErrors(result.findings)) isInOrder = false
      }
      for (const {file, text} of copies) writeCopy(system, absolute(system, file), text)
      if (flags.exportProofs !== undefined) {
        const written = exported?.write(system, flags.exportProofs)
        system.stderr(`gowarden: ${oneLine(flags.exportProofs)}: ${written}\n`)
      }
      end(isInOrder ? exitCode.ok : exitCode.findings)
    })
}

/** Returns the exit code: that of the verdict afterwards. */
async function fix(
  system: System & {pipe: Pipe},
  flags: Flags,
  policy: VerifyPolicy,
  version: string,
): Promise<number> {
  if (!flags.fix) throw new UsageError('--yes answers what --fix asks', 'gowarden verify --fix --yes')
  if (flags.commit !== undefined || flags.range !== undefined || flags.format !== 'text') {
    throw new UsageError(
      '--fix changes the work tree and the index: it excludes --commit, --range and --format',
      'gowarden verify --fix',
    )
  }
  const {planFix, refuseUnstaged, runFix, systemAtTop} = await import('../verify/fix.ts')
  const atTop = await systemAtTop(system)
  const {cwd: top} = atTop
  const judge = async () => {
    const progress = progressLine(system)
    const startedMs = system.nowMs()
    const result = await verify(atTop, {
      judged: judgedOf(flags) ?? {kind: 'worktree'},
      modules: (flags.module ?? []).map(directory => resolve(system.cwd, directory)),
      offline: flags.offline === true,
      policy,
      version,
      progress,
    }).finally(() => progress(''))
    tellOf(system, result, startedMs)
    await report(atTop, result, flags, version, undefined)
    return result
  }
  const first = await judge()
  const plan = planFix(first, top)
  for (const hint of plan.byHand) system.stderr(`gowarden: by hand: ${oneLine(hint)}\n`)
  if (plan.commands.length === 0) return hasErrors(first.findings) ? exitCode.findings : exitCode.ok
  await refuseUnstaged(atTop, plan)
  if (!flags.yes) {
    system.stderr(`gowarden: in ${oneLine(top)}, this would be run:\n`)
    for (const {hint} of plan.commands) system.stderr(`  ${oneLine(hint)}\n`)
    const answer = await askTerminal('gowarden: run it? [y/N] ')
    if (answer === undefined) {
      throw new UsageError(
        '--fix: there is no terminal to ask on',
        'answer yes beforehand: gowarden verify --fix --yes',
      )
    }
    if (!/^y(es)?$/i.test(answer.trim())) return hasErrors(first.findings) ? exitCode.findings : exitCode.ok
  }
  await runFix(atTop, plan, hint => system.stderr(`gowarden: running ${oneLine(hint)}\n`))
  return hasErrors((await judge()).findings) ? exitCode.findings : exitCode.ok
}

const helpAfter = `
Every vendored file is compared with the module's zip, which has the hash in go.sum. Nothing is written but
gowarden's own cache. Missing zips are downloaded by go mod download, unless --offline.

exit status:
  0  in order; warnings may have been printed
  1  findings, or Git or go could not answer
  2  a wrong call, or a policy that cannot be read

examples:
  gowarden verify                                what git add --all would stage
  gowarden verify --staged                       in a pre-commit hook
  gowarden verify --commit HEAD --format sarif   in CI, shallow clones too
  gowarden verify --range main..HEAD             every commit of a branch
  gowarden verify --format github --write markdown=summary.md sarif=x.sarif
  gowarden verify --module tools --verbose       a line for each module of tools/
  gowarden verify --fix                          run what the hints say, once you have said yes
  gowarden verify --export-proofs proofs.txt     with a network; then, without one:
  gowarden verify --offline --proofs proofs.txt
  GOWARDEN_LEVELS=VENDOR_UNPROVEN=warn gowarden verify --offline

What a finding means: gowarden explain CODE
`

/** The policy in force here; levels that a person lowered are recorded first, where it asks for that. */
export async function policyHere(context: VerbContext): Promise<VerifyPolicy> {
  const {bypass, ...policy} = await findVerifyPolicy(context.system, context.system.cwd)
  const lowered = loweredLevels(policy.levels)
  if (bypass !== undefined && lowered.length > 0) {
    await recordHere(context, bypass, `GOWARDEN_LEVELS=${lowered.join(',')}`)
  }
  return policy
}

/** What the flags ask for, in order: one thing, or every commit of a range. */
async function judgedBy(system: System & {pipe: Pipe}, flags: Flags): Promise<(Judged | undefined)[]> {
  if (flags.range === undefined) return [judgedOf(flags)]
  if (flags.staged || flags.worktree || flags.commit !== undefined) {
    throw new UsageError('--range excludes --staged, --worktree and --commit')
  }
  if (flags.format === 'json' || flags.format === 'sarif') {
    throw new UsageError(
      `--range: ${flags.format} is a report of one commit`,
      `name it: gowarden verify --commit HEAD --format ${flags.format}`,
    )
  }
  const {commitsIn} = await import('../verify/range.ts')
  const commits = await commitsIn(system, flags.range)
  if (commits.length === 0) system.stderr(`gowarden: ${oneLine(flags.range)}: no commits\n`)
  return commits.map(revision => ({kind: 'commit', revision}))
}

function judgedOf(flags: Flags): Judged | undefined {
  const chosen = [flags.staged, flags.worktree, flags.commit].filter(flag => flag !== undefined)
  if (chosen.length > 1) throw new UsageError('--staged, --worktree and --commit exclude each other')
  if (flags.commit !== undefined) return {kind: 'commit', revision: flags.commit}
  if (flags.worktree) return {kind: 'worktree'}
  return flags.staged ? {kind: 'staged'} : undefined
}

function tellOf(
  system: System,
  {judged, counts, remembered, findings, more}: VerifyResult,
  startedMs: number,
): void {
  system.tell({
    kind: 'verify',
    judged,
    repository: policyDirectories(system, system.cwd).at(-1) ?? system.cwd,
    modules: counts.modules,
    files: counts.files,
    isRemembered: remembered,
    found: countFound(findings, more),
    ms: system.nowMs() - startedMs,
  })
}

/** A further report: `markdown=summary.md`. */
type Copy = {format: Format; file: string; text: string}

function parseCopy(word: string): Copy {
  const at = word.indexOf('=')
  const format = formats.find(name => name === word.slice(0, at))
  const file = word.slice(at + 1)
  if (format === undefined || file === '')
    throw new UsageError(`--write ${word}: not FORMAT=FILE`, 'name both: --write markdown=summary.md')
  return {format, file, text: ''}
}

function writeCopy(system: System, file: string, text: string): void {
  try {
    system.files.replace(file, text, 0o644)
  } catch (error) {
    throw new WorldError(`writing ${file}: ${reasonOf(error)}`, {cause: error})
  }
}

async function report(
  system: System,
  result: VerifyResult,
  flags: Flags,
  version: string,
  judged: Judged | undefined,
): Promise<void> {
  const {stdout, stderr} = await reportIn(flags.format, system, result, flags, version, judged)
  if (stdout !== '') system.stdout(stdout)
  if (stderr !== '') system.stderr(stderr)
}

/** What a report says on stdout, and beside it. */
async function reportIn(
  format: Format,
  system: System,
  result: VerifyResult,
  flags: Flags,
  version: string,
  judged: Judged | undefined,
): Promise<{stdout: string; stderr: string}> {
  const commit = flags.range !== undefined && judged?.kind === 'commit' ? judged.revision : undefined
  switch (format) {
    case 'text': {
      const isShown = ({level}: {level: Level}) => flags.quiet !== true || level === 'error'
      const shown = result.findings.filter(isShown)
      if (flags.quiet && shown.length === 0) return {stdout: '', stderr: ''}
      const {stdout, stderr} = textReport(
        {...result, findings: shown, more: result.more.filter(isShown)},
        flags.verbose === true,
      )
      return {stdout, stderr: commit === undefined ? stderr : `gowarden: commit ${commit}\n${stderr}`}
    }
    case 'json': {
      const {jsonReport} = await import('../verify/reports/json.ts')
      return {stdout: jsonReport(result), stderr: ''}
    }
    case 'sarif': {
      const {sarifReport} = await import('../verify/reports/sarif.ts')
      const {findingPages} = await import('../findings/pages.ts')
      return {stdout: sarifReport(result, version, findingPages(system)), stderr: ''}
    }
    case 'github': {
      const {githubReport} = await import('../verify/reports/github.ts')
      // The log of a step that found nothing would be empty.
      return {stdout: githubReport(result), stderr: summaryLine(result)}
    }
    case 'markdown': {
      const {markdownReport} = await import('../verify/reports/markdown.ts')
      const name = {
        staged: 'the index',
        worktree: 'the work tree',
        commit: `commit ${result.commit ?? commit ?? flags.commit}`,
      }
      return {stdout: markdownReport(result, name[result.judged]), stderr: ''}
    }
    default:
      return unreachable(format)
  }
}
