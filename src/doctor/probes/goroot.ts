/** Whether a GOROOT is whole, and its tools of one release. */
import {goVersionName} from '../../go/command/go-env.ts'
import {reasonOf} from '../../store/folder.ts'
import type {System} from '../../system/system.ts'

/** `missing` are paths below GOROOT, each with what is wrong where it is not just absent. */
export type GorootParts = {missing: string[]; tools: {tool: string; version: string}[]}

/** The programs that go starts for every build, and asks for their version. */
const needed = ['compile', 'link', 'asm']
const asked = [...needed, 'cgo', 'cover', 'vet']

/** Looks for what every build needs, for folders of the standard library that are empty, and asks each tool its version. */
export async function probeGorootParts(
  system: System,
  {goroot, tools}: {goroot: string; tools: string},
): Promise<GorootParts> {
  const {files} = system
  const relative = tools.startsWith(`${goroot}/`) ? tools.slice(goroot.length + 1) : tools
  const programs = needed.flatMap(tool => {
    const path = `${tools}/${tool}`
    if (files.stat(path) === undefined) return [`${relative}/${tool}`]
    return files.isExecutable(path) ? [] : [`${relative}/${tool} (not executable)`]
  })
  const sources = ['src/runtime/runtime2.go', 'src/fmt/print.go', 'pkg/include/textflag.h'].filter(
    path => files.stat(`${goroot}/${path}`) === undefined,
  )
  const missing = [
    ...programs,
    ...sources,
    ...emptyFolders(system, `${goroot}/src`).map(path => `src/${path} (empty)`),
  ]
  const there = asked.filter(tool => files.isExecutable(`${tools}/${tool}`))
  return {
    missing,
    tools: await Promise.all(
      there.map(async tool => ({tool, version: await ask(system, `${tools}/${tool}`)})),
    ),
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

/** Folders below `root` that hold nothing at all: a copy that was cut short makes the folders first. */
function emptyFolders({files}: System, root: string): string[] {
  const empty: string[] = []
  const walk = (below: string): void => {
    const entries = files.list(`${root}/${below}`) ?? []
    if (entries.length === 0 && below !== '') empty.push(below)
    for (const {name, kind} of entries) {
      const path = below === '' ? name : `${below}/${name}`
      if (kind === 'directory' && name !== 'testdata' && path !== 'cmd') walk(path)
    }
  }
  walk('')
  return empty
}
