import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {nodeFiles} from '../../src/system/node.ts'
import {dayOf, isSettled, statLine, statText} from '../../src/system/stat-text.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const files = nodeFiles()

/** What bin/go captures. */
function shellStat(paths: readonly string[]): string {
  const script = `LC_ALL=C command -p stat -L -c '%u %a %d:%i %s %.9Y %.9Z' -- "$@" 2>/dev/null; :`
  return execFileSync('sh', ['-c', script, 'sh', ...paths], {env: {...process.env, TZ: 'Asia/Tokyo'}})
    .toString()
    .trimEnd()
}

suite('system/stat-text', test => {
  test('the state of a file is another when anything of it is another, and the file behind a link counts', async () => {
    await withTemporary(folder => {
      const file = join(folder, 'a file')
      writeFileSync(file, 'x')
      chmodSync(file, 0o4755)
      symlinkSync('a file', join(folder, 'link'))
      const stat = files.stat(file)
      if (stat === undefined) throw new Error('no file')
      const state = statLine(stat)
      assert.equal(files.stat(join(folder, 'link')), stat)
      for (const change of [
        {mode: 0o755},
        {device: 0n},
        {inode: 0n},
        {size: 0n},
        {mtimeNs: 0n},
        {ctimeNs: 0n},
      ])
        assert.is.not(statLine({...stat, ...change}), state)
      for (const path of ['absent', 'a file/below']) assert.is(files.stat(join(folder, path)), undefined)
    })
  })

  test('the text is the one that bin/go captures', async () => {
    await withTemporary(folder => {
      const paths = ['a file', "it's", 'new\nline', 'old', 'early', 'first', 'link', 'folder', 'absent'].map(
        name => join(folder, name),
      )
      for (const path of paths.slice(0, 6)) writeFileSync(path, path)
      chmodSync(join(folder, 'old'), 0o4755)
      utimesSync(join(folder, 'old'), 1_000_000_000.123, 1_000_000_000.123)
      utimesSync(join(folder, 'early'), -1.5, -1.5)
      utimesSync(join(folder, 'first'), 0.25, 0.25)
      symlinkSync(join(folder, 'old'), join(folder, 'link'))
      mkdirSync(join(folder, 'folder'), {mode: 0o1777})
      assert.is(statText(files, paths), shellStat(paths))
      assert.is(statText(files, []), '')
    })
  })

  test('the day is that of UTC', () => {
    assert.is(dayOf(0), 0)
    assert.is(dayOf(86_399_999), 0)
    assert.is(dayOf(86_400_000), 1)
    assert.is(dayOf(Date.UTC(2026, 10, 27)), 20784)
  })

  test('a file counts as settled once its last change is a while ago', async () => {
    await withTemporary(folder => {
      writeFileSync(join(folder, 'f'), '')
      const stat = files.stat(join(folder, 'f'))
      if (stat === undefined) throw new Error('no file')
      const changedMs = Number(stat.ctimeNs / 1_000_000n)
      assert.not(isSettled(stat, changedMs))
      assert.not(isSettled(stat, changedMs - 60_000), 'a clock set back')
      assert.ok(isSettled(stat, changedMs + 100))
      const coarse = {...stat, ctimeNs: (stat.ctimeNs / 1_000_000_000n) * 1_000_000_000n}
      assert.not(isSettled(coarse, Number(coarse.ctimeNs / 1_000_000n) + 1_900))
      assert.ok(isSettled(coarse, Number(coarse.ctimeNs / 1_000_000n) + 2_100))
    })
  })
})
