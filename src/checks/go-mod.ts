/** go.mod and go.work: readable, tidy as far as the tree itself can tell, and with the toolchain line the policy wants. */
import type {Finding} from '../findings.ts'
import {directoryOf, pathToUtf8} from '../git/path-bytes.ts'
import {shellWord} from '../git/shell-word.ts'
import {formatModule, isWithin} from '../go/module-path.ts'
import type {ModuleFacts, VerifyFacts} from '../go/verify-facts.ts'
import {finding, type VerifyPolicy} from './verify-policy.ts'

export function checkModFiles(facts: VerifyFacts, policy: VerifyPolicy): Finding[] {
  return [
    ...facts.unmerged.flatMap(path =>
      finding(policy, 'INDEX_UNMERGED', {
        file: pathToUtf8(path),
        line: undefined,
        module: undefined,
        mend: `git add ${shellWord(pathToUtf8(path))}`,
      }),
    ),
    ...facts.malformedModFiles.flatMap(({path, reason}) =>
      finding(policy, 'MOD_MALFORMED', {file: pathToUtf8(path), line: undefined, module: undefined, reason}),
    ),
    ...facts.unlistedVendors.flatMap(path =>
      finding(policy, 'VENDOR_UNLISTED', {
        file: pathToUtf8(path),
        line: undefined,
        module: undefined,
        mend: 'go mod vendor && git add vendor',
      }),
    ),
    ...facts.otherVendors.flatMap(({path, mode}) =>
      finding(policy, 'VENDOR_MODE', {
        file: pathToUtf8(path),
        line: undefined,
        module: undefined,
        mode,
        mend: `git rm --cached ${shellWord(pathToUtf8(path))} && go mod vendor && git add vendor`,
      }),
    ),
    ...checkToolchainLines(facts, policy),
  ]
}

function checkToolchainLines(facts: VerifyFacts, policy: VerifyPolicy): Finding[] {
  const rule = policy.toolchainLine
  if (rule === undefined) return []
  return facts.toolchainLines.flatMap(({path, toolchain}) => {
    if ((toolchain === undefined) === (rule === 'forbidden')) return []
    const verb = path.endsWith('go.work') ? 'work' : 'mod'
    const line = toolchain === undefined ? '-toolchain=go1.x.y' : '-toolchain=none'
    return finding(policy, 'TOOLCHAIN_LINE', {
      file: pathToUtf8(path),
      line: undefined,
      module: undefined,
      expected: rule === 'forbidden' ? 'no toolchain line' : 'a toolchain line',
      found: toolchain,
      mend: `go ${verb} edit ${line} ${shellWord(pathToUtf8(path))}`,
    })
  })
}

/**
 * What `go mod tidy` would change and the tree alone can decide: `// indirect` against what the main packages, their tests
 * and tool lines name. A package may belong to any required module whose path is a prefix of it, so a module is called
 * direct only when it has the longest such path, and unused only when none of them begins with its path.
 */
export function checkTidy(module: ModuleFacts, policy: VerifyPolicy): Finding[] {
  if (module.alternative) return []
  return module.mains.members.flatMap(member => {
    const {requires, tools} = member.file
    const named = [
      ...module.imports,
      ...tools.map(path => ({path, file: `the tool line of ${pathToUtf8(member.modFile)}`})),
    ]
    const paths = requires.map(({module}) => module.path).sort((a, b) => b.length - a.length)
    const direct = new Map<string, string>()
    const used = new Set<string>()
    for (const {path, file} of named) {
      const providers = paths.filter(prefix => isWithin(path, prefix))
      for (const provider of providers) used.add(provider)
      const [nearest] = providers
      if (nearest !== undefined && !direct.has(nearest)) direct.set(nearest, file)
    }
    return requires.flatMap(({module: required, indirect}) => {
      const example = direct.get(required.path)
      const marked = indirect && example !== undefined
      if (!marked && (indirect || used.has(required.path))) return []
      return finding(policy, 'MOD_UNTIDY', {
        file: pathToUtf8(member.modFile),
        line: undefined,
        module: formatModule(required),
        reason: marked ? 'indirect' : 'unused',
        example,
        mend: tidy(member.modFile),
      })
    })
  })
}

function tidy(modFile: string): string {
  const at = directoryOf(modFile)
  return `go${at === '' ? '' : ` -C ${shellWord(pathToUtf8(at))}`} mod tidy`
}
