/** `gowarden install --repair`: every byte of an installed GOROOT against the zip that it came from. */
import {hash} from 'node:crypto'
import {dirname} from 'node:path'
import {toolchainModule} from '../go/module/toolchain-module.ts'
import type {Here} from '../lock/here.ts'
import type {Installed} from '../lock/installed.ts'
import {networkOf} from '../lock/make.ts'
import {storeFolder} from '../store/folder.ts'
import {WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {removeTree} from './remove-tree.ts'
import {gorootFile, visitZip} from './unpack.ts'
import {fetchZip, keptZips, placesOf, type Zip} from './zips.ts'

/** What was not as it was installed, by its path below GOROOT. */
export type Repaired = Installed & {damages: {path: string; kind: 'differs' | 'missing' | 'extra'}[]}

/** What the zip says of each file. */
type Listed = Map<string, {sha256: string; mode: number}>

/** Compares, and puts right what differs. Throws WorldError where no zip of it can be had; then nothing was changed. */
export async function repairGoroot(
  system: System,
  here: Here,
  installed: Installed,
  show: (text: string) => void,
): Promise<Repaired> {
  const {goroot, toolchain} = installed
  const {zip, listed} = await findZip(system, here, installed, show)
  show(`comparing ${goroot}`)
  const damages = compare(system, goroot, listed)
  if (damages.length > 0) {
    for (const {path} of damages.filter(({kind}) => kind === 'extra')) {
      changing(system, goroot, path, () => removeTree(system, `${goroot}/${path}`))
    }
    const wrong = new Set(damages.filter(({kind}) => kind !== 'extra').map(({path}) => path))
    await visitZip(
      zip.path,
      toolchainModule(toolchain.version, toolchain.os, toolchain.arch),
      (name, content) => {
        const {path, mode} = gorootFile(name)
        if (!wrong.has(path)) return
        changing(system, goroot, path, () => {
          if (system.files.stat(`${goroot}/${path}`)?.kind === 'directory')
            removeTree(system, `${goroot}/${path}`)
          system.files.replace(`${goroot}/${path}`, content, mode)
        })
      },
    )
  }
  show('')
  return {...installed, damages}
}

/** The first zip that is the one, hashed whole before anything of it is believed. */
async function findZip(
  system: System,
  here: Here,
  {toolchain}: Installed,
  show: (text: string) => void,
): Promise<{zip: Zip; listed: Listed}> {
  const places = placesOf(system, storeFolder(system), toolchain)
  for (const zip of keptZips(system, places, toolchain)) {
    const listed = await listZip(system, zip, toolchain)
    if (listed !== undefined) return {zip, listed}
    if (zip.isOurs) system.files.remove(zip.path)
  }
  system.files.makeDirectory(places.folder, 0o700)
  const fetched = await fetchZip(system, networkOf(system, here.goroot).entries, places, toolchain, show)
  if (fetched.kind !== 'got')
    throw new WorldError(
      `${toolchain.hash}: no zip of it is here, and none can be fetched: ${fetched.reason}`,
      {
        hint: 'try again when that is in order; nothing was changed',
      },
    )
  const listed = await listZip(system, fetched, toolchain)
  if (listed !== undefined) return {zip: fetched, listed}
  if (fetched.isOurs) system.files.remove(fetched.path)
  throw new WorldError(`${fetched.from} is not ${toolchain.hash}; nothing was changed`, {
    hint: 'try another proxy',
  })
}

/** undefined where the zip is another one. */
async function listZip(
  _: System,
  zip: Zip,
  {version, os, arch, h1}: Installed['toolchain'],
): Promise<Listed | undefined> {
  const listed: Listed = new Map()
  const read = await visitZip(zip.path, toolchainModule(version, os, arch), (name, _, sha256) => {
    const {path, mode} = gorootFile(name)
    listed.set(path, {sha256, mode})
  })
  return read.kind === 'read' && read.h1 === h1 ? listed : undefined
}

function compare(system: System, goroot: string, listed: Listed): Repaired['damages'] {
  const {files} = system
  const damages: Repaired['damages'] = []
  const folders = new Set(['.'])
  for (const path of listed.keys())
    for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at)
  const seen = new Set<string>()
  const walk = (folder: string) => {
    for (const {name, kind} of files.list(folder === '' ? goroot : `${goroot}/${folder}`) ?? []) {
      const path = folder === '' ? name : `${folder}/${name}`
      const known = listed.get(path)
      if (kind === 'directory' && folders.has(path)) walk(path)
      else if (known === undefined) damages.push({path, kind: 'extra'})
      else {
        seen.add(path)
        if (kind !== 'file' || !isAsListed(system, `${goroot}/${path}`, known))
          damages.push({path, kind: 'differs'})
      }
    }
  }
  walk('')
  for (const path of listed.keys()) if (!seen.has(path)) damages.push({path, kind: 'missing'})
  return damages.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Content, and whether it may be executed; a mode that lets others write is not as it was installed either. */
function isAsListed({files}: System, path: string, {sha256, mode}: {sha256: string; mode: number}): boolean {
  const stat = files.stat(path)
  if (stat === undefined || (stat.mode & 0o222) !== 0 || (stat.mode & 0o100) !== (mode & 0o100)) return false
  const content = files.read(path)
  return content !== undefined && hash('sha256', content, 'hex') === sha256
}

/** Lets a read-only folder be changed for a moment, making it where it is missing. */
function changing({files}: System, goroot: string, path: string, change: () => void): void {
  const above: string[] = []
  for (let at = dirname(path); ; at = dirname(at)) {
    above.unshift(at === '.' ? goroot : `${goroot}/${at}`)
    if (at === '.') break
  }
  for (const folder of above) {
    if (files.linkTarget(folder) !== undefined || (files.stat(folder)?.kind ?? 'directory') !== 'directory')
      files.remove(folder)
    files.makeDirectory(folder, 0o755)
    files.changeMode(folder, 0o755)
  }
  try {
    change()
  } finally {
    for (const folder of above.reverse()) files.changeMode(folder, 0o555)
  }
}
