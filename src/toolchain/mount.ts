/**
 * Whether the stat of a GOROOT's files tells it from another tree. On an image whose times never move (squashfs, erofs) two
 * toolchains mounted in turn at one place have the same device, inodes, sizes and times, mount id and file system id: measured,
 * with `mksquashfs -all-time` and two loop mounts. What differs is the attachment itself, which the kernel numbers anew each time.
 */
import {orNothing} from '../system/or-nothing.ts'
import type {FileStat, System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'

/**
 * 'moving': every change of a file shows in its stat. 'fixed': not so, but the stat of `witness` (a path) changes with the image.
 * 'unknowable': there is no such witness, so nothing may be remembered of a tree there.
 */
export type Mount = {kind: 'moving'} | {kind: 'fixed'; witness: string} | {kind: 'unknowable'}

/** statfs(2) f_type of images that are made whole and never written: squashfs, erofs, iso9660, cramfs, romfs. */
const imageTypes = new Set([0x73717368, 0xe0f5e1e2, 0x9660, 0x28cd3d45, 0x7275])
const fuseType = 0x65735546

/** Programs that mount such images without root, as mountinfo names them: `fuse.squashfuse`. */
const imageMounters =
  /^fuse\.(squashfuse|squashfs|erofs|dwarfs|fuseiso|archivemount|ratarmount|mount-zip|fuse-zip)/

/** The mounts of the places in a GOROOT that decide what is compiled; only what differs from a moving one. */
export function unmovingMounts(system: System, goroot: string): Exclude<Mount, {kind: 'moving'}>[] {
  if (system.platform !== 'linux') return []
  const found = new Map<string, Exclude<Mount, {kind: 'moving'}>>()
  for (const path of [goroot, `${goroot}/src`, `${goroot}/pkg/tool`]) {
    const mount = mountAt(system, path)
    if (mount.kind !== 'moving') found.set(mount.kind === 'fixed' ? mount.witness : '', mount)
  }
  return [...found.values()]
}

function mountAt(system: System, path: string): Mount {
  const type = system.files.fileSystemType(path)
  if (type === undefined) return {kind: 'moving'}
  const isImage = imageTypes.has(type)
  if (!isImage && type !== fuseType) return {kind: 'moving'}
  const device = system.files.stat(path)?.device ?? 0n
  if (isImage) return witnessed(system, `/sys/dev/block/${deviceText(device)}/loop/backing_file`)
  if (!imageMounters.test(mountType(system, device))) return {kind: 'moving'}
  return witnessed(system, `/sys/fs/fuse/connections/${minorOf(device)}`)
}

function witnessed(system: System, witness: string): Mount {
  return statOf(system, witness) === undefined ? {kind: 'unknowable'} : {kind: 'fixed', witness}
}

/**
 * The type of a mounted device in /proc/self/mountinfo (proc_pid_mountinfo(5)); '' where it is not told.
 *
 *   42 27 0:48 / /opt/go rw,nosuid - fuse.squashfuse squashfuse rw,user_id=0,group_id=0
 */
function mountType(system: System, device: bigint): string {
  const lines = system.files.read('/proc/self/mountinfo')?.toString('latin1').split('\n') ?? []
  const line = lines.find(text => text.split(' ')[2] === deviceText(device))
  return line?.split(' - ')[1]?.split(' ')[0] ?? ''
}

/** `MAJOR:MINOR`, as sysfs and mountinfo name a device (makedev(3)). */
function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
  return `${major}:${minorOf(device)}`
}

function minorOf(device: bigint): bigint {
  return (device & 0xffn) | ((device >> 12n) & ~0xffn)
}

/** A sandbox may hide sysfs. */
function statOf(system: System, path: string): FileStat | undefined {
  return orNothing(() => system.files.stat(path))
}

/** How the witnesses stand, a line each: an image that is mounted anew has another. undefined where nobody can say. */
export function mountsState(
  system: System,
  goroot: string,
): {state: string | undefined; witnesses: string[]} {
  const lines: string[] = []
  const witnesses: string[] = []
  for (const mount of unmovingMounts(system, goroot)) {
    switch (mount.kind) {
      case 'unknowable':
        return {state: undefined, witnesses: []}
      case 'fixed': {
        // sysfs makes up the times when it is first looked at; the number is the kernel's own.
        const stat = statOf(system, mount.witness)
        lines.push(`${mount.witness} ${stat?.device}:${stat?.inode}`)
        witnesses.push(mount.witness)
        break
      }
      default:
        return unreachable(mount)
    }
  }
  return {state: lines.join('\n'), witnesses}
}
