/** Programs that read Go code with the parser and type checker of the Go that built them. */
import {readBinary} from '../../go/binary/executable.ts'
import {goVersionName} from '../../go/command/go-env.ts'
import {lookUpOnPath} from '../../system/programs.ts'
import {withRandomAccess} from '../../system/random-access.ts'
import type {System} from '../../system/system.ts'

export type ToolFacts = {tool: string; path: string; version: string}

const known = ['dlv', 'gopls', 'golangci-lint', 'staticcheck']

/** Those on PATH that are Go programs, with the Go that their build info names; nothing is run. */
export async function probeTools(system: System): Promise<ToolFacts[]> {
  const found: ToolFacts[] = []
  for (const tool of known) {
    const path = lookUpOnPath(system, tool)
    if (path === '') continue
    const opened = await withRandomAccess(path, readBinary)
    if (opened.kind !== 'read' || opened.value.kind !== 'go') continue
    found.push({tool, path, version: goVersionName(opened.value.buildInfo.goVersion)})
  }
  return found
}
