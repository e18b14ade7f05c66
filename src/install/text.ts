/** What `gowarden install` prints. */
import {gorootName} from '../lock/file.ts'
import type {Installed} from '../lock/installed.ts'
import {oneLine} from '../text/one-line.ts'
import {shellWord} from '../text/shell-word.ts'
import {table} from '../text/table.ts'
import type {InstalledNow} from './install.ts'
import type {Repaired} from './repair.ts'

/** Where it is, and how it runs. `isUsed`: the launcher, or PATH, takes this one already. */
export function installedText({goroot, hash, wasThere}: InstalledNow, isUsed: boolean): string {
  return [
    `${wasThere ? 'installed already' : 'installed'}: ${oneLine(goroot)}\n`,
    `proven: ${hash}\n`,
    isUsed ? '' : `to use it where another go is on PATH: export GOWARDEN_GO=installed\n`,
  ].join('')
}

/** A line each, with what names it here. */
export function listText(installed: readonly Installed[], roleOf: (name: string) => string): string {
  if (installed.length === 0) return 'no toolchain is installed\n'
  return table(
    installed.map(({goroot, toolchain}) => [toolchain.hash, goroot, roleOf(gorootName(toolchain))]),
  )
}

/** Every file that was not as it was installed, and that it is again. */
export function repairText(repaired: readonly Repaired[]): string {
  const isTool = repaired.some(({damages}) => damages.some(({path}) => path.startsWith('pkg/tool/')))
  const text = repaired
    .map(({goroot, damages}) =>
      [
        ...damages.map(({path, kind}) => `${kind}: ${oneLine(`${goroot}/${path}`)}\n`),
        damages.length === 0
          ? `${oneLine(goroot)}: as it was installed\n`
          : `${oneLine(goroot)}: ${damages.length} ${damages.length === 1 ? 'file' : 'files'} put right\n`,
      ].join(''),
    )
    .join('')
  // As long as a compilation that began with the damaged tool may still last (src/cache/doubt.ts).
  return isTool
    ? `${text}what go compiles within the next minute counts as in doubt (CACHE_IN_DOUBT): build after that\n`
    : text
}

/** What is gone, and who may miss it: which other repositories have a lock, nobody here knows. */
export function prunedText(gone: readonly string[], folder: string): string {
  if (gone.length === 0) return 'nothing to remove\n'
  const isToolchain = gone.some(path => path.startsWith(`${folder}/go`))
  return [
    ...gone.map(path => `removed ${shellWord(path)}\n`),
    isToolchain
      ? 'a repository with a gowarden.lock that names one of them gets it back there: gowarden install\n'
      : '',
  ].join('')
}
