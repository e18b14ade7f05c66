import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import schema from '../../config/schema.json' with {type: 'json'}
import type {FindingCode} from '../../src/findings/finding.ts'
import {findingCodes, ownLevel} from '../../src/findings/levels.ts'
import {parsePolicyText} from '../../src/policy/file-text.ts'
import {findPolicy} from '../../src/policy/find.ts'
import {withOwnLevels} from '../../src/policy/levels.ts'
import {assertNewEnough, updateCommand} from '../../src/policy/own-version.ts'
import {describeOrigin, type Levels} from '../../src/policy/policy.ts'
import {isUsageError} from '../../src/system/errors.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {findVerifyPolicy, loweredLevels} from '../../src/verify/policy.ts'
import {emptyRepository, writeFiles} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

/** By code: the level that the policy or a person gives it, and the policy's line. */
function saidOf(levels: Levels): Record<string, string> {
  return Object.fromEntries(
    Object.entries(levels).map(([code, {policy, own, message}]) => [
      code,
      [own ?? policy, message].flatMap(setting => setting?.value ?? []).join(', '),
    ]),
  )
}

/** What `body` finds in a repository that holds the files, or its error; the folder's name is taken out. */
async function inRepository<T>(
  files: Record<string, string>,
  body: (folder: string) => Promise<T>,
): Promise<T | string> {
  return await withTemporary(async folder => {
    writeFiles(folder, {...emptyRepository, ...files})
    try {
      const found = await body(folder)
      return JSON.parse(JSON.stringify(found).replaceAll(`${folder}/`, ''))
    } catch (error) {
      if (!isUsageError(error)) throw error
      return error.message.replaceAll(`${folder}/`, '')
    }
  })
}

/** The policy found below a temporary folder, or the error with the folder's name taken out. */
async function policyOf(
  files: Record<string, string>,
  options: {directory?: string; env?: Record<string, string>} = {},
): Promise<{cache: string; stamp: string; error?: never} | {error: string; hint: string | undefined}> {
  return await withTemporary(async folder => {
    writeFiles(folder, {...emptyRepository, ...files})
    const directory = join(folder, options.directory ?? '')
    mkdirSync(directory, {recursive: true})
    try {
      const {cache, stamp} = await findPolicy({...nodeSystem(), env: options.env ?? {}}, directory)
      return {cache: cache.value, stamp: stamp.value}
    } catch (error) {
      if (!isUsageError(error)) throw error
      return {error: error.message.replaceAll(`${folder}/`, ''), hint: error.hint}
    }
  })
}

const defaults = {cache: 'refuse', stamp: 'on'}

suite('policy/file', test => {
  test('without a file the defaults count', async () => {
    assert.equal(await policyOf({}), defaults)
    assert.equal(await policyOf({'package.json': '{"name": "x"}'}), defaults)
    assert.equal(await policyOf({'.gowardenrc.yaml': ''}), defaults)
  })

  test('each place holds a policy', async () => {
    assert.equal(await policyOf({'.gowardenrc.yaml': 'cache: isolate\n'}), {...defaults, cache: 'isolate'})
    assert.equal(await policyOf({'.gowardenrc.yml': 'stamp: off\n'}), {...defaults, stamp: 'off'})
    assert.equal(await policyOf({'.gowardenrc.json': '{"cache": "share"}'}), {...defaults, cache: 'share'})
    assert.equal(await policyOf({'package.json': '{"gowarden": {"stamp": "required"}}'}), {
      ...defaults,
      stamp: 'required',
    })
  })

  test('the nearest file counts, up to the root of the repository', async () => {
    const files = {'.gowardenrc.yaml': 'cache: isolate\n', 'a/.gowardenrc.yaml': 'cache: share\n'}
    assert.equal(await policyOf(files, {directory: 'a/b'}), {...defaults, cache: 'share'})
    assert.equal(await policyOf(files, {directory: 'c/d'}), {...defaults, cache: 'isolate'})
    assert.equal(await policyOf({...files, 'c/.git': 'gitdir: elsewhere'}, {directory: 'c/d'}), defaults)
  })

  const broken: [name: string, files: Record<string, string>, error: RegExp, hint: RegExp][] = [
    [
      'an unknown key',
      {'.gowardenrc.yaml': '# ours\ncahce: refuse\n'},
      /^\.gowardenrc\.yaml:2: unknown key "cahce"$/,
      /did you mean cache\?/,
    ],
    [
      'a key like nothing',
      {'.gowardenrc.yaml': 'somethingelse: 1\n'},
      /^\.gowardenrc\.yaml:1: unknown key/,
      /known keys: gowarden, extends, cache, stamp/,
    ],
    [
      'a value like nothing',
      {'.gowardenrc.yaml': '\n\ncache: never\n'},
      /^\.gowardenrc\.yaml:3: cache takes refuse, isolate, share, not "never"$/,
      /cache: refuse/,
    ],
    [
      'a wrong type',
      {'.gowardenrc.json': '{\n  "cache": ["refuse"]\n}'},
      /^\.gowardenrc\.json:2: cache takes/,
      /./,
    ],
    [
      'a value in other letters',
      {'.gowardenrc.yaml': 'cache: Isolated\n'},
      /, not "Isolated"$/,
      /^did you mean cache: isolate\?$/,
    ],
    [
      'one flag where a list belongs',
      {'.gowardenrc.yaml': 'flags:\n  deny: -mod=mod\n'},
      /^\.gowardenrc\.yaml:2: flags\.deny must be a list$/,
      /^write for example deny: \[-mod=mod, -toolexec, -overlay\]$/,
    ],
    [
      'a version where keys belong',
      {'.gowardenrc.yaml': 'toolchain: go1.26\n'},
      /^\.gowardenrc\.yaml:1: toolchain must be a mapping of keys$/,
      /^write for example toolchain: \{version: go\.mod, proven: true\}$/,
    ],
    [
      'a number',
      {'.gowardenrc.yaml': 'gowarden: 0.3\n'},
      /^\.gowardenrc\.yaml:1: gowarden must be a string \(quote it\)$/,
      /^write for example gowarden: ">=0\.3"$/,
    ],
    [
      'a list for keys, in JSON',
      {'.gowardenrc.json': '{"env": ["GOSUMDB=off"]}'},
      /^\.gowardenrc\.json:1: env must be a mapping of keys$/,
      /^write for example "env": \{"deny":\["GONOSUMDB","GOSUMDB=off"\]\}$/,
    ],
    [
      'a list',
      {'.gowardenrc.yaml': '- cache\n'},
      /^\.gowardenrc\.yaml:1: a policy must be a mapping of keys$/,
      /./,
    ],
    ['broken YAML', {'.gowardenrc.yaml': 'cache: refuse\n  stamp: [\n'}, /^\.gowardenrc\.yaml:\d: /, /./],
    [
      'a key twice',
      {'.gowardenrc.yaml': 'cache: refuse\ncache: share\n'},
      /^\.gowardenrc\.yaml:2: this key is there twice/,
      /./,
    ],
    ['broken JSON', {'.gowardenrc.json': '{cache: refuse}'}, /^\.gowardenrc\.json: /, /JSON/],
    [
      'package.json, by its own lines',
      {'package.json': '{\n  "name": "x",\n  "gowarden": {\n    "stmap": "on"\n  }\n}'},
      /^package\.json:4: unknown key "stmap"$/,
      /did you mean stamp\?/,
    ],
    [
      'an import of another file',
      {'.gowardenrc.yaml': '$import: ./evil.js\n', 'evil.js': 'process.exit(3)'},
      /^\.gowardenrc\.yaml:1: unknown key "\$import"$/,
      /./,
    ],
  ]
  for (const [name, files, error, hint] of broken) {
    test(`${name} is an error with its line`, async () => {
      const found = await policyOf(files)
      assert.match(found.error ?? JSON.stringify(found), error)
      assert.match(('hint' in found && found.hint) || '', hint)
    })
  }

  test('nothing in the repository is run', async () => {
    const evil = 'require("node:fs").writeFileSync(__dirname + "/ran", "")'
    await withTemporary(async folder => {
      writeFiles(folder, {
        '.gowardenrc.yaml': 'cache: isolate\n',
        '.config/config.js': evil,
        '.config/config.cjs': evil,
        '.gowardenrc.js': evil,
        'package.json': '{"cosmiconfig": {"searchPlaces": ["evil.cjs"], "mergeSearchPlaces": true}}',
        'evil.cjs': evil,
      })
      // cosmiconfig looks for settings of its own where the program stands.
      const before = process.cwd()
      process.chdir(folder)
      try {
        await findPolicy({...nodeSystem(), env: {}}, folder)
      } finally {
        process.chdir(before)
      }
      assert.is(nodeSystem().files.stat(join(folder, 'ran')), undefined)
      assert.is(nodeSystem().files.stat(join(folder, '.config/ran')), undefined)
    })
  })

  test('a person may be stricter than the file, never weaker', async () => {
    const choose = (policy: string, own: string) =>
      policyOf({'.gowardenrc.yaml': `cache: ${policy}\n`}, {env: {GOWARDEN_CACHE: own}})
    assert.equal(await choose('refuse', 'isolate'), {...defaults, cache: 'isolate'})
    assert.equal(await choose('share', 'isolate'), {...defaults, cache: 'isolate'})
    assert.equal(await choose('share', 'refuse'), defaults)
    assert.equal(await choose('refuse', ''), defaults)
    assert.match(
      (await choose('refuse', 'share')).error ?? '',
      /GOWARDEN_CACHE=share would weaken cache: refuse/,
    )
    assert.match(
      (await choose('isolate', 'refuse')).error ?? '',
      /GOWARDEN_CACHE=refuse would weaken cache: isolate/,
    )
    assert.match((await choose('refuse', 'off')).error ?? '', /GOWARDEN_CACHE=off is not a cache policy/)
  })

  test('the levels: the repository raises them, a person lowers them', async () => {
    const levels = (text: string, own = '') =>
      inRepository({'.gowardenrc.yaml': text}, async folder => {
        const system = {...nodeSystem(), env: {GOWARDEN_LEVELS: own}}
        return saidOf((await findVerifyPolicy(system, folder)).levels)
      })
    const complaint = async (text: string, own = '') => String(await levels(text, own))
    assert.equal(await levels('levels: {SUM_SURPLUS: error}'), {SUM_SURPLUS: 'error'})
    assert.equal(await levels('levels: {SUM_SURPLUS: {level: error, message: ask us}}'), {
      SUM_SURPLUS: 'error, ask us',
    })
    assert.equal(await levels('', 'VENDOR_UNPROVEN=warn, MOD_UNTIDY=off'), {
      VENDOR_UNPROVEN: 'warn',
      MOD_UNTIDY: 'off',
    })
    assert.match(
      await complaint('levels: {VENDOR_EDITED: warn}'),
      /^\.gowardenrc\.yaml:1: levels\.VENDOR_EDITED: warn would lower a level/,
    )
    assert.match(
      await complaint('levels:\n  VENDOR_EDITED:\n    level: off\n'),
      /^\.gowardenrc\.yaml:3: levels\.VENDOR_EDITED: off would lower a level/,
    )
    assert.match(await complaint('levels: {VENDOR_EDITED: never}'), /levels\.VENDOR_EDITED takes error, not/)
    assert.match(
      await complaint('\nlevels:\n    VENDOR_EDTED: error\n'),
      /^\.gowardenrc\.yaml:3: unknown key "VENDOR_EDTED"$/,
    )
    assert.match(await complaint('levels: {SUM_SURPLUS: {mesage: x}}'), /unknown key "mesage"/)
    assert.match(await complaint('verify: {toolchain: forbidden}'), /unknown key "toolchain"/)
    assert.match(await complaint('', 'NOSUCH=off'), /there is no finding NOSUCH/)
    assert.match(await complaint('', 'VENDOR_EDITED=never'), /takes error, warn or off/)
    assert.match(await complaint('', 'CACHE_FOREIGN=warn'), /CACHE_FOREIGN is never lowered/)
    assert.match(await complaint('', 'STAMP_COMPILER=off'), /STAMP_COMPILER is never off/)
  })

  const chosen: [
    what: string,
    text: string | undefined,
    env: Record<string, string>,
    expected: string | RegExp,
  ][] = [
    ['stamp: off, and a person insists', 'stamp: off', {GOWARDEN_STAMP: 'required'}, 'refuse required'],
    ['stamp: off, and a person wants it', 'stamp: off', {GOWARDEN_STAMP: 'on'}, 'refuse on'],
    [
      'stamp: required is not weakened',
      'stamp: required',
      {GOWARDEN_STAMP: 'on'},
      /^GOWARDEN_STAMP=on would weaken stamp: required/,
    ],
    [
      'the default is not weakened',
      undefined,
      {GOWARDEN_STAMP: 'off'},
      /^GOWARDEN_STAMP=off would weaken stamp: on, which the default/,
    ],
    ['no stamp policy', undefined, {GOWARDEN_STAMP: 'yes'}, /^GOWARDEN_STAMP=yes is not a stamp policy/],
    ['cache: share, and a person keeps apart', 'cache: share', {GOWARDEN_CACHE: 'isolate'}, 'isolate on'],
    ['share where no file speaks', undefined, {GOWARDEN_CACHE: 'share'}, 'share on'],
    ['share where a file speaks of something else', 'stamp: on', {GOWARDEN_CACHE: 'share'}, 'share on'],
    [
      'share against a file',
      'cache: refuse',
      {GOWARDEN_CACHE: 'share'},
      /^GOWARDEN_CACHE=share would weaken cache: refuse/,
    ],
  ]
  for (const [what, text, env, expected] of chosen) {
    test(`what a person chooses: ${what}`, async () => {
      const files: Record<string, string> = text === undefined ? {} : {'.gowardenrc.yaml': text}
      const said = await inRepository(files, async folder => {
        const {cache, stamp} = await findPolicy({...nodeSystem(), env}, folder)
        return `${cache.value} ${stamp.value}`
      })
      if (typeof expected === 'string') assert.is(said, expected)
      else assert.match(said, expected)
    })
  }

  test('a hint never names a level that would be refused', async () => {
    for (const [code, level, hint] of [
      ['CACHE_FOREIGN', 'warn', /never be lowered.*export GOWARDEN_CACHE=isolate$/],
      ['FLAG_DENIED', 'off', /GOWARDEN_LEVELS=FLAG_DENIED=warn$/],
      ['VENDOR_EDITED', 'off', /GOWARDEN_LEVELS=VENDOR_EDITED=off$/],
    ] as const) {
      const told = await inRepository({'.gowardenrc.yaml': `levels: {${code}: ${level}}`}, async folder => {
        try {
          await findPolicy({...nodeSystem(), env: {}}, folder)
        } catch (error) {
          return isUsageError(error) ? error.hint : error
        }
      })
      assert.match(String(told), hint)
    }
  })

  test('of the levels that a person lowers, those that verify knows count there', () => {
    const raised: Levels = {SUM_SURPLUS: {policy: {value: 'error', origin: {kind: 'default'}}}}
    const lowered = (text: string) => loweredLevels(withOwnLevels(raised, text))
    assert.equal(lowered('STAMP_COMPILER=warn,FLAG_DENIED=warn'), [])
    assert.equal(lowered('VENDOR_EDITED=error,MOD_UNTIDY=warn'), [])
    assert.equal(lowered('VENDOR_EDITED=warn,MOD_UNTIDY=off,SUM_SURPLUS=warn').sort(), [
      'MOD_UNTIDY=off',
      'SUM_SURPLUS=warn',
      'VENDOR_EDITED=warn',
    ])
  })

  const base = 'cache: isolate\nlevels:\n  SUM_SURPLUS: {level: error, message: from base}\n'
  const extended: [name: string, files: Record<string, string>, expected: Record<string, string>][] = [
    [
      'a file beside it',
      {'.gowardenrc.yaml': 'extends: ./base.yaml\n', 'base.yaml': base},
      {cache: 'base.yaml:1'},
    ],
    [
      'a file that extends another, in a folder',
      {
        '.gowardenrc.yaml': 'extends: [./p/a.yml]\n',
        'p/a.yml': 'stamp: required\nextends: ../base.json\n',
        'base.json': '{\n  "cache": "isolate"\n}',
      },
      {cache: 'base.json:2', stamp: 'p/a.yml:1'},
    ],
    [
      'the stricter of two, wherever it stands',
      {
        '.gowardenrc.yaml': 'cache: share\nstamp: required\nextends: ./base.yaml\n',
        'base.yaml': `${base}stamp: off\n`,
      },
      {cache: 'base.yaml:1', stamp: '.gowardenrc.yaml:2'},
    ],
    [
      'the nearer of two that are alike',
      {'.gowardenrc.yaml': 'extends: ./base.yaml\ncache: isolate\n', 'base.yaml': base},
      {cache: '.gowardenrc.yaml:2'},
    ],
    [
      'a package, in the places of a repository',
      {
        '.gowardenrc.yaml': "extends: '@acme/policy'\n",
        'node_modules/@acme/policy/package.json': '{"gowarden": {"cache": "isolate"}}',
      },
      {cache: 'node_modules/@acme/policy/package.json:1'},
    ],
    [
      'a file of a package',
      {'.gowardenrc.yaml': 'extends: policy/strict.yaml\n', 'node_modules/policy/strict.yaml': base},
      {cache: 'node_modules/policy/strict.yaml:1'},
    ],
  ]
  for (const [name, files, expected] of extended) {
    test(`extends: ${name}`, async () => {
      const origins = await inRepository(files, async folder => {
        const policy = await findPolicy({...nodeSystem(), env: {}}, folder)
        return {cache: describeOrigin(policy.cache.origin), stamp: describeOrigin(policy.stamp.origin)}
      })
      assert.equal(origins, {stamp: 'the default', ...expected})
    })
  }

  test('extends: the levels of both, and the nearer message', async () => {
    const files = {
      '.gowardenrc.yaml':
        'extends: ./base.yaml\nlevels:\n  SUM_SURPLUS: {message: ours}\n  MOD_UNTIDY: error\n',
      'base.yaml': base,
    }
    const policy = await inRepository(files, folder => findVerifyPolicy({...nodeSystem(), env: {}}, folder))
    if (typeof policy === 'string') throw new Error(policy)
    assert.equal(saidOf(policy.levels), {MOD_UNTIDY: 'error', SUM_SURPLUS: 'error, ours'})
  })

  const notExtended: [name: string, files: Record<string, string>, error: RegExp][] = [
    [
      'a file that is not there',
      {'.gowardenrc.yaml': '\nextends: ./no.yaml\n'},
      /^\.gowardenrc\.yaml:2: extends \.\/no\.yaml: no such file$/,
    ],
    [
      'a loop',
      {'.gowardenrc.yaml': 'extends: ./a.yaml\n', 'a.yaml': 'extends:\n  - ./.gowardenrc.yaml\n'},
      /^a\.yaml:2: extends \.\/\.gowardenrc\.yaml, which leads back to itself$/,
    ],
    ['itself', {'.gowardenrc.yaml': 'extends: ./.gowardenrc.yaml\n'}, /:1: .*leads back to itself$/],
    [
      'a program',
      {'.gowardenrc.yaml': 'extends: ./a.js\n', 'a.js': ''},
      /:1: extends \.\/a\.js: a policy is data/,
    ],
    [
      'a file outside',
      {'.gowardenrc.yaml': 'extends: ../../a.yaml\n'},
      /:1: extends \.\.\/\.\.\/a\.yaml, which lies outside/,
    ],
    [
      'a package that is not there',
      {'.gowardenrc.yaml': 'extends: nosuch\n'},
      /:1: extends nosuch, and no node_modules/,
    ],
    [
      'a package without a policy',
      {'.gowardenrc.yaml': 'extends: p\n', 'node_modules/p/package.json': '{}'},
      /:1: extends p, and the package holds none of/,
    ],
    [
      'a network address',
      {'.gowardenrc.yaml': 'extends: https://a.example/p.yaml\n'},
      /:1: .*must be a path .* or the name/,
    ],
    ['a path in a package that leaves it', {'.gowardenrc.yaml': 'extends: p/../q.yaml\n'}, /must be a path/],
    [
      'a file with an unknown key',
      {'.gowardenrc.yaml': 'extends: ./a.yaml\n', 'a.yaml': '\ncahce: share\n'},
      /^a\.yaml:2: unknown key "cahce"$/,
    ],
    [
      'a file that lowers a level',
      {'.gowardenrc.yaml': 'extends: ./a.yaml\n', 'a.yaml': 'levels: {VENDOR_EDITED: warn}\n'},
      /^a\.yaml:1: levels\.VENDOR_EDITED: warn would lower/,
    ],
    [
      'a file that asks for the contrary',
      {
        '.gowardenrc.yaml': 'extends: ./a.yaml\nverify: {toolchainLine: required}\n',
        'a.yaml': 'verify: {toolchainLine: forbidden}\n',
      },
      /^\.gowardenrc\.yaml:2: verify\.toolchainLine: required, and a\.yaml:1, which also counts, says forbidden$/,
    ],
    [
      'nothing',
      {'.gowardenrc.yaml': 'extends: 1\n'},
      /^\.gowardenrc\.yaml:1: extends must be a string \(quote it\) or a list$/,
    ],
  ]
  for (const [name, files, error] of notExtended) {
    test(`extends: ${name} is an error with its line`, async () => {
      assert.match((await policyOf(files)).error ?? '', error)
    })
  }

  test('flags, env and toolchain are read as they are written, and added up', async () => {
    const file = await inRepository(
      {
        '.gowardenrc.yaml':
          'extends: ./base.yaml\nflags:\n  deny:\n    - -mod=mod\n    - --toolexec\ntoolchain: {version: go.mod}\n',
        'base.yaml':
          'env: {deny: [GONOSUMDB, GOSUMDB=off, {name: GOFLAGS, from: go env -w}]}\ntoolchain: {version: ">=go1.25", proven: true}\n',
      },
      async folder => (await findPolicy({...nodeSystem(), env: {}}, folder)).file,
    )
    if (typeof file === 'string' || file === undefined) throw new Error(String(file))
    const at = (path: string, line: number) => ({kind: 'file', path, line})
    assert.equal(file.flags, [
      {value: {name: 'mod', value: 'mod'}, origin: at('.gowardenrc.yaml', 4)},
      {value: {name: 'toolexec'}, origin: at('.gowardenrc.yaml', 5)},
    ])
    assert.equal(
      file.env.map(({value}) => value),
      [{name: 'GONOSUMDB'}, {name: 'GOSUMDB', value: 'off'}, {name: 'GOFLAGS', from: 'go env -w'}],
    )
    assert.equal(file.versions, [
      {value: 'go.mod', origin: at('.gowardenrc.yaml', 6)},
      {value: '>=go1.25', origin: at('base.yaml', 2)},
    ])
    assert.equal(file.proven, {value: true, origin: at('base.yaml', 2)})
  })

  const unreadable: [text: string, error: RegExp][] = [
    ['flags: {deny: [mod=mod]}', /:1: flags\.deny holds "mod=mod", which is not a valid value/],
    ['\nflags: {deny: -mod=mod}', /:2: flags\.deny must be a list$/],
    ['env: {deny: [A-B]}', /:1: env\.deny holds "A-B"/],
    ['env: {deny: [{nam: GOFLAGS}]}', /:1: (unknown key "nam"|env\.deny must have required property 'name')/],
    [
      'env: {deny: [{name: GOFLAGS, from: nowhere}]}',
      /:1: env\.deny\.from takes environment, go env -w, go\.env/,
    ],
    ['toolchain: {version: newest}', /:1: toolchain\.version: newest names no version of Go$/],
    ['toolchain: {version: 1.26}', /:1: toolchain\.version must be a string \(quote it\)$/],
    ['gowarden: 0.3', /:1: gowarden must be a string \(quote it\)$/],
    ['gowarden: "0.3"', /:1: gowarden holds "0\.3", which is not a valid value$/],
    ['toolchain: {proven: yes}', /:1: toolchain\.proven must be true or false$/],
  ]
  for (const [text, error] of unreadable) {
    test(`${JSON.stringify(text)} is an error with its line`, async () => {
      assert.match((await policyOf({'.gowardenrc.yaml': text})).error ?? '', error)
    })
  }

  test('a machine, or GOWARDEN_POLICY, is one policy more: the stricter value counts', async () => {
    const rows: [repository: string, machine: string, found: {cache: string; stamp: string}][] = [
      ['', 'cache: isolate\n', {...defaults, cache: 'isolate'}],
      ['cache: share\n', 'cache: refuse\n', defaults],
      ['cache: isolate\n', 'cache: share\n', {...defaults, cache: 'isolate'}],
      ['stamp: off\n', 'stamp: required\n', {...defaults, stamp: 'required'}],
      ['stamp: required\n', 'stamp: off\n', {...defaults, stamp: 'required'}],
      ['', 'extends: ./more.yaml\n', {...defaults, stamp: 'required'}],
    ]
    for (const [repository, machine, found] of rows) {
      await withTemporary(async folder => {
        writeFiles(folder, {'policy.yaml': machine, 'more.yaml': 'stamp: required\n'})
        const env = {GOWARDEN_POLICY: join(folder, 'policy.yaml')}
        assert.equal(
          await policyOf({'.gowardenrc.yaml': repository}, {env}),
          found,
          `${repository}${machine}`,
        )
        if (repository === '') assert.equal(await policyOf({}, {env}), found)
      })
    }
  })

  test('a machine takes the choice of share away, and what it names must be there', async () => {
    await withTemporary(async folder => {
      writeFiles(folder, {'policy.yaml': 'cache: refuse\n', 'p.js': ''})
      const own = {GOWARDEN_CACHE: 'share'}
      assert.equal(await policyOf({}, {env: own}), {...defaults, cache: 'share'})
      const refused = await policyOf({}, {env: {...own, GOWARDEN_POLICY: join(folder, 'policy.yaml')}})
      assert.match(
        refused.error ?? '',
        /^GOWARDEN_CACHE=share would weaken cache: refuse, which .*policy\.yaml:1 requires$/,
      )
      for (const [named, error] of [
        [join(folder, 'none.yaml'), /^GOWARDEN_POLICY=.*none\.yaml: no such file$/],
        ['policy.yaml', /^GOWARDEN_POLICY=policy\.yaml is not an absolute path$/],
        [join(folder, 'p.js'), /: a policy is data/],
        [folder, /a policy is data/],
      ] as const)
        assert.match((await policyOf({}, {env: {GOWARDEN_POLICY: named}})).error ?? '', error)
    })
  })

  test('two policy files in one folder are an error: neither is silently left out', async () => {
    const {error} = await policyOf({
      '.gowardenrc.yaml': 'cache: isolate\n',
      '.gowardenrc.json': '{"stamp": "required"}',
    })
    assert.match(
      error ?? '',
      /^\.gowardenrc\.yaml: there is also \.gowardenrc\.json, and only one policy file of a folder can count$/,
    )
    const both = await policyOf({
      '.gowardenrc.yml': 'cache: share\n',
      'package.json': '{"gowarden": {"cache": "isolate"}}',
    })
    assert.match(both.error ?? '', /^\.gowardenrc\.yml: there is also package\.json, and only one/)
    assert.equal(await policyOf({'.gowardenrc.yaml': 'cache: isolate\n', 'package.json': '{"name": "x"}'}), {
      ...defaults,
      cache: 'isolate',
    })
  })

  const wanted: [rule: string, version: string, isOld: boolean][] = [
    ['>=0.3', '0.1.0', true],
    ['>=0.3', '0.3.0', false],
    ['>=0.3.1', '0.3.0', true],
    ['>=1', '0.9.9', true],
    ['>=0.3', '0.10.0', false],
    ['>=0.3', '0.3.0-rc.1', true],
  ]
  for (const [rule, version, isOld] of wanted) {
    test(`gowarden: "${rule}" under ${version}: ${isOld ? 'refused' : 'accepted'}, whatever other keys there are`, () => {
      const file = parsePolicyText(
        '/r/.gowardenrc.yaml',
        `future: key\ngowarden: ">=0.3"\n`.replace('>=0.3', rule),
      )
      if (!isOld) return assertNewEnough(file, version)
      assert.throws(
        () => assertNewEnough(file, version),
        (error: Error) =>
          error.message === `/r/.gowardenrc.yaml:2: policy requires gowarden ${rule}, but this is ${version}`,
      )
    })
  }

  test('the command that updates gowarden is that of what installed it', () => {
    const rows: [folder: string, command: RegExp][] = [
      ['/usr/lib/node_modules/gowarden', /^npm install -g/],
      ['/r/node_modules/gowarden', /^npm install --save-dev/],
      ['/usr/lib/gowarden', /^apt install/],
      ['/home/u/.local/share/gowarden/gowarden-0.1.0-linux-x64', /^gowarden self update --from/],
      ["/home/u/it's here", /^cd '\/home\/u\/it'\\''s here' && git pull && npm ci$/],
    ]
    for (const [folder, command] of rows) assert.match(updateCommand(folder), command)
  })

  test('the schema names every finding, and every key has a description and an example', () => {
    const {levels, ...others} = schema.properties
    assert.equal(Object.keys(levels.properties), findingCodes().sort())
    for (const [code, {$ref}] of Object.entries(levels.properties))
      assert.is(
        $ref,
        `#/definitions/${ownLevel(code as FindingCode) === 'error' ? 'error' : 'raisable'}`,
        code,
      )
    assert.equal(
      [schema.definitions.error.then.enum, schema.definitions.raisable.then.enum],
      [['error'], ['error', 'warn']],
    )
    const walk = (properties: Record<string, SchemaKey>, above: string): string[] =>
      Object.entries(properties).flatMap(([name, key]) => [
        ...(name === '$schema' || (key.description && key.examples) ? [] : [above + name]),
        ...walk(key.properties ?? {}, `${above}${name}.`),
      ])
    assert.equal(
      walk({...others, levels: {description: levels.description, examples: levels.examples}}, ''),
      [],
    )
  })
})

type SchemaKey = {description?: string; examples?: unknown[]; properties?: Record<string, SchemaKey>}
