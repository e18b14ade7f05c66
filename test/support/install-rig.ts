/** A person without Go: a home, a repository, and a mirror of small toolchains. */
import {existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {makeRig, type Rig, writeFiles} from './rig.ts'
import {withTemporary} from './temporary.ts'
import {
  type Fault,
  type Mirror,
  makeMirror,
  type Release,
  releaseFiles,
  type Served,
  withServer,
} from './toolchain-mirror.ts'

export type InstallRig = Rig & {
  mirror: Mirror
  served: Served
  /** Where toolchains are installed. */
  toolchains: string
  /** GOROOTs under their final names, and everything else that lies there. */
  listed(): {goroots: string[]; others: string[]}
}

const version = 'go1.26.8'

/** Some files that do not pack, so that the zip comes in many pieces. */
export const padded = {
  ...releaseFiles(version, 'linux-amd64'),
  ...Object.fromEntries(
    Array.from({length: 40}, (_, index) => [`src/pad/p${index}.bin`, noise(index, 20_000)] as const),
  ),
}

/** Bytes without a pattern, the same each time. */
function noise(seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed * 2654435761 + 1
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

/** PATH holds no go, but what gowarden itself runs on. */
export async function withInstallRig(
  body: (rig: InstallRig) => Promise<void>,
  {fault, releases}: {fault?: Fault; releases?: Release[]} = {},
): Promise<void> {
  await withTemporary(async folder => {
    const mirror = makeMirror(
      join(folder, 'mirror'),
      releases ?? [
        {version, platform: 'linux-amd64', files: padded},
        {version: 'go1.26.9', platform: 'linux-amd64'},
      ],
    )
    const rig = makeRig(join(folder, 'rig'))
    const data = join(folder, 'data')
    const toolchains = join(data, 'gowarden/go')
    writeFiles(rig.work, {'.git/HEAD': 'ref: refs/heads/main\n', 'go.mod': 'module m\n\ngo 1.26.8\n'})
    for (const name of ['objects', 'refs']) mkdirSync(join(rig.work, '.git', name))
    const bin = join(folder, 'no-go')
    mkdirSync(bin)
    symlinkSync(process.execPath, join(bin, 'node'))
    await withServer(
      mirror.folder,
      async served => {
        Object.assign(rig.env, {
          PATH: `${bin}:/usr/bin:/bin`,
          GOPROXY: served.url,
          GOSUMDB: mirror.key,
          GOMODCACHE: join(folder, 'modules'),
          XDG_DATA_HOME: data,
        })
        const listed = () => {
          const names = existsSync(toolchains) ? readdirSync(toolchains).sort() : []
          const goroots = names.filter(
            name => !name.startsWith('.') && lstatSync(join(toolchains, name)).isDirectory(),
          )
          return {goroots, others: names.filter(name => !goroots.includes(name))}
        }
        await body({...rig, mirror, served, toolchains, listed})
      },
      fault,
    )
  })
}
