/** What keeps a person waiting while something runs, in words. */
import {isEvent, type Waiting} from '../system/happening.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {oneLine} from '../text/one-line.ts'

/** The same system, which says on stderr what keeps a person waiting: for the doors alone. */
export function telling(system: System): System {
  return {
    ...system,
    tell: happening => {
      if (isEvent(happening)) system.tell(happening)
      else system.stderr(`${oneLine(waitingText(happening))}\n`)
    },
  }
}

/** One line without its line break. */
export function waitingText(happening: Waiting): string {
  switch (happening.kind) {
    case 'reading-goroot':
      return happening.for === 'build'
        ? `gowarden: reading GOROOT ${happening.goroot}, this once, to know its toolchain`
        : `gowarden: reading GOROOT ${happening.goroot}, to know its toolchain`
    case 'comparing-goroot':
      return happening.what === 'files'
        ? `gowarden: looking at every file of GOROOT ${happening.goroot}, once a day`
        : `gowarden: checking whether GOROOT ${happening.goroot} has changed`
    case 'waiting-for-goroot':
      return `gowarden: waiting for another command that reads GOROOT ${happening.goroot}`
    case 'waiting-for-lock':
      return `gowarden: waiting for another command to release ${happening.lock}`
    case 'attributing-cache':
      return `gowarden: finding out which Go versions made the objects of ${happening.cache}, this once (${happening.objects} so far)`
    case 'building':
      return `gowarden: building ${happening.package}${happening.with === '' ? '' : ` with ${happening.with}`}`
    case 'compiling-anew':
      return `gowarden: compiling ${happening.what} in an empty cache`
    case 'go-says':
      return happening.line
    default:
      return unreachable(happening)
  }
}
