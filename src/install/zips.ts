/** Where the zip of a toolchain lies or comes from. */
import {type ToolchainParts, toolchainModule} from '../go/module/toolchain-module.ts'
import {type ProxyEntry, redacted} from '../goproxy/goproxy-list.ts'
import {moduleCache} from '../goproxy/settings.ts'
import {pathOfFileUrl, tryProxies} from '../goproxy/source.ts'
import {gorootName} from '../lock/file.ts'
import type {System} from '../system/system.ts'
import {download} from './download.ts'

/** `folder` is that of our own zips, in which this one is `NAME.zip`; `modules` is GOMODCACHE, '' for none. */
export type Places = {folder: string; name: string; modules: string}

/** Where the zip of a toolchain is, or will be, in a store. */
export function placesOf(system: System, store: string, toolchain: ToolchainParts): Places {
  return {folder: zipsFolder(store), name: gorootName(toolchain), modules: moduleCache(system)}
}

/** The folder of our own zips in a store. */
export function zipsFolder(store: string): string {
  return `${store}/toolchain-zips`
}

/** `isOurs`: we fetched it, and may remove it. */
export type Zip = {path: string; isOurs: boolean}

/** Zips that are here already, of which nothing is believed: ours, and the one that go downloaded. */
export function keptZips(system: System, places: Places, toolchain: ToolchainParts): Zip[] {
  const {modules} = places
  const ofGo =
    modules === '' ? [] : [{path: `${modules}/cache/download/${zipPath(toolchain)}`, isOurs: false}]
  return [{path: ownZip(places), isOurs: true}, ...ofGo].filter(
    ({path}) => system.files.stat(path)?.kind === 'file',
  )
}

/** Ours, once it was fetched whole. */
export function ownZip({folder, name}: Places): string {
  return `${folder}/${name}.zip`
}

/** What has come of it so far. */
export function partOf({folder, name}: Places): string {
  return `${folder}/${name}.part`
}

/** golang.org/toolchain/@v/v0.0.1-go1.26.8.linux-amd64.zip, as proxies and go's own cache have it. */
function zipPath({version, os, arch}: ToolchainParts): string {
  return `${toolchainModule(version, os, arch).replace('@', '/@v/')}.zip`
}

export type FetchedZip =
  | (Zip & {kind: 'got'; wasResumed: boolean; from: string})
  | {kind: 'absent'; reason: string}
  | {kind: 'failed'; reason: string}

/** The zip from the first proxy that has it; a file:// proxy's is read where it lies. Throws what the file system throws. */
export async function fetchZip(
  system: System,
  entries: readonly ProxyEntry[],
  places: Places,
  toolchain: ToolchainParts,
  show: (text: string) => void,
): Promise<FetchedZip> {
  return await tryProxies<FetchedZip>(entries, async proxy => {
    const url = `${proxy}/${zipPath(toolchain)}`
    if (url.startsWith('file:')) {
      const path = pathOfFileUrl(url)
      if (system.files.stat(path)?.kind !== 'file') return {kind: 'absent', reason: `${path}: no such file`}
      return {kind: 'got', path, isOurs: false, wasResumed: false, from: path}
    }
    const part = partOf(places)
    let shown = -1
    const got = await download(system, url, part, (bytes, of) => {
      const done = Math.floor(bytes / 1_000_000)
      if (done === shown) return
      shown = done
      show(
        `downloading ${toolchain.version}: ${done}${of === undefined ? '' : ` of ${Math.ceil(of / 1_000_000)}`} MB`,
      )
    })
    if (got.kind !== 'got') return got
    system.files.move(part, ownZip(places))
    system.files.remove(`${part}.from`)
    return {kind: 'got', path: ownZip(places), isOurs: true, wasResumed: got.wasResumed, from: redacted(url)}
  })
}
