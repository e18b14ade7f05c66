/** `gowarden install` on a disk that is full: it says so, and gives back what it took. */
import {spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {withInstallRig} from '../support/install-rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

/** Runs `body` with a folder that holds no more than so many bytes. */
async function withSmallDisk(size: string, body: (folder: string) => Promise<void>): Promise<void> {
  await withTemporary(async folder => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', disk])
    assert.is(mounted.status, 0, mounted.stderr.toString())
    try {
      await body(disk)
    } finally {
      spawnSync('umount', [disk])
    }
  })
}

const noMount = (() => {
  if (process.geteuid?.() !== 0) return 'only root may mount a small disk'
  const tried = spawnSync('sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"; rmdir "$d"',
  ])
  return tried.status === 0 ? undefined : 'nothing can be mounted here'
})()

/** Every file below a folder, with its size. */
function left(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => entry.name)
}

suite('install/disk', test => {
  for (const [what, name, size] of [
    ['toolchains', 'XDG_DATA_HOME', '300k'],
    ['downloads', 'XDG_CACHE_HOME', '300k'],
  ] as const) {
    test.unless(noMount, `full for ${what}: said, and nothing is left`, async () => {
      await withInstallRig(async rig => {
        await withSmallDisk(size, async disk => {
          const ended = await rig.gowarden(['install', 'go1.26.8'], {env: {[name]: disk}})
          assert.is(ended.code, 1)
          assert.match(
            ended.stderr,
            /installing go1\.26\.8 for linux\/amd64 in .*: no space left on device; nothing is left of it/,
          )
          assert.match(ended.stderr, /make room/)
          // Proofs of some bytes, the tree that was seen, and the file of events are no toolchain.
          assert.equal(
            left(disk).filter(
              file => !file.startsWith('go1.26.8.linux-amd64@') && !['latest', 'events.jsonl'].includes(file),
            ),
            [],
          )
          assert.equal(rig.listed().goroots, [])
        })
        const again = await rig.gowarden(['install', 'go1.26.8'])
        assert.is(again.code, 0, again.stderr)
      })
    })
  }
})
