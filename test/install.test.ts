/** install.sh from a folder, a file and a server, with archives of a gowarden that only says its version. */
import {execFileSync, spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root, runProgram} from './support/rig.ts'
import {suite} from './support/suite.ts'
import {withTemporary} from './support/temporary.ts'

const arch = process.arch === 'arm64' ? 'arm64' : 'x64'
const platform = `${process.platform === 'darwin' ? 'macos' : 'linux'}-${arch}`

/** A folder of a release: archives of these versions, and their SHA256SUMS. */
function release(folder: string, versions: readonly string[]): string {
  const out = join(folder, 'a release')
  mkdirSync(out, {recursive: true})
  const sums = versions.map(version => {
    const title = `gowarden-${version}-${platform}`
    mkdirSync(join(folder, title, 'bin'), {recursive: true})
    writeFileSync(
      join(folder, title, 'bin/gowarden'),
      `#!/bin/sh\ncase $1 in enable) mkdir -p "$2" && echo "enabled $2 ${version}" ;; *) echo ${version} ;; esac\n`,
      {mode: 0o755},
    )
    execFileSync('tar', ['-czf', join(out, `${title}.tar.gz`), '-C', folder, title])
    const bytes = readFileSync(join(out, `${title}.tar.gz`))
    return `${createHash('sha256').update(bytes).digest('hex')}  ${title}.tar.gz\n`
  })
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''))
  return out
}

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'ash']].filter(
  ([shell = '', ...words]) => spawnSync(shell, [...words, '-c', ':']).status === 0,
)

async function install(
  folder: string,
  words: readonly string[],
  env = {},
  shell: readonly string[] = ['sh'],
) {
  const [program = 'sh', ...before] = shell
  return await runProgram(program, [...before, join(root, 'install.sh'), ...words], {
    cwd: folder,
    env: {PATH: '/usr/local/bin:/usr/bin:/bin', HOME: join(folder, 'home'), TMPDIR: folder, ...env},
  })
}

/** What is left below the prefix, and in the temporary folder. */
const left = (folder: string) => {
  const prefix = join(folder, 'home/.local/share/gowarden')
  return existsSync(prefix) ? readdirSync(prefix).sort() : []
}

suite('install.sh', test => {
  for (const shell of shells) {
    test(`installs from a folder under ${shell.join(' ')}, and twice`, async () => {
      await withTemporary(async folder => {
        const from = release(folder, ['1.2.3'])
        for (let time = 0; time < 2; time++) {
          const ended = await install(folder, ['--from', from], {}, shell)
          assert.is(ended.code, 0, ended.stderr)
          assert.is(ended.stdout, `enabled ${folder}/home/.local/share/gowarden/bin 1.2.3\n`)
          assert.equal(left(folder), [`1.2.3-${platform}`, 'bin'])
        }
        assert.equal(
          readdirSync(folder).filter(name => name.startsWith('tmp.')),
          [],
        )
      })
    })
  }

  test('from one archive, into a prefix with a space', async () => {
    await withTemporary(async folder => {
      const archive = join(release(folder, ['1.2.3']), `gowarden-1.2.3-${platform}.tar.gz`)
      const ended = await install(folder, ['--from', archive, '--prefix=my prefix'])
      assert.is(ended.stdout, `enabled ${folder}/my prefix/bin 1.2.3\n`, ended.stderr)
    })
  })

  test('from a server by GOWARDEN_URL', async () => {
    await withTemporary(async folder => {
      const from = release(folder, ['1.2.3'])
      const server = createServer((request, response) => {
        const path = join(from, request.url ?? '')
        if (!existsSync(path)) response.writeHead(404).end()
        else response.end(readFileSync(path))
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        const ended = await install(folder, [], {GOWARDEN_URL: `${url}/`})
        assert.is(ended.code, 0, ended.stderr)
        assert.equal(left(folder), [`1.2.3-${platform}`, 'bin'])
        const absent = await install(folder, ['--version', '9.9.9'], {GOWARDEN_URL: url})
        assert.match(absent.stderr, `error: no archive of gowarden 9.9.9 for ${platform} is in SHA256SUMS`)
      } finally {
        server.close()
      }
    })
  })

  test('of several versions one has to be named', async () => {
    await withTemporary(async folder => {
      const from = release(folder, ['1.2.3', '1.3.0'])
      assert.match((await install(folder, ['--from', from])).stderr, 'error: several versions are there')
      const ended = await install(folder, ['--from', from, '--version', 'v1.3.0'])
      assert.is(ended.code, 0, ended.stderr)
      assert.equal(left(folder), [`1.3.0-${platform}`, 'bin'])
    })
  })

  const refused: [what: string, spoil: (from: string) => void, sentence: string][] = [
    [
      'an archive with one byte more',
      from => appendFileSync(join(from, `gowarden-1.2.3-${platform}.tar.gz`), 'x'),
      'is not what SHA256SUMS says; nothing was installed',
    ],
    ['no line for it', from => writeFileSync(join(from, 'SHA256SUMS'), ''), 'is in SHA256SUMS'],
    [
      'a line that names another folder',
      from => writeFileSync(join(from, 'SHA256SUMS'), `0000  gowarden-../../x-${platform}.tar.gz\n`),
      'names a file that is no archive',
    ],
  ]
  for (const [what, spoil, sentence] of refused) {
    test(`refuses ${what}, and leaves nothing`, async () => {
      await withTemporary(async folder => {
        const from = release(folder, ['1.2.3'])
        spoil(from)
        const ended = await install(folder, ['--from', from])
        assert.is(ended.code, 1)
        assert.match(ended.stderr, sentence)
        assert.equal(left(folder), [])
      })
    })
  }

  test('--sha256 pins SHA256SUMS itself', async () => {
    await withTemporary(async folder => {
      const from = release(folder, ['1.2.3'])
      const sum = createHash('sha256')
        .update(readFileSync(join(from, 'SHA256SUMS')))
        .digest('hex')
      const other = await install(folder, [
        '--from',
        from,
        '--sha256',
        sum.replace(/^./, first => (first === '0' ? '1' : '0')),
      ])
      assert.is(other.code, 1)
      assert.match(other.stderr, 'SHA256SUMS is not the one that --sha256 names; nothing was installed')
      assert.equal(left(folder), [])
      assert.is((await install(folder, ['--from', from, `--sha256=${sum}`])).code, 0)
    })
  })

  const wrong: [words: string[], sentence: string][] = [
    [[], 'nothing to install from'],
    [['--from'], '--from needs a value'],
    [['--from', 'x', '--sha256', 'no'], '--sha256 no is not a SHA-256'],
    [['--frm', 'x'], '--frm is not an option'],
    [['--from', 'x', '--version', '../x'], '--version ../x is not a version'],
  ]
  for (const [words, sentence] of wrong) {
    test(`a wrong call: install.sh ${words.join(' ')}`, async () => {
      await withTemporary(async folder => {
        const ended = await install(folder, words)
        assert.is(ended.code, 2)
        assert.match(ended.stderr, `error: ${sentence}`)
      })
    })
  }

  test('self update installs beside this version, keeps what it cannot replace, and sends others to what installed them', async () => {
    await withTemporary(async folder => {
      const from = release(folder, ['1.2.3'])
      const prefix = join(folder, 'a prefix')
      const place = join(prefix, `0.0.1-${platform}`)
      for (const name of ['bin', 'package.json', 'install.sh'])
        cpSync(join(root, name), join(place, name), {recursive: true})
      cpSync(join(root, 'dist'), join(place, 'dist'), {
        recursive: true,
        filter: path => !/dist\/(gowarden|standalone)$/.test(path),
      })
      const update = (at: string, words: string[]) =>
        runProgram(process.execPath, [join(at, 'bin/gowarden'), 'self', 'update', ...words], {
          cwd: folder,
          env: {PATH: '/usr/local/bin:/usr/bin:/bin', HOME: join(folder, 'home'), TMPDIR: folder},
        })
      const ended = await update(place, ['--from', from])
      assert.equal([ended.code, ended.stdout], [0, `enabled ${prefix}/bin 1.2.3\n`], ended.stderr)
      assert.equal(readdirSync(prefix).sort(), [`0.0.1-${platform}`, `1.2.3-${platform}`, 'bin'])

      appendFileSync(join(from, `gowarden-1.2.3-${platform}.tar.gz`), 'x')
      const tampered = await update(place, ['--from', from])
      assert.is(tampered.code, 1)
      assert.match(tampered.stderr, /is not what SHA256SUMS says; nothing was installed/)

      const clone = await update(root, ['--from', from])
      assert.equal([clone.code, clone.stdout], [2, ''])
      assert.match(
        clone.stderr,
        /was not installed by install\.sh: it lies in .*\n.*hint: update it with .*: cd /,
      )
    })
  })
})
