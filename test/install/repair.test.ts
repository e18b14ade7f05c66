/** `gowarden install --repair`, `--list` and `--prune`. */
import {chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {nodeSystem} from '../../src/system/node.ts'
import {hashGoroot} from '../../src/toolchain/goroot-hash.ts'
import {type InstallRig, withInstallRig} from '../support/install-rig.ts'
import {suite} from '../support/suite.ts'

async function withInstalled(body: (rig: InstallRig, goroot: string) => Promise<void>): Promise<void> {
  await withInstallRig(async rig => {
    const ended = await rig.gowarden(['install', 'go1.26.8', '--goroot'])
    // What follows changes files there.
    assert.ok(ended.stdout.startsWith(rig.toolchains), ended.stderr)
    await body(rig, ended.stdout.trim())
  })
}

/** As a person with the rights of the owner can change anything. */
function change(path: string, how: () => void): void {
  chmodSync(dirname(path), 0o755)
  how()
  chmodSync(dirname(path), 0o555)
}

function flip(path: string): void {
  chmodSync(path, 0o644)
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(path, bytes)
  chmodSync(path, 0o444)
}

suite('install/repair', test => {
  const damages: [what: string, path: string, kind: string, damage: (path: string) => void][] = [
    ['a flipped byte in a source', 'src/fmt/print.go', 'differs', flip],
    ['a flipped byte in a tool', 'pkg/tool/linux_amd64/compile', 'differs', flip],
    ['a flipped byte in what no build reads', 'src/pad/p3.bin', 'differs', flip],
    ['a file that is missing', 'src/fmt/print.go', 'missing', path => change(path, () => rmSync(path))],
    [
      'a folder that is missing',
      'src/pad/p39.bin',
      'missing',
      path => {
        chmodSync(join(path, '../..'), 0o755)
        chmodSync(dirname(path), 0o755)
        rmSync(dirname(path), {recursive: true})
      },
    ],
    [
      'a file more',
      'src/fmt/evil.go',
      'extra',
      path => change(path, () => writeFileSync(path, 'package fmt')),
    ],
    [
      'a folder more',
      'src/evil',
      'extra',
      path =>
        change(path, () => {
          mkdirSync(path)
          writeFileSync(join(path, 'x.go'), '')
        }),
    ],
    [
      'a link in place of a file',
      'src/fmt/print.go',
      'differs',
      path =>
        change(path, () => {
          rmSync(path)
          symlinkSync('/etc/hostname', path)
        }),
    ],
    [
      'a folder in place of a file',
      'src/fmt/print.go',
      'differs',
      path =>
        change(path, () => {
          rmSync(path)
          mkdirSync(path)
        }),
    ],
    ['a tool that cannot be run', 'bin/go', 'differs', path => chmodSync(path, 0o444)],
    ['a file that may be written', 'src/fmt/print.go', 'differs', path => chmodSync(path, 0o644)],
  ]
  for (const [what, path, kind, damage] of damages) {
    test(`${what} is named and put right`, async () => {
      await withInstalled(async (rig, goroot) => {
        damage(join(goroot, path))
        const ended = await rig.gowarden(['install', '--repair'])
        assert.is(ended.code, 1, ended.stderr)
        assert.match(ended.stdout, `${kind}: ${goroot}/${path}\n`)
        const again = await rig.gowarden(['install', '--repair'])
        assert.is(again.stdout, `${goroot}: as it was installed\n`)
        assert.is(again.code, 0)
        const name = {version: 'go1.26.8', os: 'linux', arch: 'amd64'}
        const {h1} = await hashGoroot(nodeSystem(), goroot, name, () => undefined)
        assert.is(h1, rig.mirror.h1('go1.26.8', 'linux-amd64'))
      })
    })
  }

  test('what is kept as its zip is not believed: another one changes nothing', async () => {
    await withInstalled(async (rig, goroot) => {
      flip(join(goroot, 'src/fmt/print.go'))
      const zips = join(rig.store, 'toolchain-zips')
      writeFileSync(
        join(zips, `${goroot.slice(goroot.lastIndexOf('/') + 1)}.zip`),
        rig.mirror.zip('go1.26.9', 'linux-amd64'),
      )
      const offline = await rig.gowarden(['install', '--repair'], {env: {GOPROXY: 'off'}})
      assert.is(offline.code, 1)
      assert.match(offline.stderr, /nothing was changed/)
      const online = await rig.gowarden(['install', '--repair'])
      assert.match(online.stdout, /1 file put right/)
    })
  })

  test('--list names each with its hash and role; --prune removes what nothing here names', async () => {
    await withInstalled(async (rig, goroot) => {
      await rig.gowarden(['install', 'go1.26.9'])
      await rig.gowarden(['lock', 'go1.26.8'])
      const list = (await rig.gowarden(['install', '--list'])).stdout
      assert.match(
        list,
        new RegExp(
          `^go1\\.26\\.8\\.linux-amd64@h1:\\S+ +${goroot.replaceAll('+', '\\+')} +locked here$`,
          'm',
        ),
      )
      assert.match(list, /go1\.26\.9-\S+ +default$/m)
      await rig.gowarden(['install', 'go1.26.8'])
      const pruned = await rig.gowarden(['install', '--prune'])
      assert.match(pruned.stdout, /^removed .*\/go1\.26\.9-/)
      assert.equal(rig.listed().goroots, [goroot.slice(goroot.lastIndexOf('/') + 1)])
      assert.match((await rig.gowarden(['install', '--prune'])).stdout, /^nothing to remove\n$/)
    })
  })

  test('self remove names what was installed, and removes it', async () => {
    await withInstalled(async (rig, goroot) => {
      assert.match(
        (await rig.gowarden(['self', 'remove'])).stdout,
        `${goroot}: a Go toolchain that gowarden installed\n`,
      )
      const removed = await rig.gowarden(['self', 'remove', '--yes'])
      assert.match(removed.stdout, `removed ${goroot}\n`)
      assert.equal(rig.listed(), {goroots: [], others: []})
    })
  })
})
