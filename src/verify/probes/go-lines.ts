/**
 * The `go` lines of dependencies whose packages are not vendored: nothing but their go.mod says them. Kept by module and
 * hash of go.sum, so that a line once proven needs the module cache no more.
 */
import type {H1} from '../../go/module/h1.ts'
import {formatModule, type ModuleVersion} from '../../go/module/module-path.ts'
import {openRecords} from '../../store/records.ts'
import type {System} from '../../system/system.ts'

export type GoLines = {
  /** Undefined when it was never proven; its `version` is undefined when the go.mod has no go line. */
  read(module: ModuleVersion, hash: H1): {version: string | undefined} | undefined
  add(module: ModuleVersion, hash: H1, version: string | undefined): void
  save(): void
}

const bounds = {records: 200, bytes: 16 * 1024 * 1024}

/** One record for each vendor directory: lines of `path@version hash version`, the version `-` where there is none. */
export function openGoLines(system: System, gitDirectory: string, vendor: string): GoLines {
  const records = openRecords(system, 'go-lines', bounds)
  const key = `1 ${gitDirectory} ${vendor}`
  const stored = parse(records.read(key))
  const used = new Map<string, string>()
  let added = false
  return {
    read: (module, hash) => {
      const name = `${formatModule(module)} ${hash}`
      const version = stored.get(name)
      if (version === undefined) return undefined
      used.set(name, version)
      return {version: version === '-' ? undefined : version}
    },
    add: (module, hash, version) => {
      used.set(`${formatModule(module)} ${hash}`, version ?? '-')
      added = true
    },
    save: () => {
      if (!added) return
      records.write(key, [...used].map(([name, version]) => `${name} ${version}\n`).join(''))
      records.prune()
    },
  }
}

function parse(text: string | undefined): Map<string, string> {
  const lines = (text ?? '').split('\n').filter(line => line !== '')
  return new Map(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  )
}
