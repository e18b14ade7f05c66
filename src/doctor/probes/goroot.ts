/** Whether a GOROOT is whole, its tools of one release, and which files lie in it. */
import {readBinary} from '../../go/binary/executable.ts'
import {type Goroot, goVersionName} from '../../go/command/go-env.ts'
import {toolchainModule} from '../../go/module/toolchain-module.ts'
import {reasonOf} from '../../store/folder.ts'
import {withRandomAccess} from '../../system/random-access.ts'
import type {System} from '../../system/system.ts'
import {probeGoCommand} from '../../toolchain/go-command.ts'
import {readGorootVersion} from '../../toolchain/goroot.ts'
import {askGo, type Here} from '../go.ts'

/** `missing` are paths below GOROOT, each with what is wrong where it is not just absent. */
export type GorootParts = {
  missing: string[]
  tools: {tool: string; version: string}[]
  /** Tools that are not in GOTOOLDIR, with whether GOROOT/src/cmd has what they are made from. */
  unbuilt: {tool: string; hasSource: boolean}[]
  /** The go on PATH that switched to this GOROOT, where `go test -cover` asks that one for covdata; undefined elsewhere. */
  asksOuter: {go: string; version: string} | undefined
  source: SourceFacts
}

/** A file below GOROOT/src, by its path below GOROOT. Times are nanoseconds since the epoch. */
export type SourceFile = {path: string; mtimeNs: bigint; ctimeNs: bigint}

export type SourceFacts = {
  files: SourceFile[]
  /** When GOROOT/VERSION was written; undefined where there is none (a development tree). */
  versionNs: bigint | undefined
  /** The files of the same release as go itself unpacked it in the module cache; undefined where it did not, or where that is this GOROOT. */
  release: {folder: string; files: ReadonlySet<string>} | undefined
}

/** The programs that go starts for every build, and asks for their version. */
const needed = ['compile', 'link', 'asm']
const asked = [...needed, 'cgo', 'cover', 'vet']

/** What `go tool` and `go test -cover` start besides. Since Go 1.25 they are built from GOROOT/src/cmd when they are asked for. */
const onDemand = ['addr2line', 'buildid', 'covdata', 'nm', 'objdump', 'pack', 'pprof', 'test2json', 'trace']

/** Programs by these names in GOTOOLDIR are Go's; another one is somebody's own. */
const ofGo = new Set([...onDemand, 'dist', 'distpack', 'doc', 'fix', 'preprofile'])

/** Looks for what every build needs, for folders of the standard library that are empty, and at each tool's version. */
export async function probeGorootParts(here: Here, goroot: Goroot): Promise<GorootParts> {
  const {system, env} = here
  const {files} = system
  const tools = env['GOTOOLDIR'] ?? ''
  const relative = tools.startsWith(`${goroot}/`) ? tools.slice(goroot.length + 1) : tools
  const programs = needed.flatMap(tool => {
    const path = `${tools}/${tool}`
    if (files.stat(path) === undefined) return [`${relative}/${tool}`]
    return files.isExecutable(path) ? [] : [`${relative}/${tool} (not executable)`]
  })
  const sources = ['src/runtime/runtime2.go', 'src/fmt/print.go', 'pkg/include/textflag.h'].filter(
    path => files.stat(`${goroot}/${path}`) === undefined,
  )
  const there = asked.filter(tool => files.isExecutable(`${tools}/${tool}`))
  const versions = Promise.all(
    there.map(async tool => ({tool, version: await ask(system, `${tools}/${tool}`)})),
  )
  const others = await builtBy(system, tools)
  const tree = walk(system, goroot, 'src')
  return {
    missing: [...programs, ...sources, ...tree.empty.map(path => `${path} (empty)`)],
    tools: [...(await versions), ...others],
    unbuilt: onDemand
      .filter(tool => files.stat(`${tools}/${tool}`) === undefined)
      .map(tool => ({tool, hasSource: files.stat(`${goroot}/src/cmd/${tool}`) !== undefined})),
    asksOuter: outerGo(here, goroot),
    source: {
      files: tree.found,
      versionNs: files.stat(`${goroot}/VERSION`)?.mtimeNs,
      release: unpackedRelease(here, goroot),
    },
  }
}

/** A target that the tool does not know keeps it from saying what it is. */
const unset = {GOOS: undefined, GOARCH: undefined, GOEXPERIMENT: undefined}

/** `compile version go1.26.8`: the version, or what it said instead. */
async function ask(system: System, tool: string): Promise<string> {
  try {
    const {exitCode, stdout, stderr} = await system.run(tool, ['-V=full'], {env: {...system.env, ...unset}})
    const said = stdout.match(/^\S+ version (.*)$/m)?.[1]
    return exitCode === 0 && said !== undefined
      ? goVersionName(said)
      : (stdout + stderr).split('\n')[0]?.trim() || 'nothing'
  } catch (error) {
    return reasonOf(error)
  }
}

/** The tools that are not asked: few of them know -V, and each names the Go that built it, which is its own release. */
async function builtBy(system: System, tools: string): Promise<GorootParts['tools']> {
  const found: GorootParts['tools'] = []
  for (const {name, kind} of system.files.list(tools) ?? []) {
    if (kind === 'directory' || !ofGo.has(name)) continue
    const opened = await withRandomAccess(`${tools}/${name}`, readBinary)
    if (opened.kind !== 'read' || opened.value.kind !== 'go') continue
    found.push({tool: name, version: goVersionName(opened.value.buildInfo.goVersion)})
  }
  return found
}

/** Every file below a folder of GOROOT, and the folders that hold nothing at all: a copy that was cut short makes the folders first. */
function walk({files}: System, goroot: string, top: string): {found: SourceFile[]; empty: string[]} {
  const found: SourceFile[] = []
  const empty: string[] = []
  const visit = (below: string): void => {
    const entries = files.list(`${goroot}/${below}`) ?? []
    if (entries.length === 0 && below !== top && !/\/testdata(\/|$)|^src\/cmd(\/|$)/.test(below))
      empty.push(below)
    for (const {name, kind} of entries) {
      const path = `${below}/${name}`
      if (kind === 'directory') visit(path)
      else {
        const stat = files.stat(`${goroot}/${path}`)
        if (stat?.kind === 'file') found.push({path, mtimeNs: stat.mtimeNs, ctimeNs: stat.ctimeNs})
      }
    }
  }
  visit(top)
  return {found, empty}
}

/**
 * `go test -cover` of Go 1.25 runs `go tool covdata` of the go on PATH, and not of the GOROOT that it switched to; later ones run their
 * own (golang/go#75031, golang/go#77820; cmd/go/internal/work/cover.go, which is read, for a patch release may change it).
 */
function outerGo({system, go, env}: Here, goroot: string): GorootParts['asksOuter'] {
  // Named by GOTOOLCHAIN, that one switches as well.
  if (/^go\d/.test(env['GOTOOLCHAIN'] ?? '')) return undefined
  const command = probeGoCommand(system, go)
  if (command.ownGoroot === undefined || command.ownGoroot === system.files.realPath(goroot)) return undefined
  const source = system.files.read(`${goroot}/src/cmd/go/internal/work/cover.go`)?.toString() ?? ''
  if (!source.includes('"go", "tool", "covdata"')) return undefined
  return {go, version: readGorootVersion(system, command.ownGoroot) ?? ''}
}

/** What go unpacked of this release in the module cache, where it once switched to it: the list of files that belong to it. */
function unpackedRelease({system, env}: Here, goroot: string): SourceFacts['release'] {
  const {files} = system
  const name = toolchainModule(
    goVersionName(env['GOVERSION'] ?? ''),
    env['GOHOSTOS'] ?? '',
    env['GOHOSTARCH'] ?? '',
  )
  const folder = `${env['GOMODCACHE'] ?? ''}/${name}`
  if (!folder.startsWith('/') || files.stat(`${folder}/bin/go`) === undefined) return undefined
  if (files.realPath(folder) === files.realPath(goroot)) return undefined
  const {found} = walk(system, folder, 'src')
  return {folder, files: new Set(found.map(({path}) => path))}
}

/** Of these files those that `go build` compiles on this machine, for go reads constraints in names and texts. */
export async function compiledAmong(here: Here, paths: readonly string[]): Promise<Set<string>> {
  const goroot = here.env['GOROOT'] ?? ''
  const folders = [...new Set(paths.map(path => path.replace(/\/[^/]*$/, '')))].filter(
    folder => !/\/testdata(\/|$)|^src\/(cmd|vendor)(\/|$)/.test(folder),
  )
  const template = '{{.Dir}}{{range .GoFiles}}\t{{.}}{{end}}{{range .SFiles}}\t{{.}}{{end}}'
  const names = folders.map(folder => folder.slice('src/'.length))
  if (names.length === 0) return new Set()
  const {stdout} = await askGo(here, ['list', '-e', '-f', template, '--', ...names], {GOFLAGS: undefined})
  const compiled = new Set(
    stdout.split('\n').flatMap(line => {
      const [folder = '', ...files] = line.split('\t')
      return files.map(file => `${folder}/${file}`)
    }),
  )
  return new Set(paths.filter(path => compiled.has(`${goroot}/${path}`)))
}
