/** The gowarden that a policy requires: `gowarden: ">=0.3"`. */
import {compareSemver} from '../go/module/semver.ts'
import {UsageError} from '../system/errors.ts'
import {packageFolder} from '../system/package-folder.ts'
import {shellWord} from '../text/shell-word.ts'
import type {PolicyText} from './file-text.ts'

/** From source there is no version, and nothing is older. */
const own = typeof GOWARDEN_VERSION === 'undefined' ? undefined : GOWARDEN_VERSION

/**
 * Throws UsageError, with the line that updates it, where the file requires a newer gowarden than this one. It comes before the file is
 * validated: a newer gowarden knows keys that this one would call unknown.
 */
export function assertNewEnough(file: PolicyText, version = own): void {
  const {value} = file
  if (typeof value !== 'object' || value === null || !('gowarden' in value)) return
  const least = leastVersion(value.gowarden)
  if (least === undefined || version === undefined || compareSemver(`v${version}`, least) >= 0) return
  throw new UsageError(
    `${file.path}:${file.lineOf(['gowarden'])}: policy requires gowarden ${value.gowarden}, but this is ${version}`,
    `update it: ${updateCommand(packageFolder)}`,
  )
}

/** `v0.3.0` of `>=0.3`; undefined for what the schema refuses. */
function leastVersion(rule: unknown): string | undefined {
  const [, major, minor = '0', patch = '0'] = /^>=(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(String(rule)) ?? []
  return major === undefined ? undefined : `v${major}.${minor}.${patch}`
}

/** The command that updates the gowarden in a folder, by what installed it there. */
export function updateCommand(folder: string): string {
  if (/\/lib\/node_modules\//.test(folder)) return 'npm install -g gowarden@latest'
  if (folder.includes('/node_modules/')) return 'npm install --save-dev gowarden@latest'
  if (folder.startsWith('/usr/lib/')) return 'apt install ./gowarden_VERSION_ARCH.deb'
  if (isOfArchive(folder)) return 'gowarden self update --from FOLDER_OR_URL'
  return `cd ${shellWord(folder)} && git pull && npm ci`
}

/** Whether a folder is an archive of `npm run standalone`, unpacked: 0.1.0-linux-x64, as install.sh calls it, or gowarden-0.1.0-linux-x64. */
export function isOfArchive(folder: string): boolean {
  return /-(linux|macos)-[^/]*$/.test(folder)
}
