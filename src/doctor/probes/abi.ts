/** What this compiler asks of the runtime, and what the runtime of this GOROOT has, from objects that are made now. */
import {
  anyAbi,
  namesInListing,
  type ObjectSymbol,
  objectHeader,
  parseBuiltinList,
  readObjects,
} from '../../go/binary/symbols.ts'
import {goVersionName} from '../../go/command/go-env.ts'
import {withScratch} from '../../system/node.ts'
import {isBelow} from '../checks/module.ts'
import {askGo, firstWords, type Here} from '../go.ts'
import {probes} from './abi-sources.ts'

/** A runtime symbol as the compiler names it, with the number by which the linker finds it, where it has one. */
export type Reference = ObjectSymbol & {builtin: number | undefined}

export type AbiFacts = {
  /** The first line of what each program writes, and the one that the linker takes; '' where it could not be learned. */
  headers: {compile: string; asm: string; link: string}
  references: Reference[]
  /** The linker's list of numbers, from the source of this GOROOT; empty where that is missing. */
  builtins: ObjectSymbol[]
  runtime: RuntimeSymbols
  /** Why the compiler made nothing of a probe; undefined where it compiled them all. */
  refused: string | undefined
}

/** Where the runtime was compiled: its symbols. Else the names in its source, for no archive could be made; `said` is why. */
export type RuntimeSymbols =
  | {kind: 'archives'; archives: {path: string; header: string}[]; defined: ObjectSymbol[]}
  | {kind: 'sources'; said: string; defined: ObjectSymbol[]}

/** Compiles the probes, and the runtime in a cache that is empty: since Go 1.20 no compiled standard library is shipped. */
export async function probeAbi(here: Here): Promise<AbiFacts> {
  return await withScratch(async folder => {
    const compiled = await compileProbes(here, folder)
    const headers = await probeHeaders(here, folder)
    const list = here.system.files.read(`${here.env['GOROOT']}/src/cmd/internal/goobj/builtinlist.go`)
    return {
      headers: {...headers, compile: compiled.header},
      references: compiled.references,
      builtins: parseBuiltinList(list?.toString() ?? ''),
      refused: compiled.refused,
      runtime: await readRuntime(here, folder),
    }
  })
}

/** The target as go would hand it to its tools. */
function targetEnv({system, env}: Here): Record<string, string | undefined> {
  const names = ['GOOS', 'GOARCH', 'GOEXPERIMENT', 'GOAMD64', 'GOARM', 'GO386', 'GOROOT']
  return {...system.env, ...Object.fromEntries(names.flatMap(name => (env[name] ? [[name, env[name]]] : [])))}
}

type Compiled = {header: string; references: Reference[]; refused: string | undefined}

/** Each probe optimised and not, for the two call different parts of the runtime. */
async function compileProbes(here: Here, folder: string): Promise<Compiled> {
  const {system} = here
  const references = new Map<string, Reference>()
  let header = ''
  let refused: string | undefined
  for (const {since, name, source} of probes) {
    // The compiler's own version, which may be another than that of the go command.
    if (header !== '' && isBelow(versionIn(header), since)) continue
    const path = `${folder}/${name}.go`
    system.files.replace(path, source, 0o600)
    for (const flags of [[], ['-N', '-l']]) {
      const object = `${folder}/${name}.o`
      const words = ['-S', ...flags, '-p', 'probe', '-o', object, path]
      const {status, stdout, stderr} = await runTool(here, 'compile', words)
      const [read] = status === 0 ? (readObjects(system.files.read(object) ?? Buffer.alloc(0)) ?? []) : []
      if (read === undefined) {
        refused ??=
          status === 0 ? 'its objects are of a format that is not known here' : firstWords(stderr + stdout)
        continue
      }
      header = read.header
      const names = namesInListing(stdout)
      const own = new Set(read.defined.map(({name}) => name))
      const add = (reference: Reference) =>
        references.set(`${reference.name} ${reference.builtin}`, reference)
      for (const {name, abi} of read.referred)
        if (isOfRuntime(name) && !own.has(name)) add({name, abi, builtin: undefined})
      for (const {symbol, offset, builtin} of read.builtins) {
        const name = names.get(`${symbol} ${offset}`)
        if (name !== undefined) add({name, abi: anyAbi, builtin})
      }
    }
  }
  return {header, references: [...references.values()], refused}
}

function versionIn(header: string): string {
  return goVersionName(header.split(' ')[4] ?? '')
}

/** The probes import nothing, so every package that they refer to is one that the compiler chose. */
function isOfRuntime(name: string): boolean {
  return /^(runtime|internal\/[\w/]+)\.\w/.test(name)
}

/** What the assembler writes, and what the linker says that it wants when it is given something else. */
async function probeHeaders(here: Here, folder: string): Promise<{asm: string; link: string}> {
  const {files} = here.system
  files.replace(`${folder}/probe.s`, 'DATA ·probe(SB)/1, $1\nGLOBL ·probe(SB), 8, $1\n', 0o600)
  files.replace(`${folder}/none.o`, 'go object none\n!\n', 0o600)
  await runTool(here, 'asm', ['-p', 'probe', '-o', `${folder}/asm.o`, `${folder}/probe.s`])
  const asm = objectHeader(files.readHead(`${folder}/asm.o`, 1024) ?? Buffer.alloc(0))
  const {stdout, stderr} = await runTool(here, 'link', ['-o', `${folder}/none`, `${folder}/none.o`])
  const link = (stdout + stderr).match(/^want "(go object [^\n]*?)(?:\\n)?"$/m)?.[1]
  return {asm: asm ?? '', link: link ?? ''}
}

async function runTool(
  here: Here,
  tool: string,
  words: readonly string[],
): Promise<{status: number; stdout: string; stderr: string}> {
  const path = `${here.env['GOTOOLDIR']}/${tool}`
  const answer = await askGo({...here, go: path}, words, targetEnv(here))
  return answer.status === 126 ? {...answer, stderr: `${path}: ${answer.stderr}`} : answer
}

/** The go of this GOROOT, in a folder of no module: what a go.mod here says of toolchains is settled, and it may be damaged. */
function outside(here: Here, folder: string): Here {
  const {system, env, go} = here
  const own = `${env['GOROOT']}/bin/go`
  return {
    ...here,
    go: system.files.isExecutable(own) ? own : go,
    system: {...system, run: (file, words, options) => system.run(file, words, {...options, cwd: folder})},
  }
}

async function readRuntime(here: Here, folder: string): Promise<RuntimeSymbols> {
  const {files} = here.system
  const template = '{{.ImportPath}}\t{{.Export}}'
  const listed = await askGo(outside(here, folder), ['list', '-export', '-deps', '-f', template, 'runtime'], {
    GOCACHE: `${folder}/cache`,
    GOFLAGS: undefined,
    GOWORK: 'off',
    GO111MODULE: undefined,
    GOTOOLCHAIN: 'local',
    PWD: folder,
  })
  if (listed.status !== 0) return {kind: 'sources', said: firstWords(listed.stderr), defined: inSources(here)}
  const archives: {path: string; header: string}[] = []
  const defined: ObjectSymbol[] = []
  for (const line of listed.stdout.split('\n')) {
    const [path = '', archive = ''] = line.split('\t')
    if (archive === '') continue
    for (const object of readObjects(files.read(archive) ?? Buffer.alloc(0)) ?? []) {
      archives.push({path, header: object.header})
      for (const symbol of object.defined) if (isExported(symbol)) defined.push(symbol)
    }
  }
  return {kind: 'archives', archives, defined}
}

/** What other packages may refer to: no string, no table of the collector, no symbol of one file. */
function isExported({name, abi}: ObjectSymbol): boolean {
  return (abi !== 0xffff || name.startsWith('type:')) && !/^(go:|gclocals)/.test(name)
}

/** Names in the source of the runtime and what it imports: functions and variables, in Go and assembly, and what linkname calls so. */
function inSources({system, env}: Here): ObjectSymbol[] {
  const {files} = system
  const source = `${env['GOROOT']}/src`
  const names = new Set<string>()
  const visit = (path: string): void => {
    for (const {name, kind} of files.list(`${source}/${path}`) ?? []) {
      if (kind === 'directory' && name !== 'testdata') visit(`${path}/${name}`)
      if (!/\.(go|s)$/.test(name) || name.endsWith('_test.go')) continue
      const text = files.read(`${source}/${path}/${name}`)?.toString() ?? ''
      for (const found of namesInSource(text, path)) names.add(found)
    }
  }
  for (const top of ['runtime', 'internal']) visit(top)
  return [...names].map(name => ({name, abi: anyAbi}))
}

/** Top-level functions and variables of one file, as the linker would call them. */
export function namesInSource(text: string, path: string): string[] {
  const own = [
    ...text.matchAll(/^func (\w+)[[(]/gm),
    ...text.matchAll(/^var (\w+)/gm),
    ...[...text.matchAll(/^var \(\n([\s\S]*?)^\)/gm)].flatMap(([, block = '']) => [
      ...block.matchAll(/^\t(\w+)\b/gm),
    ]),
    ...text.matchAll(/^(?:TEXT|GLOBL)\s+·(\w+)(?:<ABI\w+>)?\(SB\)/gm),
  ].map(([, name]) => `${path}.${name}`)
  const linked = [...text.matchAll(/^\/\/go:linkname \w+ (\S+\.\w+)$/gm)].map(([, name = '']) => name)
  const foreign = [...text.matchAll(/^(?:TEXT|GLOBL)\s+([\w∕]+)·(\w+)(?:<ABI\w+>)?\(SB\)/gm)].map(
    ([, at = '', name]) => `${at.replaceAll('∕', '/')}.${name}`,
  )
  return [...own, ...linked, ...foreign]
}
