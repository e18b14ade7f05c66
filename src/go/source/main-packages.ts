/** Which files of the repository belong to the packages of a main module. After modload.matchPackages for "all". */

/**
 * Whether a directory below the module's root can hold one of its packages. `directory` is relative to the root. Vendored
 * packages and those of other modules are told apart elsewhere. `ignores` are the `ignore` lines of go.mod: `./x` names one
 * directory, `x` any of that name.
 */
export function isPackageDirectory(directory: string, ignores: readonly string[]): boolean {
  if (directory === '') return true
  const elements = directory.split('/')
  if (
    elements.some(element => element.startsWith('.') || element.startsWith('_') || element === 'testdata')
  ) {
    return false
  }
  return !ignores.some(ignore => {
    const pattern = ignore.replace(/^\.\//, '').replace(/\/$/, '')
    const anchored = ignore.startsWith('./')
    return (
      `${directory}/`.startsWith(`${pattern}/`) || (!anchored && `/${directory}/`.includes(`/${pattern}/`))
    )
  })
}

/** Files the go command reads imports from: names that begin with `_` or `.` are skipped. */
export function isGoSource(name: string): boolean {
  return name.endsWith('.go') && !name.startsWith('_') && !name.startsWith('.')
}
