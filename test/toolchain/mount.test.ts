/** Images whose times never move: two of them mounted in turn at one place are two toolchains. */
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {FileStat, System} from '../../src/system/system.ts'
import {mountsState} from '../../src/toolchain/mount.ts'
import {identify, makeSmallGoroot, smallSystem} from '../support/small-goroot.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const squashfs = 0x73717368
const fuse = 0x65735546
const ext4 = 0xef53

/** A system with these files, each with its inode, on a file system of this type and device. */
function systemOf(type: number, device: bigint, inodes: Record<string, bigint>, mountinfo = ''): System {
  const real = smallSystem()
  return {
    ...real,
    platform: 'linux',
    files: {
      ...real.files,
      fileSystemType: () => type,
      read: path => (path === '/proc/self/mountinfo' ? Buffer.from(mountinfo) : undefined),
      stat: path => {
        const inode = path.startsWith('/go') ? 2n : inodes[path]
        if (inode === undefined) return undefined
        return {device: path.startsWith('/go') ? device : 22n, inode} as FileStat
      },
    },
  }
}

const loop0 = 0x700n
const loopFile = '/sys/dev/block/7:0/loop/backing_file'
const line = (type: string) => `42 27 0:48 / /go rw,nosuid - ${type} x rw\n`

const cases: [what: string, system: System, expected: ReturnType<typeof mountsState>][] = [
  ['a file system that keeps times', systemOf(ext4, 65_024n, {}), {state: '', witnesses: []}],
  [
    'an image in a loop device',
    systemOf(squashfs, loop0, {[loopFile]: 18_586n}),
    {state: `${loopFile} 22:18586`, witnesses: [loopFile]},
  ],
  [
    'an image on a device of which nothing is known',
    systemOf(squashfs, 0xb00n, {}),
    {state: undefined, witnesses: []},
  ],
  [
    'an image that a program shows',
    systemOf(fuse, 0x30n, {'/sys/fs/fuse/connections/48': 9n}, line('fuse.squashfuse')),
    {state: '/sys/fs/fuse/connections/48 22:9', witnesses: ['/sys/fs/fuse/connections/48']},
  ],
  [
    'the same without fusectl, as in a container',
    systemOf(fuse, 0x30n, {}, line('fuse.squashfuse_ll')),
    {state: undefined, witnesses: []},
  ],
  [
    'a program that keeps times',
    systemOf(fuse, 0x30n, {}, line('fuse.fuse-overlayfs')),
    {state: '', witnesses: []},
  ],
  [
    'an image on another system',
    {...systemOf(squashfs, loop0, {}), platform: 'darwin'},
    {state: '', witnesses: []},
  ],
]

/** Why the machine mounts no image; undefined where it does. */
const unmountable = ((): string | undefined => {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return 'only root mounts an image'
  if (spawnSync('mksquashfs', ['-version']).error !== undefined) return 'mksquashfs is not installed'
  return spawnSync('sh', ['-c', 'test -e /dev/loop-control && grep -q squashfs /proc/filesystems']).status ===
    0
    ? undefined
    : 'no squashfs or no loop device here'
})()

suite('toolchain/mount', test => {
  for (const [what, system, expected] of cases) {
    test(`${what} is known by its witness, or not at all`, () => {
      assert.equal(mountsState(system, '/go'), expected)
    })
  }

  test('a witness that is another is another mount', () => {
    const [first, second] = [1n, 2n].map(inode => systemOf(squashfs, loop0, {[loopFile]: inode}))
    assert.is.not(mountsState(first as System, '/go').state, mountsState(second as System, '/go').state)
  })

  test('where nobody can say which image it is, nothing is remembered', async () => {
    await withTemporary(async folder => {
      const goroot = makeSmallGoroot(join(folder, 'go'))
      const system = smallSystem()
      const image: System = {
        ...system,
        platform: 'linux',
        files: {
          ...system.files,
          fileSystemType: () => squashfs,
          stat: path => (path.startsWith('/sys/') ? undefined : system.files.stat(path)),
        },
      }
      for (const _ of [1, 2]) {
        const {wasHashed, isSettled} = await identify(image, goroot, join(folder, 'store'))
        assert.equal({wasHashed, isSettled}, {wasHashed: true, isSettled: false})
      }
    })
  })

  test.unless(
    unmountable,
    'two squashfs images of one time, mounted in turn, are two toolchains',
    async () => {
      await withTemporary(async folder => {
        const goroot = join(folder, 'mounted')
        mkdirSync(goroot)
        const image = (compiler: string) => {
          const tree = makeSmallGoroot(join(folder, 'tree'))
          writeFileSync(join(tree, 'pkg/tool/linux_amd64/compile'), compiler)
          const file = join(folder, `${compiler}.sqsh`)
          const times = ['-all-time', '1700000000', '-mkfs-time', '1700000000']
          execFileSync('mksquashfs', [tree, file, ...times, '-quiet', '-no-progress'], {stdio: 'ignore'})
          return file
        }
        const images = [image('AAAAAAA'), image('BBBBBBB')] as const
        const system = smallSystem()
        const identified = async (file: string) => {
          execFileSync('mount', ['-o', 'loop', file, goroot])
          try {
            const first = await identify(system, goroot, join(folder, 'store'))
            const again = await identify(system, goroot, join(folder, 'store'))
            assert.equal([again.hash, again.wasHashed], [first.hash, false])
            return first
          } finally {
            execFileSync('umount', [goroot])
          }
        }
        const [one, two] = [await identified(images[0]), await identified(images[1])]
        assert.is(one.tools, two.tools, 'no stat tells them apart')
        assert.is.not(one.hash, two.hash)
        assert.is((await identified(images[0])).hash, one.hash)
      })
    },
  )
})
