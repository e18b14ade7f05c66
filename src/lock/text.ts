/** What `gowarden lock` prints. */
import {oneLine} from '../text/one-line.ts'
import {pathFrom} from '../text/path-from.ts'
import {shellWord} from '../text/shell-word.ts'
import {table} from '../text/table.ts'
import {type LockedToolchain, platformOf} from './file.ts'
import type {MadeLock} from './make.ts'
import type {Recheck} from './recheck.ts'

/** The toolchain, a line a platform, what became of the file as seen from `cwd`, and what of CI is not in it. */
export function madeText(
  {path, lock, chosen, why, left, isChanged}: MadeLock,
  cwd: string,
  isInGit: boolean,
): string {
  const file = pathFrom(cwd, path)
  const rows = lock.toolchains.map(toolchain => [
    `  ${platformOf(toolchain)}`,
    toolchain.h1,
    proofWords(toolchain),
    `(${why[platformOf(toolchain)] ?? ''})`,
  ])
  return [
    `${oneLine(`${lock.version}, by ${chosen}`)}\n`,
    table(rows),
    ...left.map(line => `not locked: ${oneLine(line)}\n`),
    isChanged
      ? `wrote ${oneLine(file)}\n${isInGit ? `to commit it: git add ${shellWord(file)}\n` : ''}`
      : `${oneLine(file)} says so already\n`,
  ].join('')
}

function proofWords({proof}: LockedToolchain): string {
  return proof.kind === 'database' ? `proven by ${proof.name}` : `unproven: ${proof.reason}`
}

/** What `gowarden lock --check` found in order; the problems are said elsewhere. */
export function recheckText({found, problems}: Recheck, cwd: string): string {
  if (found.kind !== 'found') return ''
  const {lock, path} = found
  const platforms = lock.toolchains.map(platformOf).join(', ')
  const unproven = lock.toolchains.filter(({proof}) => proof.kind === 'unproven')
  return [
    `${oneLine(pathFrom(cwd, path))}: ${lock.version} for ${platforms}${problems.length === 0 ? ': in order' : ''}\n`,
    ...unproven.map(toolchain => `${platformOf(toolchain)} is ${oneLine(proofWords(toolchain))}\n`),
  ].join('')
}
