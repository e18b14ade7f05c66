/** `gowarden lock --check`: whether a lock still says what it should. Nothing is written, and the network is asked only for what was never proven here. */
import {askDatabase, attackText} from '../goproxy/published.ts'
import {moduleCache} from '../goproxy/settings.ts'
import {openFolder, storeFolder} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {shellWord} from '../text/shell-word.ts'
import {isRememberedProof, rememberProof} from '../toolchain/proof-memo.ts'
import {type LockedToolchain, lockedFor, platformOf} from './file.ts'
import {damageHint, damageText, type FoundLock, findLock} from './find.ts'
import type {Here} from './here.ts'
import {networkOf, platformsWith, versionFile} from './make.ts'
import {outOfStepLines} from './step.ts'

/** One thing that is wrong with a lock, in a sentence, and a command that ends it. */
export type Problem = {message: string; hint: string}

export type Recheck = {found: FoundLock; problems: Problem[]}

/** Every platform's hash is proven anew where that was not done on this machine before. Throws UsageError for settings go refuses too. */
export async function recheckLock(system: System, here: Here): Promise<Recheck> {
  const found = findLock(system, system.cwd)
  switch (found.kind) {
    case 'none':
      return {found, problems: [{message: 'there is no gowarden.lock here', hint: 'make it: gowarden lock'}]}
    case 'damaged':
      return {
        found,
        problems: [{message: damageText(found), hint: damageHint(found)}],
      }
    case 'found':
      break
    default:
      return unreachable(found)
  }
  const {lock, path} = found
  const file = versionFile(system)
  const problems: Problem[] = (file === undefined ? [] : outOfStepLines(lock, file.text)).map(
    ({line, says}) => ({
      message: `${file?.path}:${line} says ${says}, and ${path} ${lock.version}`,
      hint: 'let the lock follow: gowarden lock',
    }),
  )
  if (lockedFor(lock, here.os, here.arch) === undefined)
    problems.push({
      message: `${path} has no toolchain for ${here.os}/${here.arch}`,
      hint: `lock it: gowarden lock --platform ${platformsWith(lock, here)} ${lock.version}`,
    })
  problems.push(...(await unprovenIn(system, here, lock.toolchains, path)))
  return {found, problems}
}

async function unprovenIn(
  system: System,
  here: Here,
  toolchains: readonly LockedToolchain[],
  lockPath: string,
): Promise<Problem[]> {
  const folder = openFolder(system, storeFolder(system))
  const open = toolchains.filter(
    ({proof, hash}) => proof.kind === 'database' && !isRememberedProof(system, folder, hash),
  )
  if (open.length === 0) return []
  const {database, entries} = networkOf(system, here.goroot)
  const ask = askDatabase(system, database, entries, moduleCache(system))
  const problems = await Promise.all(
    open.map(async (toolchain): Promise<Problem[]> => {
      const {hash, version, os, arch, h1, proof} = toolchain
      const name = proof.kind === 'database' ? proof.name : ''
      const what = `${version} for ${platformOf(toolchain)}`
      if (name !== database.name)
        return [
          {
            message: `${what}: proven by ${name}, and GOSUMDB here is ${database.name}`,
            hint: 'make it again: gowarden lock',
          },
        ]
      const published = await ask(version, os, arch)
      switch (published.kind) {
        case 'published': {
          if (published.h1 !== h1)
            return [
              {
                message: `${what}: the lock says ${h1}, and ${name} ${published.h1}: nobody published what is locked`,
                hint: `see who wrote that line: git log -p ${shellWord(lockPath)}`,
              },
            ]
          rememberProof(system, folder, hash)
          return []
        }
        case 'forged':
          return [
            {
              message: attackText(published, name, what),
              hint: 'ask over another network, and tell those who run this one',
            },
          ]
        case 'none':
          return [
            {
              message: `${what}: ${name} knows no such toolchain: ${published.reason}`,
              hint: 'make the lock again: gowarden lock',
            },
          ]
        case 'unreachable':
          return [
            {
              message: `${what}: ${name} cannot be asked: ${published.reason}`,
              hint: 'try again when the network is there',
            },
          ]
        default:
          return unreachable(published)
      }
    }),
  )
  return problems.flat()
}
