/** The 256 folders of a build cache in which its objects lie, `00` to `ff` (cmd/go/internal/cache). They need not be there. */
export function objectFolders(cache: string): string[] {
  return Array.from({length: 256}, (_, number) => `${cache}/${number.toString(16).padStart(2, '0')}`)
}
