/** Unmerged paths, and whether the conflict still stands in the work tree. */
import {pathToUtf8} from '../../git/path-bytes.ts'
import type {System} from '../../system/system.ts'
import type {Unmerged} from '../facts.ts'
import type {Tree} from './tree.ts'

/** Larger ones are no file that a person resolves line by line. */
const mostBytes = 8n * 1024n * 1024n

/** Lines that Git begins and ends a conflict with, longer ones where it merges conflicts. `=======` alone may underline a heading. */
const marker = /^(?:<{7,}|>{7,})(?: |\r?$)/m

export function probeUnmerged(system: System, {unmerged, repository: {top}}: Tree): Unmerged[] {
  return [...unmerged].map(path => {
    const file = top === undefined ? undefined : `${top}/${pathToUtf8(path)}`
    const stat = file === undefined ? undefined : system.files.stat(file)
    if (file === undefined || stat === undefined) return {path, isThere: false, marker: undefined}
    if (stat.kind !== 'file') return {path, isThere: true, marker: undefined}
    const content = stat.size <= mostBytes ? system.files.read(file) : undefined
    // Of what is not read nobody can say that the conflict is gone.
    if (content === undefined) return {path, isThere: false, marker: undefined}
    const text = content.toString('latin1')
    const at = marker.exec(text)?.index
    return {path, isThere: true, marker: at === undefined ? undefined : text.slice(0, at).split('\n').length}
  })
}
