/** Whose folder gowarden remembers in: what lies there decides what a build is told, and lets a verify pass. */
import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {openFolder, storeFolder} from '../../src/store/folder.ts'
import {openRecords} from '../../src/store/records.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {root, tiny, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const nobody = 65_534
const notRoot = process.geteuid?.() === 0 ? undefined : 'only root gives a folder away'

/** Each makes a store that must not be used below the folder; returns what is said of it. */
const unusable: [what: string, make: (store: string) => string][] = [
  [
    'that the group may write',
    store => {
      mkdirSync(store)
      chmodSync(store, 0o770)
      return 'other users can write to it'
    },
  ],
  [
    'that everybody may write',
    store => {
      mkdirSync(store)
      chmodSync(store, 0o707)
      return 'other users can write to it'
    },
  ],
  [
    'that is a file',
    store => {
      writeFileSync(store, '')
      return 'not a directory'
    },
  ],
]

const ofOthers: typeof unusable = [
  [
    'of another user',
    store => {
      mkdirSync(store)
      chownSync(store, nobody, nobody)
      return `${store} belongs to another user`
    },
  ],
  [
    'that would be made in a folder of another user, as under sudo with a person’s HOME',
    store => {
      const home = join(store, '..')
      chownSync(home, nobody, nobody)
      return `${home} belongs to another user`
    },
  ],
]

suite('store/folder', test => {
  test('the folder is the one that bin/go names', () => {
    const of = (env: Record<string, string>) => storeFolder({env})
    assert.is(of({XDG_CACHE_HOME: '/x', HOME: '/h'}), '/x/gowarden')
    assert.is(of({XDG_CACHE_HOME: 'relative', HOME: '/h'}), '/h/.cache/gowarden')
    assert.is(of({XDG_CACHE_HOME: '', HOME: '/h'}), '/h/.cache/gowarden')
    assert.is(of({HOME: 'h'}), '')
    assert.is(of({}), '')
  })

  test('a folder of ours is used, and made where it is absent, for nobody else to enter', async () => {
    await withTemporary(base => {
      const system = nodeSystem()
      const path = join(base, 'a/b/gowarden')
      assert.equal(openFolder(system, path), {kind: 'usable', path})
      assert.is(system.files.stat(path)?.mode, 0o700)
      assert.is(system.files.stat(join(base, 'a'))?.mode, 0o700)
    })
  })

  const cases = [
    ...unusable.map(entry => [...entry, undefined] as const),
    ...ofOthers.map(entry => [...entry, notRoot] as const),
  ]
  for (const [what, make, skipped] of cases) {
    test.unless(skipped, `a store ${what} is not used, neither for plans nor for records`, async () => {
      await withTemporary(base => {
        const env = {XDG_CACHE_HOME: base}
        const system = {...nodeSystem(), env}
        const path = storeFolder({env})
        const reason = make(path)
        const before = readdirSync(base)
        const folder = openFolder(system, path)
        assert.is(folder.kind, 'unusable')
        assert.match(folder.kind === 'unusable' ? folder.reason : '', reason)
        const records = openRecords(system, 'kind', {records: 10, bytes: 1000})
        records.write('key', 'text')
        assert.is(records.read('key'), undefined)
        assert.equal(readdirSync(base), before)
        assert.not(existsSync(join(path, 'kind')))
      })
    })
  }

  const planted: [what: string, change: (kind: string) => void, skipped: string | undefined][] = [
    ['of another user', kind => chownSync(kind, nobody, nobody), notRoot],
    ['that the group may write', kind => chmodSync(kind, 0o770), undefined],
  ]
  for (const [what, change, skipped] of planted) {
    test.unless(skipped, `a record in a folder ${what} is not believed: it could pass a tamper`, async () => {
      await withTemporary(base => {
        const system = {...nodeSystem(), env: {XDG_CACHE_HOME: base}}
        const open = () => openRecords(system, 'kind', {records: 10, bytes: 1000})
        open().write('key', 'text')
        assert.is(open().read('key'), 'text')
        change(join(base, 'gowarden/kind'))
        assert.is(open().read('key'), undefined)
      })
    })
  }

  test.unless(
    notRoot,
    'sudo gowarden verify with a person’s HOME leaves nothing of root’s there, and their next build is as ever',
    async () => {
      await withRig(async rig => {
        rig.write(tiny)
        execFileSync('git', ['init', '--quiet', rig.work])
        execFileSync('git', ['add', '.'], {cwd: rig.work})
        const home = join(rig.folder, 'home')
        execFileSync('chown', ['-R', `${nobody}:${nobody}`, rig.folder])
        const env = {...rig.env, XDG_CACHE_HOME: undefined, GOMODCACHE: undefined}
        const asRoot = await rig.gowarden(['verify'], {
          env: {
            ...env,
            GIT_CONFIG_COUNT: '1',
            GIT_CONFIG_KEY_0: 'safe.directory',
            GIT_CONFIG_VALUE_0: '*',
          },
        })
        assert.match(asRoot.stderr, 'in order')
        assert.is(execFileSync('find', [home, '-user', 'root']).toString(), '')
        const build = spawnSync(`${root}/bin/go`, ['build', '-o', 'tiny', '.'], {
          cwd: rig.work,
          env: {...env, PWD: rig.work},
          uid: nobody,
          gid: nobody,
        })
        assert.is(build.stderr.toString().replace(/^gowarden: reading .*\n/gm, ''), '')
        assert.is(build.status, 0)
      })
    },
  )
})
