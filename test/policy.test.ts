import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import schema from '../config/schema.json' with {type: 'json'}
import {isUsageError} from '../src/errors.ts'
import {findPolicy} from '../src/policy.ts'
import {findVerifyPolicy} from '../src/policy-verify.ts'
import {nodeSystem} from '../src/system.ts'
import {verifyLevels} from '../src/verify-findings.ts'
import {writeFiles} from './support/rig.ts'
import {suite} from './support/suite.ts'
import {withTemporary} from './support/temporary.ts'

/** The policy found below a temporary folder, or the error with the folder's name taken out. */
async function policyOf(
  files: Record<string, string>,
  options: {directory?: string; env?: Record<string, string>} = {},
): Promise<{cache: string; stamp: string; error?: never} | {error: string; hint: string | undefined}> {
  return await withTemporary(async folder => {
    mkdirSync(join(folder, '.git'))
    writeFiles(folder, files)
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

suite('policy', test => {
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
      /known keys: cache, stamp/,
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
    ['a list', {'.gowardenrc.yaml': '- cache\n'}, /^\.gowardenrc\.yaml:1: a policy must be object$/, /./],
    ['broken YAML', {'.gowardenrc.yaml': 'cache: refuse\n  stamp: [\n'}, /^\.gowardenrc\.yaml:\d: /, /./],
    [
      'a key twice',
      {'.gowardenrc.yaml': 'cache: refuse\ncache: share\n'},
      /^\.gowardenrc\.yaml:2: .*unique/,
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

  test('the levels of verify: the repository raises them, a person lowers them', async () => {
    const levels = (text: string, own = '') =>
      withTemporary(async folder => {
        writeFiles(folder, {'.gowardenrc.yaml': text})
        const system = {...nodeSystem(), env: {GOWARDEN_LEVELS: own}}
        try {
          return (await findVerifyPolicy(system, folder)).levels
        } catch (error) {
          if (!isUsageError(error)) throw error
          return error.message.replaceAll(`${folder}/`, '')
        }
      })
    const complaint = async (text: string, own = '') => String(await levels(text, own))
    assert.equal(await levels('verify: {levels: {SUM_SURPLUS: error}}'), {SUM_SURPLUS: 'error'})
    assert.equal(await levels('', 'VENDOR_UNPROVEN=warn, MOD_UNTIDY=off'), {
      VENDOR_UNPROVEN: 'warn',
      MOD_UNTIDY: 'off',
    })
    assert.match(
      await complaint('verify: {levels: {VENDOR_EDITED: warn}}'),
      /VENDOR_EDITED: warn would lower a level/,
    )
    assert.match(
      await complaint('verify: {levels: {VENDOR_EDITED: off}}'),
      /verify\.levels\.VENDOR_EDITED takes error, warn/,
    )
    assert.match(
      await complaint('\nverify:\n  levels:\n    VENDOR_EDTED: error\n'),
      /^\.gowardenrc\.yaml:4: unknown key "VENDOR_EDTED"$/,
    )
    assert.match(await complaint('verify: {toolchain: forbidden}'), /unknown key "toolchain"/)
    assert.match(await complaint('', 'NOSUCH=off'), /there is no finding NOSUCH/)
    assert.match(await complaint('', 'VENDOR_EDITED=never'), /takes error, warn or off/)
  })

  test('the schema names every finding of verify', () => {
    const {levels} = schema.properties.verify.properties
    assert.equal(levels.propertyNames.enum, Object.keys(verifyLevels))
  })
})
