/** Whether the clock of this machine is behind what it wrote itself. */
import type {Here} from '../go.ts'

/** The latest of what is dated later than now; times are milliseconds since the epoch. */
export type ClockFacts = {nowMs: number; latest: {path: string; ms: number} | undefined}

/** Looks at the folders of GOCACHE, which change with every build, at when go last trimmed it, and at when this Go was released. */
export function probeClock({system, env}: Here): ClockFacts {
  const {files} = system
  const cache = env['GOCACHE'] ?? ''
  const version = `${env['GOROOT'] ?? ''}/VERSION`
  const dated = [...written(cache), releasedAt(version)]
  const latest = dated.reduce((last, one) => (one.ms > last.ms ? one : last), {path: '', ms: 0})
  return {nowMs: system.nowMs(), latest: latest.ms === 0 ? undefined : latest}

  function written(folder: string): {path: string; ms: number}[] {
    if (!folder.startsWith('/')) return []
    const trimmed = `${folder}/trim.txt`
    const seconds = Number(readText(trimmed))
    const below = listed(folder).map(path => ({
      path,
      ms: Number((files.stat(path)?.mtimeNs ?? 0n) / 1_000_000n),
    }))
    return [...below, {path: trimmed, ms: Number.isFinite(seconds) ? seconds * 1000 : 0}]
  }

  /** VERSION's second line, since Go 1.21: `time 2026-08-28T16:20:06Z`. */
  function releasedAt(path: string): {path: string; ms: number} {
    const time = readText(path).match(/^time (\S+)$/m)?.[1] ?? ''
    return {path, ms: Date.parse(time) || 0}
  }

  function listed(folder: string): string[] {
    const entries = files.list(folder) ?? []
    return entries.filter(({name}) => /^[0-9a-f]{2}$/.test(name)).map(({name}) => `${folder}/${name}`)
  }

  function readText(path: string): string {
    return files.readHead(path, 256)?.toString() ?? ''
  }
}
