/** go.mod and go.work: readable, tidy as far as the tree itself can tell, and with the toolchain line the policy wants. */
import type {VerifyFound} from '../../findings/finding.ts'
import {baseName, pathFromUtf8, pathToUtf8} from '../../git/path-bytes.ts'
import {compareGoVersions} from '../../go/module/go-version.ts'
import {hasUnseenMembers, type MainModule} from '../../go/module/main-modules.ts'
import {isModulePath, isStandard, isWithin, moduleName} from '../../go/module/module-path.ts'
import {parseLock} from '../../lock/file.ts'
import {shellWord} from '../../text/shell-word.ts'
import type {ModuleFacts, VerifyFacts} from '../facts.ts'
import type {VerifyPolicy} from '../policy.ts'
import {add, tidy, tidyModFile, unstage, vendorAnew} from './mends.ts'
import {checkUnmerged} from './unmerged.ts'

export function checkModFiles(
  facts: VerifyFacts,
  toolchainLine: VerifyPolicy['toolchainLine'],
): VerifyFound[] {
  return [
    ...checkUnmerged(facts),
    ...facts.malformedModFiles.map(
      ({path, line, reason}): VerifyFound => ({
        code: 'MOD_MALFORMED',
        facts: {file: pathToUtf8(path), line, module: undefined, reason},
      }),
    ),
    ...facts.unseenMembers.flatMap(({workFile, use, why}): VerifyFound[] =>
      // A submodule is another repository, and nothing is wrong with that: the report says so.
      why === 'submodule'
        ? []
        : [
            {
              code: 'WORK_MEMBER_ABSENT',
              facts: {
                file: pathToUtf8(workFile),
                line: undefined,
                module: undefined,
                directory: pathToUtf8(use),
                why,
              },
            },
          ],
    ),
    ...facts.unlistedVendors.map(
      (directory): VerifyFound => ({
        code: 'VENDOR_UNLISTED',
        facts: {
          file: pathToUtf8(directory.vendor),
          line: undefined,
          module: undefined,
          mend: vendorAnew(directory),
        },
      }),
    ),
    ...facts.otherVendors.map(
      (directory): VerifyFound => ({
        code: 'VENDOR_MODE',
        facts: {
          file: pathToUtf8(directory.path),
          line: undefined,
          module: undefined,
          mode: directory.mode,
          mend:
            directory.submodules.length > 0
              ? vendorAnew(directory)
              : `${unstage(directory.path)} && ${vendorAnew(directory)}`,
        },
      }),
    ),
    ...checkToolchainLines(facts, toolchainLine),
  ]
}

function checkToolchainLines(facts: VerifyFacts, rule: VerifyPolicy['toolchainLine']): VerifyFound[] {
  if (rule === undefined) return []
  return facts.toolchainLines.flatMap((line): VerifyFound[] => {
    const {path, toolchain} = line
    if ((toolchain === undefined) === (rule === 'forbidden')) return []
    const verb = baseName(path) === goWork ? 'work' : 'mod'
    const wanted = rule === 'forbidden' ? 'none' : toolchainFor(line, facts)
    return [
      {
        code: 'TOOLCHAIN_LINE',
        facts: {
          file: pathToUtf8(path),
          line: undefined,
          module: undefined,
          expected: rule === 'forbidden' ? 'no toolchain line' : 'a toolchain line',
          found: toolchain,
          mend:
            wanted === undefined
              ? undefined
              : `go ${verb} edit -toolchain=${wanted} ${shellWord(pathToUtf8(path))} && ${add([path])}`,
        },
      },
    ]
  })
}

const goWork = pathFromUtf8('go.work')

/** The locked toolchain, else the one here. None that is not above the go line: `go mod tidy` takes such a line out again. */
function toolchainFor(
  {path, goVersion}: VerifyFacts['toolchainLines'][number],
  {locks, goHere}: VerifyFacts,
): string | undefined {
  const lock = locks.find(({modFiles}) => modFiles.some(modFile => modFile.path === path))
  const parsed = lock?.text === undefined ? undefined : parseLock(lock.text)
  const wanted = parsed?.kind === 'lock' ? parsed.lock.version : goHere
  const isAbove = wanted !== undefined && compareGoVersions(wanted, `go${goVersion ?? '1.16'}`) > 0
  return isAbove ? wanted : undefined
}

/**
 * What `go mod tidy` would change and the tree alone can decide: `// indirect` against what the main packages and their tests
 * import, and imports that no required module could provide. A package may belong to any required module whose path is a
 * prefix of it: where there are several and vendor/modules.txt does not say which it is, none is called direct and all are
 * used. Modules of `tool` lines are used, and stay `// indirect` (go get -tool writes them so, and tidy keeps it).
 */
export function checkTidy(module: ModuleFacts): VerifyFound[] {
  const [member] = module.mains.members
  if (module.alternative || member === undefined) return []
  const {direct, used, missing} = findProviders(module, member)
  const hasSum = missing.length > 0 || module.sums.some(({path}) => path === member.sumFile)
  const mend = hasSum ? tidy(member.sumFile) : tidyModFile(member.sumFile)
  const place = {file: pathToUtf8(member.modFile), line: undefined, mend}
  return [
    ...missing.map(
      ({path, file}): VerifyFound => ({
        code: 'MOD_UNTIDY',
        facts: {...place, module: undefined, reason: 'missing', example: file, package: path},
      }),
    ),
    ...member.file.requires.flatMap(({module: required, indirect}): VerifyFound[] => {
      const imported = direct.get(required.path)
      const marked = indirect && imported !== undefined
      if (!marked && (indirect || used.has(required.path) || module.submodules.length > 0)) return []
      return [
        {
          code: 'MOD_UNTIDY',
          facts: {
            ...place,
            module: moduleName(required),
            reason: marked ? 'indirect' : 'unused',
            example: imported?.file,
            package: imported?.path,
          },
        },
      ]
    }),
  ]
}

/** Whether a requirement would be called unused, did not a submodule hold packages of the module. */
export function mayBeUnused(module: ModuleFacts): boolean {
  return (
    module.submodules.length > 0 &&
    checkTidy({...module, submodules: []}).some(
      ({code, facts}) => code === 'MOD_UNTIDY' && facts.reason === 'unused',
    )
  )
}

type Import = ModuleFacts['imports'][number]

/** By path of a required module: an import that only it provides, and whether it may provide any. */
function findProviders(module: ModuleFacts, {file: goMod}: MainModule) {
  const required = goMod.requires.map(({module}) => module.path)
  const siblings = module.workspace?.mains.members.map(({file}) => file.modulePath) ?? []
  // It may be a package of a member of which the tree holds nothing.
  const hasUnseen = module.workspace !== undefined && hasUnseenMembers(module.workspace.mains)
  const direct = new Map<string, Import>()
  const used = new Set<string>()
  const missing: Import[] = []
  for (const tool of goMod.tools) for (const path of candidates(tool)) used.add(path)
  for (const imported of module.imports) {
    const {path} = imported
    if (module.packages.has(path)) continue
    const known = module.providers.get(path)
    const providers = known === undefined ? candidates(path) : [known]
    for (const provider of providers) used.add(provider)
    const [provider] = providers
    if (provider === undefined) {
      if (!module.vendored && !hasUnseen && isFromElsewhere(path)) missing.push(imported)
    } else if (providers.length === 1 && !direct.has(provider)) direct.set(provider, imported)
  }
  return {direct, used, missing}

  function candidates(path: string): string[] {
    const isOwn = isWithin(path, goMod.modulePath)
    return required.filter(
      prefix => isWithin(path, prefix) && (!isOwn || prefix.length > goMod.modulePath.length),
    )
  }

  /** Neither the standard library's, nor of this module or workspace, nor something the compiler would refuse. */
  function isFromElsewhere(path: string): boolean {
    return (
      !isStandard(path) &&
      isModulePath(path) &&
      ![goMod.modulePath, ...siblings].some(main => isWithin(path, main))
    )
  }
}
