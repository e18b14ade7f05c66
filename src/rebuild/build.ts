/** Builds again, in folders of its own: no object, module or setting of the person's counts. */
import {outsideModules} from '../go/command/child-env.ts'
import type {System} from '../system/system.ts'
import type {Recipe} from './recipe.ts'

/** Folders below a temporary one; `cache` may be another for tests, which share what the standard library compiles to. */
export type Folders = {scratch: string; cache: string}

export type Built = {kind: 'built'; path: string} | {kind: 'failed'; said: string}

/** Where go gets modules: what the go here would use, less going to hosts by itself. */
export type Downloads = {proxies: string; sumdb: string; noSumdb: string; modules: string}

/**
 * Asks the go of the person, with their settings. Their module cache is the first proxy, so that what it has is not fetched again; go checks every module against
 * the checksum database all the same. `direct` is left out: it runs Git against hosts that a module path names. Where some modules are
 * private, no public proxy is asked for them.
 */
export async function readDownloads(system: System, go: string): Promise<Downloads> {
  const names = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOPROXY', 'GOMODCACHE']
  const {stdout} = await system.run(go, ['env', ...names], {cwd: '/', env: outsideModules(system.env, '/')})
  const [proxy = '', sumdb = '', noSumdb = '', noProxy = '', modules = ''] = stdout.split('\n')
  const cache = `file://${modules.split('/').map(encodeURIComponent).join('/')}/cache/download`
  const others = proxy.split(/(?=[,|])/).filter(each => !/^[,|]?direct$/.test(each))
  const rest = noProxy === '' ? others.join('').replace(/^[,|]/, '') : 'off'
  return {
    proxies: rest === '' ? `${cache},off` : `${cache},${rest}`,
    sumdb,
    noSumdb,
    modules,
  }
}

/** Copies what the go here keeps of the checksum database: signed, checked again by go, and enough to be offline with. */
export async function shareChecksums(system: System, {modules}: Downloads, folders: Folders): Promise<void> {
  const from = `${modules}/cache/download/sumdb`
  const latest = `${modules.replace(/\/mod$/, '')}/sumdb`
  const to = moduleCacheOf(folders)
  if (system.files.stat(from) !== undefined) {
    system.files.makeDirectory(`${to}/cache/download`, 0o700)
    await system.run('cp', ['-R', from, `${to}/cache/download/sumdb`])
  }
  if (system.files.stat(latest) !== undefined)
    await system.run('cp', ['-R', latest, `${folders.scratch}/gopath/pkg/sumdb`])
}

/** What the go command of `goroot` is run with. */
export function buildEnv(
  system: System,
  recipe: Recipe,
  {goroot, work}: {goroot: string; work: string},
  downloads: Downloads,
  folders: Folders,
  mayRunCompiler: boolean,
): Record<string, string | undefined> {
  const {env} = system
  const kept = Object.fromEntries(
    [...network, ...(mayRunCompiler ? compilers : [])].flatMap(name =>
      env[name] === undefined ? [] : [[name, env[name]]],
    ),
  )
  const home = env['HOME'] ?? ''
  // A name that is nowhere: go says that it needs a C compiler, and runs none. Nor does PATH lead to pkg-config, or to swig.
  const noCompiler = {
    PKG_CONFIG: '/gowarden/no-c-compiler',
    CC: '/gowarden/no-c-compiler',
    CXX: '/gowarden/no-c-compiler',
    FC: '/gowarden/no-c-compiler',
  }
  return {
    ...kept,
    ...(mayRunCompiler ? {} : noCompiler),
    PATH: `${goroot}/bin:${mayRunCompiler ? (env['PATH'] ?? '') : `${folders.scratch}/programs`}`,
    HOME: `${folders.scratch}/home`,
    NETRC: env['NETRC'] ?? `${home}/.netrc`,
    TMPDIR: `${folders.scratch}/tmp`,
    LC_ALL: 'C',
    GOWARDEN: 'off',
    GOENV: 'off',
    GOFLAGS: '',
    GOTOOLCHAIN: 'local',
    GOWORK: work,
    GO111MODULE: 'on',
    GOPATH: `${folders.scratch}/gopath`,
    GOMODCACHE: moduleCacheOf(folders),
    GOCACHE: folders.cache,
    GOPROXY: downloads.proxies,
    GOSUMDB: downloads.sumdb,
    GONOSUMDB: downloads.noSumdb,
    GONOPROXY: 'none',
    GOVCS: '*:off',
    ...recipe.env,
  }
}

const network = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]
const compilers = [
  'CC',
  'CXX',
  'FC',
  'AR',
  'PKG_CONFIG',
  'PKG_CONFIG_PATH',
  'CGO_CFLAGS',
  'CGO_CPPFLAGS',
  'CGO_CXXFLAGS',
  'CGO_FFLAGS',
  'CGO_LDFLAGS',
]

function moduleCacheOf({scratch}: Folders): string {
  return `${scratch}/gopath/pkg/mod`
}

/**
 * Runs go once, `number` telling apart what several runs make. A module of the proxy is installed, as its maker did; a package of
 * a repository is built in the folder of its module.
 */
export async function build(
  system: System,
  recipe: Recipe,
  go: string,
  place: {directory: string; env: Record<string, string | undefined>; scratch: string; number: number},
  guessed: readonly string[],
): Promise<Built> {
  // -modcacherw: what go unpacks can be removed again.
  const flags = [...recipe.flags, ...guessed, '-modcacherw']
  const bin = `${place.scratch}/gopath/bin`
  const out = `${place.scratch}/built-${place.number}`
  const words =
    recipe.origin.kind === 'module'
      ? ['install', ...flags, `${recipe.package}@${recipe.origin.version}`]
      : ['build', ...flags, '-o', out, recipe.package]
  system.files.remove(bin)
  const {exitCode, stderr} = await system.run(go, words, {cwd: place.directory, env: place.env})
  if (exitCode !== 0) return {kind: 'failed', said: stderr.trim()}
  if (recipe.origin.kind === 'source') return {kind: 'built', path: out}
  const installed = onlyFile(system, bin)
  if (installed === undefined) return {kind: 'failed', said: 'go install left no program'}
  system.files.move(installed, out)
  return {kind: 'built', path: out}
}

/** go installs a program for another platform one folder deeper. */
function onlyFile(system: System, folder: string): string | undefined {
  const [first] = system.files.list(folder) ?? []
  if (first === undefined) return undefined
  return first.kind === 'directory' ? onlyFile(system, `${folder}/${first.name}`) : `${folder}/${first.name}`
}
