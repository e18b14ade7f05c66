import type {Files, System} from '../system/system.ts'

/**
 * A system in which a file that cannot be looked at counts as absent. doctor looks around in folders of every kind, other people's
 * too, and what it may not see is no reason to say nothing of the rest; where it must not be seen, a probe says so by itself.
 */
export function lenient(system: System): System {
  const {files} = system
  const or =
    <A extends unknown[], T>(look: (...words: A) => T | undefined) =>
    (...words: A): T | undefined => {
      try {
        return look(...words)
      } catch {
        return undefined
      }
    }
  const looking: Pick<Files, 'read' | 'readHead' | 'stat' | 'list' | 'linkTarget' | 'realPath'> = {
    read: or(files.read),
    readHead: or(files.readHead),
    stat: or(files.stat),
    list: or(files.list),
    linkTarget: or(files.linkTarget),
    realPath: or(files.realPath),
  }
  return {...system, files: {...files, ...looking}}
}
