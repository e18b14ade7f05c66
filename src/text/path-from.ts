/** A path as a person in the folder `cwd` writes it: relative where it lies below, else as it is. Never one that looks like an option. */
export function pathFrom(cwd: string, path: string): string {
  const above = cwd === '/' ? '/' : `${cwd}/`
  if (!path.startsWith(above) || path === above) return path
  const below = path.slice(above.length)
  return below.startsWith('-') ? `./${below}` : below
}
