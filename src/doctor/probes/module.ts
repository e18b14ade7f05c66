/** Which module and workspace count here, and what they ask of Go. */
import {dirname, resolve} from 'node:path'
import type {Sourced} from '../../findings/facts-of-doctor.ts'
import {pathToUtf8} from '../../git/path-bytes.ts'
import {findVersionLine} from '../../go/module/go-mod-lines.ts'
import {parseGoWork} from '../../go/module/mod-edit.ts'
import type {System} from '../../system/system.ts'
import {askGo, type Here, sourced} from '../go.ts'

/** A line of go.mod or go.work that names a version. */
export type VersionLine = {version: string; place: string}

export type ModuleFacts = {
  /** The nearest go.mod from here upwards; undefined where there is none. */
  goMod: string | undefined
  goLine: VersionLine | undefined
  toolchainLine: VersionLine | undefined
  /** The workspace in force, with whether it uses the module of this go.mod. */
  workspace: {goWork: string; source: string; usesModule: boolean} | undefined
  mode: Sourced
}

/** Reads go.mod and go.work; go itself is asked what a workspace uses. */
export async function probeModule(here: Here): Promise<ModuleFacts> {
  const {system, env} = here
  const goMod = nearest(system, system.cwd, 'go.mod')
  const goWork = env['GOWORK'] ?? ''
  const isWorkspace = goWork.startsWith('/')
  const file = isWorkspace ? goWork : goMod
  const text = file === undefined ? '' : (system.files.read(file)?.toString() ?? '')
  const line = (verb: 'go' | 'toolchain'): VersionLine | undefined => {
    const found = findVersionLine(text, verb)
    return found && {version: found.version, place: `${file}:${found.line}`}
  }
  const own = system.env['GOWORK'] ?? ''
  return {
    goMod,
    goLine: line('go'),
    toolchainLine: line('toolchain'),
    workspace:
      isWorkspace && goMod !== undefined
        ? {
            goWork,
            source: own === '' ? 'from the working directory upwards' : 'the environment',
            usesModule: await usesModule(here, goWork, dirname(goMod)),
          }
        : undefined,
    mode: sourced(here, 'GO111MODULE'),
  }
}

function nearest({files}: System, directory: string, name: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const path = at === '/' ? `/${name}` : `${at}/${name}`
    if (files.stat(path)?.kind === 'file') return path
    if (at === '/') return undefined
  }
}

/** Where go cannot read the workspace it says so itself, in every command. */
async function usesModule(here: Here, goWork: string, module: string): Promise<boolean> {
  const {status, stdout} = await askGo(here, ['work', 'edit', '-json', goWork])
  if (status !== 0) return true
  const real = (path: string) => here.system.files.realPath(path)
  const {uses} = parseGoWork(stdout)
  return uses.some(use => real(resolve(dirname(goWork), pathToUtf8(use))) === real(module))
}
