/** `gowarden install` as it is typed, on a machine without Go. */
import {spawn} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import type {ServerResponse} from 'node:http'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {nodeSystem} from '../../src/system/node.ts'
import {hashGoroot} from '../../src/toolchain/goroot-hash.ts'
import {type InstallRig, padded, withInstallRig} from '../support/install-rig.ts'
import {randomFrom} from '../support/random.ts'
import {root, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {type Fault, sendFile} from '../support/toolchain-mirror.ts'
import {type Entry, zipOf} from '../support/zip.ts'

const name = {version: 'go1.26.8', os: 'linux', arch: 'amd64'}
const zipPath = 'golang.org/toolchain/@v/v0.0.1-go1.26.8.linux-amd64.zip'

/** The one GOROOT there is, which must be what was published, byte for byte. */
async function assertInstalled(rig: InstallRig): Promise<string> {
  const {goroots, others} = rig.listed()
  assert.is(goroots.length, 1)
  assert.equal(
    others.filter(other => other.startsWith('.')),
    [],
  )
  const goroot = join(rig.toolchains, goroots[0] ?? '')
  const {h1} = await hashGoroot(nodeSystem(), goroot, name, () => undefined)
  assert.is(h1, rig.mirror.h1('go1.26.8', 'linux-amd64'))
  return goroot
}

function assertNothing(rig: InstallRig): void {
  const {goroots, others} = rig.listed()
  assert.equal([...goroots, ...others], [])
}

const nameOf = (rig: InstallRig) =>
  `go1.26.8-${rig.mirror.h1('go1.26.8', 'linux-amd64').slice(3, 15).replaceAll('/', '_')}`

const zips = (rig: InstallRig) => rig.served.asked.filter(path => path === zipPath).length

suite('install/install', test => {
  test('a release is installed under its version and hash, read-only, as upstream packs it, and a second time nothing is asked', async () => {
    await withInstallRig(async rig => {
      const first = await rig.gowarden(['install', 'go1.26.8'])
      assert.is(first.code, 0, first.stderr)
      const goroot = await assertInstalled(rig)
      const letters = rig.mirror.h1('go1.26.8', 'linux-amd64').slice(3, 15).replaceAll('/', '_')
      assert.is(goroot, join(rig.toolchains, `go1.26.8-${letters}`))
      assert.match(first.stdout, `installed: ${goroot}\n`)
      assert.is(first.stderr, '')
      const modes = ['bin/go', 'pkg/tool/linux_amd64/compile', 'src/go.mod', 'src', 'VERSION'].map(path =>
        (statSync(join(goroot, path)).mode & 0o777).toString(8),
      )
      assert.equal(modes, ['555', '555', '444', '555', '444'])
      assert.not.ok(existsSync(join(goroot, 'src/_go.mod')))

      const asked = rig.served.asked.length
      const again = await rig.gowarden(['install', 'go1.26.8', '--goroot'])
      assert.is(again.stdout, `${goroot}\n`)
      assert.is(rig.served.asked.length, asked)
    })
  })

  test('what gowarden.lock names is installed, without a network where that was proven and fetched before', async () => {
    await withInstallRig(async rig => {
      assert.is((await rig.gowarden(['lock'])).code, 0)
      const first = await rig.gowarden(['install'])
      assert.is(first.code, 0, first.stderr)
      await assertInstalled(rig)
      const offline = {env: {GOPROXY: 'http://127.0.0.1:1'}}
      assert.is((await rig.gowarden(['install'], offline)).code, 0)
      assert.is((await rig.gowarden(['lock', '--check'], offline)).code, 0)
      assert.is((await rig.gowarden(['install', '--repair'], offline)).code, 0)
    })
  })

  test('from a folder (file://), whose zip stays where it is', async () => {
    await withInstallRig(async rig => {
      const GOPROXY = `file://${encodeURI(rig.mirror.folder)}`
      const ended = await rig.gowarden(['install', 'go1.26.8'], {env: {GOPROXY}})
      assert.is(ended.code, 0, ended.stderr)
      await assertInstalled(rig)
      assert.is(rig.served.asked.length, 0)
      assert.ok(existsSync(join(rig.mirror.folder, zipPath)))
    })
  })

  const lists: [what: string, proxies: (url: string) => string, code: number, said: RegExp][] = [
    ['a comma leads on when it is not there', url => `${url}/nothing,${url}`, 0, /^$/],
    ['a comma ends at a failure', url => `http://127.0.0.1:1,${url}`, 1, /connection refused/],
    ['| leads on at a failure', url => `http://127.0.0.1:1|${url}`, 0, /^$/],
    ['off', () => 'off', 1, /cannot be asked|GOPROXY=off/],
    ['direct behind a proxy without toolchains', url => `${url}/nothing,direct`, 1, /./],
  ]
  for (const [what, proxies, code, said] of lists) {
    test(`GOPROXY: ${what}`, async () => {
      await withInstallRig(async rig => {
        // The database is asked at its own address: what is tried here is the way of the zip.
        const env = {
          GOPROXY: proxies(rig.served.url),
          GOSUMDB: `${rig.mirror.key} ${rig.served.url}/sumdb/sum.golang.org`,
        }
        const ended = await rig.gowarden(['install', 'go1.26.8'], {env})
        assert.is(ended.code, code, ended.stderr)
        assert.match(ended.stderr, said)
        if (code === 0) await assertInstalled(rig)
        else assertNothing(rig)
      })
    })
  }

  test('direct and off are refused with a reason', async () => {
    await withInstallRig(async rig => {
      const GOSUMDB = `${rig.mirror.key} ${rig.served.url}/sumdb/sum.golang.org`
      for (const [GOPROXY, said] of [
        ['direct', /direct: no repository holds toolchains, only a module proxy does/],
        ['off', /GOPROXY=off: nothing may be fetched/],
        [`${rig.served.url}/nothing,direct`, /404; then direct: no repository holds toolchains/],
      ] as const) {
        const ended = await rig.gowarden(['install', 'go1.26.8'], {env: {GOPROXY, GOSUMDB}})
        assert.is(ended.code, 1)
        assert.match(ended.stderr, said)
      }
    })
  })

  const sending =
    (entries: readonly Entry[]): Fault =>
    (path, response) => {
      if (path !== zipPath) return false
      response.end(zipOf(entries))
      return true
    }
  const prefix = 'golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64/'
  const lies: [what: string, fault: Fault, said: RegExp][] = [
    [
      'a name that leads out',
      sending([{name: `${prefix}../../../x`}]),
      /is no plain path; nothing was installed/,
    ],
    [
      'one name twice',
      sending([{name: `${prefix}src/go.mod`}, {name: `${prefix}src/_go.mod`}]),
      /an attack.* one file/,
    ],
    [
      'two cases of one name',
      sending([{name: `${prefix}a/X`}, {name: `${prefix}A/x`}]),
      /an attack.* one file/,
    ],
    [
      'a file that is a folder as well',
      sending([{name: `${prefix}a`}, {name: `${prefix}a/b`}]),
      /an attack.* one file/,
    ],
    [
      'a folder that is a file as well',
      sending([{name: `${prefix}a/b`}, {name: `${prefix}a`}]),
      /an attack.* one file/,
    ],
    [
      'a name that no file can have',
      sending([{name: `${prefix}${'n'.repeat(300)}`}]),
      /an attack.* longer than/,
    ],
    [
      'a path that no file can have',
      sending([{name: `${prefix}${'n/'.repeat(3000)}x`}]),
      /an attack.* longer than/,
    ],
    [
      'another zip',
      (path, response, request, folder) => {
        if (path !== zipPath) return false
        sendFile(join(folder, path.replace('1.26.8', '1.26.9')), request, response)
        return true
      },
      /an attack, or a damaged disk: .*outside golang\.org/,
    ],
    [
      'one byte of a file in the zip',
      (path, response, _, folder) => {
        if (path !== zipPath) return false
        const bytes = readFileSync(join(folder, path))
        const at = bytes.indexOf('src/fmt/print.go') + 'src/fmt/print.go'.length + 4
        bytes[at] = (bytes[at] ?? 0) ^ 1
        response.end(bytes)
        return true
      },
      /an attack, or a damaged disk/,
    ],
    [
      'no zip at all',
      (path, response) => {
        if (path !== zipPath) return false
        response.end('<html>welcome</html>')
        return true
      },
      /an attack, or a damaged disk/,
    ],
    [
      'a forged record',
      (path, response, _, folder) => {
        if (!path.includes('lookup')) return false
        response.end(readFileSync(join(folder, path), 'utf8').replace(/h1:[^m]\S+/, `h1:${'b'.repeat(43)}=`))
        return true
      },
      /an attack: .* the record is not in the tree/,
    ],
    [
      'a tile that is withheld',
      (path, response) => {
        if (!path.includes('/tile/')) return false
        response.writeHead(404).end()
        return true
      },
      /an attack: .* is withheld/,
    ],
  ]
  for (const [what, fault, said] of lies) {
    test(`${what} is told as an attack, and nothing is left`, async () => {
      await withInstallRig(
        async rig => {
          const ended = await rig.gowarden(['install', 'go1.26.8'])
          assert.is(ended.code, 1)
          assert.match(ended.stderr, said)
          assertNothing(rig)
          // What came is not tried again: the next proxy may be honest.
          const zips = join(rig.store, 'toolchain-zips')
          assert.equal(existsSync(zips) ? readdirSync(zips).filter(name => name.endsWith('.zip')) : [], [])
        },
        {fault},
      )
    })
  }

  /** Bytes for as long as anybody reads. */
  const endless = (response: ServerResponse) => {
    const piece = Buffer.alloc(64 * 1024, 65)
    const more = () => {
      while (!response.destroyed && response.write(piece));
    }
    response.on('drain', more)
    more()
  }
  const answers: [what: string, answer: (response: ServerResponse) => void, said: RegExp][] = [
    [
      'an end that is never reached behind a redirect',
      response => endless(response.writeHead(302, {location: '/no'})),
      /404/,
    ],
    ['an end that is never reached behind "not found"', response => endless(response.writeHead(404)), /404/],
    [
      'a redirect to what is no URL',
      response => response.writeHead(302, {location: 'http://['}).end(),
      /leads to what is no URL/,
    ],
    [
      'a redirect to a file',
      response => response.writeHead(302, {location: 'file:///etc/passwd'}).end(),
      /which is not https/,
    ],
  ]
  for (const [what, answer, said] of answers) {
    test(`a proxy that answers with ${what} ends in an error`, async () => {
      const fault: Fault = (path, response) => {
        if (path === zipPath) answer(response)
        return path === zipPath
      }
      await withInstallRig(
        async rig => {
          const ended = await rig.gowarden(['install', 'go1.26.8'])
          assert.is(ended.code, 1)
          assert.match(ended.stderr, said)
          assertNothing(rig)
        },
        {fault},
      )
    })
  }

  const inTheWay: [what: string, put: (path: string, rig: InstallRig) => void][] = [
    [
      'a link to another folder',
      (path, rig) => {
        writeFiles(join(rig.folder, 'other'), {'bin/go': '#!/bin/sh\n'})
        symlinkSync(join(rig.folder, 'other'), path)
      },
    ],
    ['a folder that nobody installed', path => writeFiles(path, {'bin/go': '#!/bin/sh\n'})],
    ['a file', path => writeFileSync(path, '')],
  ]
  for (const [what, put] of inTheWay) {
    test(`in the place of a toolchain, ${what} is not taken for it, and stays`, async () => {
      await withInstallRig(async rig => {
        mkdirSync(rig.toolchains, {recursive: true})
        const goroot = join(rig.toolchains, nameOf(rig))
        put(goroot, rig)
        const ended = await rig.gowarden(['install', 'go1.26.8'])
        assert.is(ended.code, 1)
        assert.not.match(ended.stdout, /proven/)
        assert.match(ended.stderr, `hint: move it away: mv '${goroot}' '${goroot}.old'\n`)
        assert.equal(Object.values(rig.listed()).flat(), [nameOf(rig)])
        renameSync(goroot, `${goroot}.old`)
        assert.is((await rig.gowarden(['install', 'go1.26.8'])).code, 0)
      })
    })
  }

  test('a record that says another hash than the name of the folder is written anew, where the folder is the one', async () => {
    await withInstallRig(async rig => {
      await rig.gowarden(['install', 'go1.26.8'])
      const record = join(rig.toolchains, `${nameOf(rig)}.hash`)
      rmSync(record)
      writeFileSync(record, `go1.26.8.linux-amd64@h1:${'A'.repeat(43)}=\n`)
      const {stdout} = await rig.gowarden(['install', 'go1.26.8'])
      assert.match(stdout, `proven: go1.26.8.linux-amd64@${rig.mirror.h1('go1.26.8', 'linux-amd64')}\n`)
      assert.not.match(readFileSync(record, 'utf8'), /AAAA/)
    })
  })

  test('a folder above that every user can write to is told', async () => {
    await withInstallRig(async rig => {
      mkdirSync(rig.toolchains, {recursive: true, mode: 0o755})
      chmodSync(dirname(rig.toolchains), 0o777)
      const {code, stderr} = await rig.gowarden(['install', 'go1.26.8'])
      assert.is(code, 0)
      assert.match(stderr, `warning: every user can write to ${dirname(rig.toolchains)}, `)
    })
  })

  test('--prune keeps what runs here and what another command is at, removes what a killed one left, and says who may miss it', async () => {
    await withInstallRig(async rig => {
      await rig.gowarden(['install', 'go1.26.8'])
      await rig.gowarden(['install', 'go1.26.9'])
      const own = join(rig.toolchains, nameOf(rig))
      const zips = join(rig.store, 'toolchain-zips')
      const left = ['.go1.20.1-AAAAAAAAAAAA.99', '.go1.21.1-AAAAAAAAAAAA.99'].map(name =>
        join(rig.toolchains, name),
      )
      for (const path of left) mkdirSync(path)
      writeFileSync(join(zips, 'go1.21.1-AAAAAAAAAAAA.part'), '')
      // Held, and abandoned.
      mkdirSync(join(zips, 'go1.21.1-AAAAAAAAAAAA.lock'))
      mkdirSync(join(zips, 'go1.22.1-AAAAAAAAAAAA.lock'))
      utimesSync(join(zips, 'go1.22.1-AAAAAAAAAAAA.lock'), 1, 1)
      const kept = await rig.gowarden(['install', '--prune'], {env: {PATH: `${own}/bin:${rig.env['PATH']}`}})
      assert.is(kept.stdout, `removed '${left[0]}'\n`)
      assert.ok(existsSync(left[1] ?? '') && existsSync(join(zips, 'go1.21.1-AAAAAAAAAAAA.part')))
      assert.not(existsSync(join(zips, 'go1.22.1-AAAAAAAAAAAA.lock')))
      const {stdout} = await rig.gowarden(['install', '--prune'])
      assert.match(stdout, `removed '${own}'\n`)
      assert.match(
        stdout,
        /a repository with a gowarden\.lock that names one of them gets it back there: gowarden install\n/,
      )
    })
  })

  test('a lock that names what nobody published is refused', async () => {
    await withInstallRig(async rig => {
      const h1 = rig.mirror.h1('go1.26.9', 'linux-amd64')
      rig.write({'gowarden.lock': `gowarden lock 1\ngo1.26.8.linux-amd64@${h1} sum.golang.org\n`})
      const ended = await rig.gowarden(['install'])
      assert.is(ended.code, 1)
      assert.match(ended.stderr, /nobody published what is locked/)
      assertNothing(rig)
    })
  })

  const refusals: [what: string, words: string[], said: RegExp][] = [
    ['a range', ['install', '1.26.x'], /is not one toolchain\n.*gowarden install go1\.26\.9\n/],
    ['nothing named and no lock', ['install'], /there is no gowarden\.lock here/],
    ['no such version', ['install', 'go1.26.99'], /knows no go1\.26\.99 for linux\/amd64/],
  ]
  for (const [what, words, said] of refusals) {
    test(`refused: ${what}`, async () => {
      await withInstallRig(async rig => {
        const ended = await rig.gowarden(words)
        assert.ok((ended.code ?? 0) > 0)
        assert.match(ended.stderr, said)
        assertNothing(rig)
      })
    })
  }

  test('a proxy that breaks off again and again is gone on with, each byte fetched once', async () => {
    const choose = randomFrom(11)
    let sent = 0
    const fault: Fault = (path, response, request, folder) => {
      if (path !== zipPath) return false
      const piece = 20_000 + choose(150_000)
      sent += piece
      sendFile(join(folder, path), request, response, {upTo: piece})
      return true
    }
    await withInstallRig(
      async rig => {
        const ended = await rig.gowarden(['install', 'go1.26.8'])
        assert.is(ended.code, 0, ended.stderr)
        await assertInstalled(rig)
        assert.ok(zips(rig) > 3, String(zips(rig)))
        assert.ok(sent < rig.mirror.zip('go1.26.8', 'linux-amd64').length * 2)
      },
      {fault},
    )
  })

  test('a proxy that sends nothing more ends in an error, and the next run goes on from there', async () => {
    let isBroken = true
    const fault: Fault = (path, response, request, folder) => {
      if (path !== zipPath || !isBroken) return false
      if (request.headers.range !== undefined) response.destroy()
      else sendFile(join(folder, path), request, response, {upTo: 300_000})
      return true
    }
    await withInstallRig(
      async rig => {
        const ended = await rig.gowarden(['install', 'go1.26.8'])
        assert.is(ended.code, 1)
        assert.match(ended.stderr, /cannot be fetched: .*(broke off|hang up)/)
        assertNothing(rig)
        isBroken = false
        const again = await rig.gowarden(['install', 'go1.26.8'])
        assert.is(again.code, 0, again.stderr)
        await assertInstalled(rig)
      },
      {fault},
    )
  })

  for (const [what, tag] of [
    ['by its ETag', '"another"'],
    ['by its hash alone, where the server has no ETag', undefined],
  ] as const) {
    test(`what has become another file meanwhile is fetched from its start: seen ${what}`, async () => {
      const fault: Fault = (path, response, request, folder) => {
        if (path !== zipPath || tag !== undefined) return false
        sendFile(join(folder, path), request, response, {hasTag: false})
        return true
      }
      await withInstallRig(
        async rig => {
          const {files} = nodeSystem()
          const letters = rig.mirror.h1('go1.26.8', 'linux-amd64').slice(3, 15).replaceAll('/', '_')
          const part = join(rig.store, 'toolchain-zips', `go1.26.8-${letters}.part`)
          files.makeDirectory(join(rig.store, 'toolchain-zips'), 0o700)
          writeFileSync(part, Buffer.alloc(100_000, 7))
          const size = rig.mirror.zip('go1.26.8', 'linux-amd64').length
          writeFileSync(`${part}.from`, JSON.stringify({url: `${rig.served.url}/${zipPath}`, tag, size}))
          const ended = await rig.gowarden(['install', 'go1.26.8'])
          assert.is(ended.code, 0, ended.stderr)
          await assertInstalled(rig)
        },
        {fault},
      )
    })
  }

  test('of eight at once one fetches, and all agree', async () => {
    await withInstallRig(async rig => {
      const ended = await Promise.all(
        Array.from({length: 8}, () => rig.gowarden(['install', 'go1.26.8', '--goroot'])),
      )
      assert.equal(
        ended.map(({code, stderr}) => `${code} ${stderr}`),
        ended.map(() => '0 '),
      )
      assert.is(new Set(ended.map(({stdout}) => stdout)).size, 1)
      assert.is(zips(rig), 1)
      await assertInstalled(rig)
    })
  })

  test('killed at any moment, there is never half a GOROOT under its name, and the next run ends well', async () => {
    const kills = Math.max(1, Math.round(Number(process.env['KILLS'] ?? 8)))
    const choose = randomFrom(7)
    await withInstallRig(async rig => {
      const timed = performance.now()
      assert.is((await rig.gowarden(['install', 'go1.26.9'])).code, 0)
      const span = (performance.now() - timed) * 1.3
      for (let kill = 0; kill < kills; kill += 1) {
        const child = spawn(`${root}/bin/gowarden`, ['install', 'go1.26.8'], {
          cwd: rig.work,
          env: rig.env as NodeJS.ProcessEnv,
          stdio: 'ignore',
          detached: true,
        })
        await new Promise(resolve => setTimeout(resolve, choose(Math.round(span))))
        if (child.pid !== undefined && child.exitCode === null) {
          try {
            process.kill(-child.pid, 'SIGKILL')
          } catch {
            // it had just ended
          }
        }
        await new Promise(resolve =>
          child.exitCode !== null || child.signalCode !== null ? resolve(0) : child.once('exit', resolve),
        )
        for (const goroot of rig.listed().goroots.filter(name => name.startsWith('go1.26.8'))) {
          const {h1} = await hashGoroot(nodeSystem(), join(rig.toolchains, goroot), name, () => undefined)
          assert.is(h1, rig.mirror.h1('go1.26.8', 'linux-amd64'))
          await rig.gowarden(['install', 'go1.26.9'])
          await rig.gowarden(['install', '--prune'])
        }
      }
      const last = await rig.gowarden(['install', 'go1.26.8'])
      assert.is(last.code, 0, last.stderr)
      assert.equal(
        rig.listed().others.filter(other => other.startsWith('.go1.26.8')),
        [],
      )
    })
  })

  test('every file of it is one of the zip', async () => {
    await withInstallRig(async rig => {
      await rig.gowarden(['install', 'go1.26.8'])
      const goroot = await assertInstalled(rig)
      const files = readdirSync(goroot, {recursive: true, withFileTypes: true}).filter(entry =>
        entry.isFile(),
      )
      assert.is(files.length, Object.keys(padded).length)
    })
  })
})
