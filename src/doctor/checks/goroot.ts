/** A GOROOT in which something is missing, or in which files of two releases lie. */
import type {Sourced} from '../../findings/facts-of-doctor.ts'
import type {DoctorFound} from '../../findings/finding.ts'
import type {GorootParts} from '../probes/goroot.ts'
import type {ForeignFiles} from './foreign.ts'
import {isBelow} from './module.ts'

/** `version` is what the go command says it is; `compiled` are the foreign files that `go build` compiles here. */
export function checkGorootParts(
  goroot: Sourced,
  version: string,
  parts: GorootParts,
  foreign: (ForeignFiles & {compiled: ReadonlySet<string>}) | undefined,
): DoctorFound[] {
  const {missing, tools} = parts
  const others = tools.filter(tool => tool.version !== version)
  return [
    ...(missing.length > 0 || goroot.value === ''
      ? [{code: 'GOROOT_INCOMPLETE' as const, facts: {...goroot, missing}}]
      : []),
    ...(others.length === 0
      ? []
      : [
          {
            code: 'GOROOT_MIXED' as const,
            facts: {goroot: goroot.value, version, tools: others},
          },
        ]),
    ...(foreign === undefined ? [] : [stomped(goroot.value, version, foreign)]),
    ...checkOnDemand(goroot.value, version, parts),
  ]
}

function stomped(
  goroot: string,
  version: string,
  {paths, how, compiled}: ForeignFiles & {compiled: ReadonlySet<string>},
): DoctorFound {
  const first = [...paths].sort((a, b) => Number(compiled.has(b)) - Number(compiled.has(a)))
  const facts = {
    goroot,
    version,
    count: paths.length,
    compiled: compiled.size,
    files: first.slice(0, 20),
    how,
  }
  return {code: 'GOROOT_STOMPED', facts}
}

/** That a tool is not there is as Go 1.25 and newer ship it; that nobody can build it is not. */
function checkOnDemand(goroot: string, version: string, {unbuilt, asksOuter}: GorootParts): DoctorFound[] {
  if (isBelow(version, '1.20')) return []
  const isBuilt = !isBelow(version, '1.25')
  const gone = unbuilt.filter(({hasSource}) => !isBuilt || !hasSource).map(({tool}) => tool)
  if (gone.length > 0)
    return [{code: 'TOOL_ON_DEMAND', facts: {why: 'source', goroot, version, tools: gone, outer: undefined}}]
  const isAsked = unbuilt.some(({tool}) => tool === 'covdata') && asksOuter !== undefined
  if (!isAsked || !isBelow(asksOuter.version, '1.25')) return []
  return [
    {code: 'TOOL_ON_DEMAND', facts: {why: 'outer', goroot, version, tools: ['covdata'], outer: asksOuter}},
  ]
}
