// The standalone executable: every program of gowarden and Bun's runtime in one file, so that nobody needs Node.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {build} from 'esbuild'
import {signatureState, signedAdHoc} from './mach-o-signature.js'
import {smallerOpenTelemetry} from './smaller-opentelemetry.js'

/**
 * Without these the executable reads .env and bunfig.toml of the folder that it is started in, and runs what bunfig.toml preloads:
 * a repository would run code in front of go. test/engine/hostile.test.ts holds them.
 */
const nothingOfTheFolder = [
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-tsconfig',
  '--no-compile-autoload-package-json',
]

/**
 * The bun of this machine, as npm brought it; undefined where it did not. It lies in the package of its platform, from which the
 * install script of the package bun, where npm runs that, moves it to bin/bun.exe; without the script that is a text of few bytes.
 */
export function bunHere() {
  const require = createRequire(import.meta.url)
  const libc =
    process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime ? '-musl' : ''
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
  return (
    bunFrom(require, `@oven/bun-${process.platform}-${arch}${libc}`, 'bun') ??
    bunFrom(require, 'bun', 'bun.exe')
  )
}

/** Bun's name of a platform: bun-linux-arm64, bun-darwin-x64. */
export function bunTarget(platform, arch) {
  return `bun-${platform}-${arch}`
}

/** A program in the bin/ of a package of bun's; undefined where it is missing or a stand-in. */
export function bunFrom(require, name, program) {
  try {
    const bun = join(dirname(require.resolve(`${name}/package.json`)), 'bin', program)
    return statSync(bun).size > 1_000_000 ? bun : undefined
  } catch {
    return undefined
  }
}

/** What stands in a bundle for the names of src/untyped.d.ts. The commit is '' where Git knows none. */
export function defined(version, isStandalone) {
  const words = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*']
  const commit = spawnSync('git', words, {encoding: 'utf8'}).stdout?.trim() ?? ''
  return {
    GOWARDEN_VERSION: JSON.stringify(version),
    GOWARDEN_COMMIT: JSON.stringify(commit),
    GOWARDEN_STANDALONE: String(isStandalone),
  }
}

/**
 * Writes the executable `out`. `runtime` is the bun that becomes part of it, `target` its name (bun-linux-arm64), `bun` the one
 * that runs here. The same sources give the same bytes in whatever folder they lie.
 */
export async function buildEngine({bun, runtime, target, out, version}) {
  const folder = mkdtempSync(join(tmpdir(), 'gowarden-engine-'))
  try {
    await build({
      entryPoints: ['src/engine.ts', 'src/zip-worker.ts', 'src/audit-worker.ts', 'src/send-traces.ts'],
      outdir: folder,
      outExtension: {'.js': '.cjs'},
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      target: 'es2023',
      legalComments: 'none',
      logLevel: 'warning',
      plugins: [smallerOpenTelemetry],
      define: {
        ...defined(version, true),
        // Where a module lies is nowhere: package-folder.ts goes by the executable.
        'import.meta.url': '"file:///gowarden"',
        __dirname: '"/"',
        __filename: '"/gowarden"',
      },
    })
    const words = [
      'build',
      '--compile',
      '--bytecode',
      '--format=cjs',
      ...nothingOfTheFolder,
      `--target=${target}`,
      `--compile-executable-path=${runtime}`,
      `--outfile=${resolve(out)}`,
      './engine.cjs',
      './zip-worker.cjs',
      './audit-worker.cjs',
      './send-traces.cjs',
    ]
    // A folder of its own and no variable but PATH: nothing of the machine's gets into it.
    const made = spawnSync(bun, words, {cwd: folder, env: {PATH: process.env.PATH ?? ''}, encoding: 'utf8'})
    if (made.status !== 0) throw new Error(`${bun} ${words.join(' ')}\n${made.stdout}${made.stderr}`)
    if (target.startsWith('bun-darwin-')) sign(out)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** A file for macOS as it leaves here: with a signature that holds. */
function sign(file) {
  const bytes = readFileSync(file)
  if (signatureState(bytes) !== 'signed') writeFileSync(file, signedAdHoc(bytes))
}
