/** For which machine go compiles here, with which C compiler, and what cgo being off leaves out. */

import {goDefault, type Sourced} from '../../findings/facts-of-doctor.ts'
import {splitQuoted} from '../../go/command/quoted.ts'
import {reasonOf} from '../../store/folder.ts'
import {programsOnPath} from '../../system/programs.ts'
import {askGo, type Here, sourced} from '../go.ts'

export type TargetFacts = {
  os: Sourced
  arch: Sourced
  host: {os: string; arch: string}
  amd64: Sourced
  /** What this processor can do, as /proc/cpuinfo names it; undefined where that cannot be read. */
  processor: ReadonlySet<string> | undefined
  cgo: Sourced
  compiler: Sourced
  /** undefined: there is no such program; `for` is what it says it compiles for, '' where it was not asked. */
  found: {for: string} | undefined
  /** Packages here and below, not of the standard library, with the files that import "C". */
  cgoPackages: {path: string; files: string[]}[]
  /** Whether anything here, standard library included, is compiled by the C compiler. */
  needsCompiler: boolean
}

/** Lists packages only where cgo is off, or its compiler missing or for another machine. */
export async function probeTarget(here: Here): Promise<TargetFacts> {
  const {env} = here
  const host = {os: env['GOHOSTOS'] ?? '', arch: env['GOHOSTARCH'] ?? ''}
  const [os, arch, cgo, compiler] = (['GOOS', 'GOARCH', 'CGO_ENABLED', 'CC'] as const).map(name =>
    sourced(here, name),
  ) as [Sourced, Sourced, Sourced, Sourced]
  const isOther = os.value !== host.os || arch.value !== host.arch
  const found = await probeCompiler(here, compiler, isOther)
  const isDoubtful = cgo.value === '0' || found === undefined || isOther || found.for !== ''
  const packages = isDoubtful ? await listCgo(here) : []
  return {
    os,
    arch,
    host,
    amd64: sourced(here, 'GOAMD64'),
    processor: os.value === 'linux' && !isOther ? readProcessor(here) : undefined,
    cgo,
    compiler,
    found,
    cgoPackages: packages.filter(({isStandard}) => !isStandard).map(({path, files}) => ({path, files})),
    needsCompiler: packages.length > 0,
  }
}

/** Asks a compiler that somebody chose, or that is to compile for another machine, what it compiles for. */
async function probeCompiler(
  {system}: Here,
  compiler: Sourced,
  isOther: boolean,
): Promise<TargetFacts['found']> {
  const [program = '', ...words] = splitQuoted(compiler.value) ?? []
  const path = program.includes('/') ? program : (programsOnPath(system, program)[0] ?? '')
  if (path === '' || !system.files.isExecutable(path)) return undefined
  if (compiler.source === goDefault && !isOther) return {for: ''}
  try {
    const {exitCode, stdout} = await system.run(path, [...words, '-dumpmachine'])
    return {for: exitCode === 0 ? stdout.trim() : ''}
  } catch (error) {
    return {for: reasonOf(error)}
  }
}

type Listed = {path: string; files: string[]; isStandard: boolean}

const template = '{{if .CgoFiles}}{{.ImportPath}}\t{{.Standard}}\t{{range .CgoFiles}}{{.}}/{{end}}{{end}}'

async function listCgo(here: Here): Promise<Listed[]> {
  const {stdout} = await askGo(here, ['list', '-e', '-deps', '-f', template, './...'], {
    CGO_ENABLED: '1',
  })
  return stdout.split('\n').flatMap(line => {
    const [path = '', standard = '', files = ''] = line.split('\t')
    if (path === '' || files === '') return []
    return [{path, isStandard: standard === 'true', files: files.split('/').filter(name => name !== '')}]
  })
}

function readProcessor({system}: Here): ReadonlySet<string> | undefined {
  const text = system.files.read('/proc/cpuinfo')?.toString() ?? ''
  const flags = text.match(/^flags\s*:\s*(.*)$/m)?.[1]
  return flags === undefined ? undefined : new Set(flags.split(' '))
}
