/** Modules of one repository that replace each other: one is bumped, the other no longer builds until it is tidied. */
import type {VerifyFound} from '../../findings/finding.ts'
import {type PathBytes, pathToUtf8, resolveInside} from '../../git/path-bytes.ts'
import {findReplacement, type MainModule} from '../../go/module/main-modules.ts'
import {isWithin} from '../../go/module/module-path.ts'
import {compareSemver, goAtLeast} from '../../go/module/semver.ts'
import type {ModuleFacts} from '../facts.ts'
import {tidy, tidyModFile} from './mends.ts'

/**
 * A module that takes another one from its directory has to require at least what that one requires, and a go line as high:
 * otherwise go stops with `updates to go.mod needed` as soon as a package of the other is imported (measured with go1.26.8,
 * for go lines of 1.16 and of 1.24 alike; go lines count from 1.21 on). In a workspace, and with vendor/, it builds all the same.
 */
export function checkNested(modules: readonly ModuleFacts[]): VerifyFound[] {
  const mains = modules.flatMap(({mains, alternative}) => (alternative ? [] : mains.members.slice(0, 1)))
  const byDirectory = new Map(mains.map(main => [main.directory, main]))
  return modules.flatMap((module): VerifyFound[] => {
    const [member] = module.mains.members
    if (member === undefined || module.alternative || module.vendored || module.workspace !== undefined) {
      return []
    }
    const stale = replacedByDirectory(module, member, byDirectory).flatMap(other => behind(member, other))
    const [first, ...more] = stale
    if (first === undefined) return []
    const hasSum = stale.some(({needed}) => !needed.startsWith('go ')) || module.sums.length > 0
    return [
      {
        code: 'MOD_STALE',
        facts: {
          file: pathToUtf8(member.modFile),
          line: undefined,
          module: undefined,
          ...first,
          more: more.length,
          mend: hasSum ? tidy(member.sumFile) : tidyModFile(member.sumFile),
        },
      },
    ]
  })
}

/** Modules of the repository of which this one imports packages, and which it takes from their directories. */
function replacedByDirectory(
  {mains, imports}: ModuleFacts,
  {directory, file}: MainModule,
  byDirectory: ReadonlyMap<PathBytes, MainModule>,
): MainModule[] {
  return file.requires.flatMap(({module}) => {
    const to = findReplacement(mains, module)?.to
    if (to?.kind !== 'directory') return []
    const at = resolveInside(directory, to.directory)
    const other = at === undefined ? undefined : byDirectory.get(at)
    return other !== undefined && imports.some(({path}) => isWithin(path, module.path)) ? [other] : []
  })
}

type Behind = {found: string; needed: string; neededBy: string}

function behind({file}: MainModule, other: MainModule): Behind[] {
  const neededBy = pathToUtf8(other.modFile)
  const required = new Map(file.requires.map(({module}) => [module.path, module.version]))
  const versions = other.file.requires.flatMap(({module: {path, version}}): Behind[] => {
    const found = required.get(path)
    if (found === undefined || compareSemver(found, version) >= 0) return []
    return [{found: `${path} ${found}`, needed: `${path} ${version}`, neededBy}]
  })
  const [mine, theirs] = [file.goVersion, other.file.goVersion]
  if (theirs === undefined || !goAtLeast(theirs, '1.21') || goAtLeast(mine ?? '1.16', theirs)) return versions
  return [...versions, {found: `go ${mine ?? '(no line)'}`, needed: `go ${theirs}`, neededBy}]
}
