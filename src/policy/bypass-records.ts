import type {System} from '../system/system.ts'

/** One time that somebody passed gowarden by, where policy asks that it be recorded. */
export type Bypass = {
  /** ISO 8601, UTC. */
  time: string
  /** `GOWARDEN=off`, or `GOWARDEN_LEVELS=FLAG_DENIED=warn`. */
  what: string
  /** The command, word by word; long ones are cut. */
  command: string[]
  directory: string
  reason: string
  /** Where the policy asks for it: `FILE:LINE`. */
  policy: string
}

/** So many are kept; the oldest go first. */
const kept = 500

/** A text is kept up to this length, so that no command line fills the disk. */
const textLength = 2000

/**
 * Writes one record: a file of its own, by rename, so that no two commands wait for each other and none is half written.
 * `folder` is one that only the user can write. Throws what the file system throws.
 */
export function recordBypass(system: System, folder: string, bypass: Bypass): void {
  const directory = `${folder}/bypasses`
  system.files.makeDirectory(directory, 0o700)
  const name = `${String(system.nowMs()).padStart(15, '0')}-${system.pid}.json`
  const cut = {
    ...bypass,
    reason: bypass.reason.slice(0, textLength),
    command: cutWords(bypass.command),
  }
  system.files.replace(`${directory}/${name}`, `${JSON.stringify({format: 1, ...cut})}\n`, 0o600)
  for (const old of recordNames(system, directory).slice(0, -kept)) system.files.remove(`${directory}/${old}`)
}

/** What was recorded, the oldest first. A record that cannot be understood is passed over. */
export function readBypasses(system: System, folder: string): Bypass[] {
  const directory = `${folder}/bypasses`
  return recordNames(system, directory).flatMap(name => {
    const bypass = parseBypass(system.files.read(`${directory}/${name}`)?.toString() ?? '')
    return bypass === undefined ? [] : [bypass]
  })
}

/** `000001764054000000-4711.json`: the time in milliseconds, and the process. */
function recordNames(system: System, directory: string): string[] {
  return (system.files.list(directory) ?? [])
    .map(({name}) => name)
    .filter(name => /^\d{15}-\d+\.json$/.test(name))
    .sort()
}

function cutWords(words: readonly string[]): string[] {
  let left = textLength
  return words.flatMap(word => {
    const part = word.slice(0, left)
    left -= part.length
    return part === '' && word !== '' ? [] : [part]
  })
}

function parseBypass(text: string): Bypass | undefined {
  let value: Partial<Record<keyof Bypass | 'format', unknown>>
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const {format, time, what, command, directory, reason, policy} = value ?? {}
  const texts = [time, what, directory, reason, policy]
  const isWhole = format === 1 && Array.isArray(command) && texts.every(part => typeof part === 'string')
  return isWhole ? ({time, what, command, directory, reason, policy} as Bypass) : undefined
}
