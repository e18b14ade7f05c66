/** Files that `go mod vendor` copies from the directories above a package. After copyMetadata in cmd/go/internal/modcmd/vendor.go. */

/** Any suffix, upper case only. */
const prefixes = [
  'AUTHORS',
  'CONTRIBUTORS',
  'COPYLEFT',
  'COPYING',
  'COPYRIGHT',
  'LEGAL',
  'LICENSE',
  'NOTICE',
  'PATENTS',
]

/** Whether a file of this name is a licence or its like. */
export function isMetadataName(name: string): boolean {
  return prefixes.some(prefix => name.startsWith(prefix))
}
