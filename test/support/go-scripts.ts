/**
 * Go's own script tests of the go command (GOROOT/src/cmd/go/testdata/script), run by cmd/go's own test binary: with the
 * launcher in front of the go that the scripts call, or without.
 *
 * Everything happens in a copy of a GOROOT. Three places of two test files are edited, by -overlay, so not even the copy's
 * own files are:
 * - go_test.go: what the scripts find as `go`, testBin/go, is a link to $GOWARDEN_LAUNCHER and not to the test binary;
 * - script_test.go: behind testBin on PATH stands the folder of the test binary, which the launcher finds as the real go;
 * - script_test.go: XDG_CACHE_HOME, the place of gowarden's store, is one of the variables that reach the scripts.
 * The test binary lies in the copy as testbin/go, so it counts as a go of that GOROOT and its plans are stored.
 * Without the launcher $GOWARDEN_LAUNCHER is the test binary itself, as Go has it.
 */
import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {machine, root, runProgram} from './rig.ts'

export type ScriptEnd = 'PASS' | 'FAIL' | 'SKIP'

/** How each script ended, and what is said of those that did not pass: the failing line, or go's whole output. */
export type ScriptResults = {ends: Map<string, ScriptEnd>; reasons: Map<string, string>; output: string}

const noPath = 'sets PATH empty, so no go stands behind the launcher'

/** Scripts that differ by design, with the reason. */
export const differingScripts: Record<string, string> = {
  build_buildvcs_auto: noPath,
  cgo_stale_precompiled: noPath,
  generate_goroot_PATH: noPath,
  gotoolchain_issue66175: noPath,
  gotoolchain_net: noPath,
  mod_doc_path: noPath,
  run_goroot_PATH: noPath,
  test_buildvcs: noPath,
  test_goroot_PATH: noPath,
  list_goroot_symlink: 'copies the go that it is given into another GOROOT, and here that is the launcher',
  tool_build_as_needed: 'builds with two GOROOTs on one GOCACHE, and that is what gowarden refuses',
  version_build_settings: 'asserts that build info has no -gcflags, and that is where the stamp stands',
}

export type Scripts = {folder: string; goroot: string; binary: string}

/** Copies a GOROOT into `folder` and compiles cmd/go's tests there. Objects come from the machine's own GOCACHE. */
export function prepareScripts(folder: string, from: string): Scripts {
  const goroot = join(folder, 'goroot')
  cpSync(from, goroot, {recursive: true})
  // The toolchain module has no tests of what lies outside src, and GOTOOLCHAIN is the scripts' own business.
  const tests = join(goroot, 'src/cmd/go')
  const overlay = {
    'go_test.go': edited(join(tests, 'go_test.go'), [
      ['os.Symlink(testExe, testGo)', 'os.Symlink(os.Getenv("GOWARDEN_LAUNCHER"), testGo)'],
    ]),
    'script_test.go': edited(join(tests, 'script_test.go'), [
      [
        'testBin + string(filepath.ListSeparator)',
        'testBin + string(filepath.ListSeparator) + os.Getenv("GOWARDEN_REAL") + string(filepath.ListSeparator)',
      ],
      ['var extraEnvKeys = []string{', 'var extraEnvKeys = []string{"XDG_CACHE_HOME",'],
    ]),
  }
  const replace: Record<string, string> = {}
  for (const [name, text] of Object.entries(overlay)) {
    writeFileSync(join(folder, name), text)
    replace[join(tests, name)] = join(folder, name)
  }
  writeFileSync(join(folder, 'overlay.json'), JSON.stringify({Replace: replace}))
  const binary = join(goroot, 'testbin/go')
  mkdirSync(dirname(binary))
  execFileSync(
    join(goroot, 'bin/go'),
    ['test', '-c', `-overlay=${join(folder, 'overlay.json')}`, '-o', binary, 'cmd/go'],
    {
      cwd: tests,
      env: {...process.env, GOROOT: '', GOTOOLCHAIN: 'local', GOFLAGS: '', GOENV: 'off', CGO_ENABLED: '0'},
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  return {folder, goroot, binary}
}

/** The text of a file with each place replaced once; throws where Go's tests no longer have it. */
function edited(file: string, edits: [from: string, to: string][]): string {
  return edits.reduce(
    (text, [from, to]) => {
      if (text.split(from).length !== 2) throw new Error(`${file}: "${from}" is not there exactly once`)
      return text.replace(from, () => to)
    },
    readFileSync(file, 'utf8'),
  )
}

/** Runs the scripts whose names match, with a cache and a store of their own. */
export async function runScripts(
  {folder, goroot, binary}: Scripts,
  way: 'bare' | 'launcher',
  pattern: string,
  {isShort}: {isShort: boolean},
): Promise<ScriptResults> {
  const own = join(folder, way)
  for (const name of ['tmp', 'home', 'cache']) mkdirSync(join(own, name), {recursive: true})
  const words = [`-test.run=^TestScript$/${pattern}`, '-test.v', '-test.timeout=120m', '-test.parallel=4']
  const ended = await runProgram(binary, isShort ? [...words, '-test.short'] : words, {
    cwd: join(goroot, 'src/cmd/go'),
    env: {
      // The tests ask this go for its GOROOT; the scripts get the test binary.
      PATH: `${goroot}/bin:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: join(own, 'home'),
      XDG_CACHE_HOME: join(own, 'cache'),
      TMPDIR: join(own, 'tmp'),
      GOCACHE: join(own, 'go-build'),
      LANG: 'C.UTF-8',
      GOWARDEN_LAUNCHER: way === 'launcher' ? join(root, 'bin/go') : binary,
      GOWARDEN_REAL: dirname(binary),
    },
  })
  rmSync(join(own, 'tmp'), {recursive: true, force: true})
  return parseScripts(ended.stdout + ended.stderr)
}

/** Reads what `go test -v` prints of TestScript. */
export function parseScripts(output: string): ScriptResults {
  const ends = [...output.matchAll(/^ {4}--- (PASS|FAIL|SKIP): TestScript\/(\S+) \(/gm)].map(
    ([, end, name = '']) => [name, end as ScriptEnd] as const,
  )
  const reasons = [
    ...output.matchAll(/^ {4}script_test\.go:\d+: FAIL: testdata\/script\/(\w+)\.txt:(.*)$/gm),
  ].map(([, name = '', reason = '']) => [name, reason] as const)
  return {ends: new Map(ends), reasons: new Map(reasons), output}
}

/** The GOROOT of a version, fetched by the go on PATH where it is another than its own. */
export function gorootOfVersion(version: string): string {
  return execFileSync('go', ['env', 'GOROOT'], {
    env: {...process.env, GOWARDEN: 'off', GOTOOLCHAIN: version === machine.version ? 'local' : version},
  })
    .toString()
    .trim()
}
