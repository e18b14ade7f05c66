/**
 * `gowarden verify` beside the conventional check, `go mod vendor -o` and `diff -r`, on one large public module vendored anew:
 * some 14 000 files of some 250 modules.
 */
import {execFileSync} from 'node:child_process'
import {cpSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
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
  const floor = interleave(
    {
      floor: shell(`'${process.execPath}' -e 0 && git ls-files -s > /dev/null`),
      unchanged: verify(remember),
    },
    20,
  )
  const times = interleave(
    {
      conventional: shell('rm -rf ../again && go mod vendor -o ../again && diff -r vendor ../again'),
      cold: verify(forget('gowarden')),
      warm: verify(() => {
        remember()
        forget('gowarden/verify')()
      }),
      unchanged: verify(remember),
    },
    5,
  )
  const beside = (what: string, measured: number[], factor: number): Row => ({
    kind: 'measured',
    what,
    base: 'go mod vendor -o and diff -r',
    comparison: compare(times.conventional, measured),
    limit: {kind: 'times', factor},
  })
  const added: {comparison: Comparison; limit: Limit} = {
    comparison: compare(floor.floor, floor.unchanged),
    limit: {kind: 'added', ms: 40},
  }
  return [
    beside('gowarden verify, unchanged since the last run', times.unchanged, 1 / 50),
    beside('gowarden verify, warm: zips known', times.warm, 1 / 25),
    beside('gowarden verify, cold: every zip hashed', times.cold, 1 / 2.5),
    {kind: 'measured', what: 'gowarden verify, unchanged', base: 'bare node and git ls-files -s', ...added},
  ]
}
