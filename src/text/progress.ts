/** What takes long, said while it does. */
import type {System} from '../system/system.ts'
import {oneLine} from './one-line.ts'

/**
 * Returns what shows a text: on a terminal one line of stderr, rewritten in place and wiped by an empty text; elsewhere
 * nothing, for a log shall hold results only.
 */
export function progressLine(system: System): (text: string) => void {
  if (!system.stderrIsTerminal()) return () => {}
  let isShown = false
  return text => {
    if (text === '' && !isShown) return
    system.stderr(text === '' ? wipe : `${wipe}gowarden: ${oneLine(text)}`)
    isShown = text !== ''
  }
}

/** To the first column, and erase to the end of the line. */
const wipe = '\r\x1b[K'
