/** On which platforms a repository is built, as far as its files say it. */
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'
import {mostWorkflowBytes, readWorkflow} from './workflow.ts'

/** `places` says for a person where each comes from; `unknown` are runners of which nothing is known. */
export type CiPlatforms = {platforms: {platform: string; place: string}[]; unknown: string[]}

/** Below the root of the repository. */
export const ciFolder = '.github/workflows'

/** More workflows no repository has. */
const mostFiles = 100

/** The machines of .github/workflows on which go runs. What cannot be read is left out: a lock can be given its platforms. */
export function ciPlatforms(system: System, root: string): CiPlatforms {
  const folder = `${root === '/' ? '' : root}/${ciFolder}`
  const found: CiPlatforms = {platforms: [], unknown: []}
  for (const name of workflowNames(system, folder)) {
    for (const {label, line, platform} of readWorkflow(readBounded(system, `${folder}/${name}`)).runners) {
      const place = `${ciFolder}/${name}:${line}`
      if (platform === undefined) found.unknown.push(`${label} (${place})`)
      else if (!found.platforms.some(known => known.platform === platform))
        found.platforms.push({platform, place})
    }
  }
  return found
}

function workflowNames({files}: System, folder: string): string[] {
  return (orNothing(() => files.list(folder)) ?? [])
    .filter(({name, kind}) => kind === 'file' && /\.ya?ml$/.test(name))
    .map(({name}) => name)
    .sort()
    .slice(0, mostFiles)
}

function readBounded({files}: System, path: string): string {
  return orNothing(() => files.readHead(path, mostWorkflowBytes))?.toString() ?? ''
}
