/** What a workflow of GitHub Actions says of the machines and the Go versions it builds with, as far as its text says it. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'

/** `platform` as GOOS/GOARCH; undefined for a label that is not GitHub's own, which says nothing of the machine. */
export type Runner = {label: string; line: number; platform: string | undefined}

/** What one step gives actions/setup-go: the versions that it may be, as they stand there. */
export type SetupGo = {versions: string[]; line: number}

export type Workflow = {runners: Runner[]; setups: SetupGo[]}

/** No workflow is longer. */
export const mostWorkflowBytes = 512 * 1024

/** Reads the jobs that run go. What is no workflow, or no YAML, says nothing. */
export function readWorkflow(text: string): Workflow {
  const nothing: Workflow = {runners: [], setups: []}
  if (text.length > mostWorkflowBytes) return nothing
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false})
  if (document.errors.length > 0) return nothing
  const lineOf = (node: Node) => lines.linePos(node.range?.[0] ?? 0).line
  const jobs = at(document.contents, 'jobs')
  if (!isMap(jobs)) return nothing
  const found: Workflow = {runners: [], setups: []}
  for (const {value: job} of jobs.items) {
    if (!isMap(job)) continue
    const steps = at(job, 'steps')
    const own = isSeq(steps) ? steps.items.filter(isMap) : []
    if (!own.some(usesGo)) continue
    for (const {text, node} of valuesOf(job, at(job, 'runs-on')))
      found.runners.push({label: text, line: lineOf(node), platform: platformOfLabel(text)})
    for (const step of own) {
      const given = at(at(step, 'with'), 'go-version')
      if (!textAt(step, 'uses').startsWith('actions/setup-go@') || !isScalar(given)) continue
      const versions = valuesOf(job, given).map(({text}) => text)
      if (versions.length > 0) found.setups.push({versions, line: lineOf(given)})
    }
  }
  return found
}

function usesGo(step: YAMLMap): boolean {
  if (/^(actions\/setup-go@|golangci\/|goreleaser\/)|\bgowarden\b/.test(textAt(step, 'uses'))) return true
  return /(^|[\s;&|(])go\s+(build|generate|get|install|list|mod|run|test|tool|vet)\b/.test(
    textAt(step, 'run'),
  )
}

type Value = {text: string; node: Node}

/** A value, or those that the job's matrix has for it where it is `${{ matrix.NAME }}`. Any other expression is known only when it runs. */
function valuesOf(job: YAMLMap, node: unknown): Value[] {
  if (isSeq(node)) return node.items.length === 1 ? valuesOf(job, node.items[0]) : []
  if (!isScalar(node)) return []
  const text = textOf(node)
  const name = text.match(/^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/)?.[1]
  if (name === undefined) return isExpression(text) ? [] : [{text, node}]
  const matrix = at(at(job, 'strategy'), 'matrix')
  const listed = at(matrix, name)
  const included = at(matrix, 'include')
  return [
    ...(isSeq(listed) ? listed.items : []),
    ...(isSeq(included) ? included.items.map(item => at(item, name)) : []),
  ].flatMap(item => (isScalar(item) && !isExpression(textOf(item)) ? [{text: textOf(item), node: item}] : []))
}

function at(node: unknown, key: string): unknown {
  if (!isMap(node) || isAlias(node)) return undefined
  return node.get(key, true)
}

function textAt(node: YAMLMap, key: string): string {
  const value = at(node, key)
  return isScalar(value) ? textOf(value) : ''
}

/** As it is written: YAML reads 1.20 as the number 1.2. */
function textOf(scalar: Scalar): string {
  return typeof scalar.value === 'number'
    ? (scalar.source ?? String(scalar.value))
    : String(scalar.value ?? '')
}

/** GitHub's own runners (docs.github.com, "GitHub-hosted runners reference"). */
function platformOfLabel(label: string): string | undefined {
  const [, system, version = '', kind = ''] =
    label.match(/^(ubuntu|macos|windows)-(latest|slim|[\d.]+)((?:-[a-z0-9]+)*)$/) ?? []
  switch (system) {
    case 'ubuntu':
      return kind === '' ? 'linux/amd64' : kind === '-arm' ? 'linux/arm64' : undefined
    case 'windows':
      return kind === '' || kind === '-vs2026'
        ? 'windows/amd64'
        : kind === '-arm'
          ? 'windows/arm64'
          : undefined
    case 'macos':
      if (kind === '-intel' || kind === '-large') return 'darwin/amd64'
      if (kind !== '' && kind !== '-xlarge') return undefined
      return kind === '' && /^1[0-3](\.|$)/.test(version) ? 'darwin/amd64' : 'darwin/arm64'
    default:
      return undefined
  }
}

function isExpression(text: string): boolean {
  return /\$\{\{/.test(text)
}
