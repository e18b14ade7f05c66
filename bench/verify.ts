/**
 * `gowarden verify` on one large public module vendored anew, some 14 000 files of some 250 modules: beside the conventional check,
 * `go mod vendor -o` and `diff -r`, and beside what reading the same zips costs at the least, `unzip -p | sha256sum`.
 */
import {execFileSync} from 'node:child_process'
import {appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ReplacedBy} from '../src/go/module/mod-edit.ts'
import {cachePath, type ModuleVersion} from '../src/go/module/module-path.ts'
import {parseModulesTxt} from '../src/go/vendor/modules-txt.ts'
import {root} from '../test/support/rig.ts'
import {git, treeEnv} from '../test/support/vendored.ts'
import {type Command, type Comparison, compare, interleave, type Limit, type Row} from './measure.ts'

const module = 'github.com/prometheus/prometheus@v0.316.0'

export async function verifyRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gowarden bench '))
  try {
    const tree = makeTree(folder)
    return tree === undefined
      ? [{kind: 'absent', what: 'gowarden verify', reason: `${module} cannot be downloaded here`}]
      : measure(folder, tree)
  } finally {
    execFileSync('chmod', ['-R', 'u+w', folder])
    rmSync(folder, {recursive: true, force: true})
  }
}

/** Undefined where the module is not to be had. */
function makeTree(folder: string): string | undefined {
  const env = treeEnv({GOWORK: 'off'})
  try {
    const download = execFileSync('go', ['mod', 'download', '-json', module], {
      env,
      cwd: folder,
      stdio: 'pipe',
    })
    const {Dir: source} = JSON.parse(download.toString()) as {Dir: string}
    const tree = join(folder, 'tree')
    cpSync(source, tree, {recursive: true})
    execFileSync('chmod', ['-R', 'u+w', tree])
    execFileSync('go', ['mod', 'vendor'], {env, cwd: tree, stdio: 'pipe'})
    git(tree, 'init', '--quiet')
    git(tree, 'add', '--all', '--force')
    git(tree, 'commit', '--quiet', '--message=vendored')
    return tree
  } catch {
    return undefined
  }
}

function measure(folder: string, tree: string): Row[] {
  const entry = join(root, 'bin', 'gowarden')
  const store = join(folder, 'store')
  // Certificates of the machine's own, which Node reads at its start, would be measured with every row of ours.
  const env = {...treeEnv({GOWORK: 'off', XDG_CACHE_HOME: store}), NODE_EXTRA_CA_CERTS: undefined}
  const shell = (script: string): Command => ({file: 'sh', words: ['-c', script], cwd: tree, env})
  const verify = (prepare?: () => void): Command => ({
    file: process.execPath,
    words: [entry, 'verify', '--staged', '--offline'],
    cwd: tree,
    env,
    ...(prepare === undefined ? {} : {prepare}),
  })
  const forget = (path: string) => () => rmSync(join(store, path), {recursive: true, force: true})
  const remember = () => {
    execFileSync(process.execPath, verify().words, {cwd: tree, env, stdio: 'ignore'})
  }

  // Before go mod vendor writes thousands of files: what the system still has to write is nobody's time.
  execFileSync('sync')
  const hasExecutable = existsSync(join(root, 'dist/gowarden'))
  const standalone = {...verify(remember), file: entry, words: verify().words.slice(1)}
  const floor = interleave<string>(
    {
      floor: shell(`'${process.execPath}' -e 0 && git ls-files -s > /dev/null`),
      unchanged: verify(remember),
      ...(hasExecutable ? {listing: shell('git ls-files -s > /dev/null'), standalone} : {}),
    },
    20,
  )
  const zips = listZips(folder, tree)
  const times = interleave<string>(
    {
      ...(zips === undefined ? {} : {zips: shell(unzipAll(zips))}),
      conventional: shell('rm -rf ../again && go mod vendor -o ../again && diff -r vendor ../again'),
      cold: verify(forget('gowarden')),
      warm: verify(() => {
        remember()
        forget('gowarden/verify')()
      }),
      code: verify(() => {
        remember()
        changeCode(tree)
      }),
      unchanged: verify(remember),
    },
    5,
  )
  const beside = (what: string, base: string, of: string, measured: string, factor: number): Row => ({
    kind: 'measured',
    what,
    base,
    comparison: compare(times[of] ?? [], times[measured] ?? []),
    limit: {kind: 'times', factor},
  })
  const conventional = 'go mod vendor -o and diff -r'
  const sums = 'unzip -p | sha256sum of its zips, two at a time'
  const added = (base: string, measured: string, ms: number): {comparison: Comparison; limit: Limit} => ({
    comparison: compare(floor[base] ?? [], floor[measured] ?? []),
    limit: {kind: 'added', ms},
  })
  return [
    beside(
      'gowarden verify, unchanged since the last run',
      conventional,
      'conventional',
      'unchanged',
      1 / 50,
    ),
    beside('gowarden verify, code alone changed since', conventional, 'conventional', 'code', 1 / 25),
    beside('gowarden verify, zips known and no verdict', conventional, 'conventional', 'warm', 1 / 10),
    beside('gowarden verify, cold: every zip hashed', conventional, 'conventional', 'cold', 1 / 2.5),
    ...(zips === undefined
      ? [{kind: 'absent' as const, what: 'gowarden verify beside unzip', reason: 'unzip is not installed'}]
      : [
          beside('gowarden verify, code alone changed since', sums, 'zips', 'code', 0.03),
          beside('gowarden verify, zips known and no verdict', sums, 'zips', 'warm', 0.06),
          beside('gowarden verify, cold', sums, 'zips', 'cold', 0.45),
        ]),
    {
      kind: 'measured',
      what: 'gowarden verify, unchanged',
      base: 'bare node and git ls-files -s',
      ...added('floor', 'unchanged', 40),
    },
    hasExecutable
      ? {
          kind: 'measured',
          what: 'gowarden verify, unchanged, standalone',
          base: 'git ls-files -s',
          ...added('listing', 'standalone', 25),
        }
      : {kind: 'absent', what: 'gowarden verify, standalone', reason: 'npm brought no bun for this machine'},
  ]
}

/** What most commits are: a .go file of the module's own that imports what it did. */
function changeCode(tree: string): void {
  appendFileSync(join(tree, 'cmd/prometheus/main.go'), '// more\n')
  git(tree, 'add', 'cmd/prometheus/main.go')
}

function zipOf(module: ModuleVersion, replacement: ReplacedBy | undefined): ModuleVersion {
  return replacement?.kind === 'module' ? replacement.module : module
}

/** A file that lists the zips of all vendored modules; undefined where they cannot be unzipped. */
function listZips(folder: string, tree: string): string | undefined {
  const unzip = (process.env['PATH'] ?? '').split(':').some(path => existsSync(join(path, 'unzip')))
  if (!unzip) return undefined
  const cache = execFileSync('go', ['env', 'GOMODCACHE'], {cwd: tree, env: treeEnv({GOWORK: 'off'})})
  const {modules} = parseModulesTxt(readFileSync(join(tree, 'vendor/modules.txt'), 'latin1'))
  const zips = modules.flatMap(({module, packages, replacement}) => {
    const path = packages.length === 0 ? undefined : cachePath(zipOf(module, replacement), 'zip')
    return path === undefined ? [] : [join(cache.toString().trim(), 'cache/download', path)]
  })
  const list = join(folder, 'zips')
  writeFileSync(list, zips.map(zip => `${zip}\0`).join(''))
  return list
}

function unzipAll(list: string): string {
  return `xargs -0 -n 1 -P 2 sh -c 'unzip -p "$0" | sha256sum > /dev/null' < '${list}'`
}
