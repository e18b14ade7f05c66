/** A stored plan that was damaged is never followed: not one byte of it, whatever became of it. */
import {copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {damage, randomFrom} from '../support/random.ts'
import {type Ended, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {shells, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {writeProgram} from '../support/twin.ts'

/** More before a release: DAMAGES=20000 npm test -- launcher/damage. */
const damages = Number(process.env['DAMAGES'] ?? 500)

/** go refuses these words at once, so that each run takes as long as the launcher. */
const words = ['list', '-nosuchflag']

/**
 * A launcher that has stored a plan, and whose planner is from then on one that says so in no time. Gives the place of the plan and
 * a function that runs the launcher; what it says is the same wherever the plan is the same.
 */
async function withStoredPlan(
  body: (plan: string, run: (shell: readonly string[]) => Promise<string>, rig: Rig) => Promise<void>,
): Promise<void> {
  await withKnownRig(async rig => {
    rig.write(tiny)
    const bin = join(rig.folder, 'package/bin')
    mkdirSync(bin, {recursive: true})
    copyFileSync(join(root, 'bin/go'), join(bin, 'go'))
    symlinkSync(join(root, 'dist'), join(bin, '../dist'))
    rig.env['PATH'] = `${bin}:${rig.env['PATH']?.replace(`${root}/bin:`, '')}`
    rig.env['GOWARDEN_DEBUG'] = '1'
    const go = (shell: readonly string[], typed = words): Promise<Ended> => {
      const [first = '/bin/sh', ...more] = shell
      return runProgram(first, [...more, join(bin, 'go'), ...typed], {cwd: rig.work, env: rig.env})
    }
    for (let tries = 0; ; tries += 1) {
      if ((await go([], ['list', '.'])).stderr.includes(' is fresh\n')) break
      if (tries === 20) throw new Error('no plan is ever kept')
      await new Promise(resolve => setTimeout(resolve, 30))
    }
    rmSync(join(bin, '../dist'))
    mkdirSync(join(bin, '../dist'))
    writeFileSync(join(bin, '../dist/planner.cjs'), '')
    writeProgram(
      join(bin, 'gowarden-node'),
      `#!/bin/sh\nprintf '# gowarden plan 1\\nset -- "$1" -planned\\n# end'\n`,
    )
    const plans = readdirSync(join(rig.store, 'plans'), {recursive: true, encoding: 'utf8'})
    const plan = join(rig.store, 'plans', plans.find(name => name.includes('=plan-')) ?? '')
    const run = async (shell: readonly string[]) => {
      const {code, stdout, stderr} = await go(shell)
      return `${code} ${stdout}${stderr}`
    }
    await body(plan, run, rig)
  })
}

/** Two ranges that change places. */
function swapped(bytes: Buffer, random: (below: number) => number): Buffer {
  const [a = 0, b = 0, c = 0, d = 0] = [0, 0, 0, 0].map(() => random(bytes.length)).sort((x, y) => x - y)
  const part = (from: number, to: number) => bytes.subarray(from, to)
  return Buffer.concat([part(0, a), part(c, d), part(b, c), part(a, b), part(d, bytes.length)])
}

suite('launcher/damage', test => {
  test(`of ${damages} damages to a stored plan none is followed`, async () => {
    await withStoredPlan(async (plan, run) => {
      const usable = shells.filter(({missing}) => missing === undefined).map(shell => shell.words)
      const whole = readFileSync(plan)
      const followed = await run(usable[0] ?? [])
      assert.match(followed, / is fresh\n.* words: list -gcflags=all=-env=ToolchainHash=go\S+ -nosuchflag\n/)
      writeFileSync(plan, '')
      const planned = await run(usable[0] ?? [])
      assert.match(planned, /debug: plan with .*\n.* words: list -planned\n/)

      const random = randomFrom(7)
      const wrong: string[] = []
      let harmless = 0
      for (let number = 0; number < damages; number += 1) {
        // The stat is most of the file, and shows by itself; the other half of the damages meets what comes before it.
        const end = number % 2 === 0 ? whole.length : whole.indexOf('\ngowarden_plan_stat=') + 40
        const part = whole.subarray(0, end)
        const damaged = Buffer.concat([
          number % 6 === 5 ? swapped(part, random) : damage(part, random),
          whole.subarray(end),
        ])
        writeFileSync(plan, damaged)
        const said = await run(usable[number % usable.length] ?? [])
        // A line break more between two lines changes nothing, and may be followed; the stamp is then the right one.
        if (said !== planned && said !== followed) wrong.push(`${number}: ${said}`)
        if (said === followed && !damaged.equals(whole)) harmless += 1
      }
      assert.equal(wrong, [])
      assert.ok(harmless < damages / 50, `${harmless} damages were followed`)
    })
  })

  test('a list of directories that lost one is not followed', async () => {
    await withStoredPlan(async (_, run, rig) => {
      const lists = readdirSync(join(rig.store, 'toolchains'), {recursive: true, encoding: 'utf8'})
      const list = join(rig.store, 'toolchains', lists.find(name => name.endsWith('=directories')) ?? '')
      const whole = readFileSync(list, 'latin1')
      assert.ok(whole.includes('\0src/fmt\0'))
      const followed = await run([])
      for (const damaged of [
        whole.replace('\0src/fmt\0', '\0'),
        whole.replace('\0src/fmt\0', '\0src/fnt\0'),
        whole.replace('\0src/fmt\0', '\0src/fmt/../io\0'),
        `${whole}src/fmt\0`,
        whole.slice(0, -9),
        '',
      ]) {
        writeFileSync(list, damaged, 'latin1')
        assert.match(await run([]), /words: list -planned\n/)
      }
      writeFileSync(list, whole, 'latin1')
      assert.is(await run([]), followed)
    })
  })
})
