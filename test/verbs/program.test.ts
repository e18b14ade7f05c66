/** The verbs as `--help`, README and docs/ have them. */
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map(name => `docs/${name}`)]

/** `  enable [options] [folder]   install the launcher …`: the words of each command that a help lists. */
function commandsIn(help: string): string[] {
  return [...(help.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z]+)(?= [[<]| {2,})/gm)].flatMap(
    ([, verb = '']) => (verb === 'help' ? [] : [verb]),
  )
}

/** Rows of README's table, each with the commands that its first column names: `enable`, `disable` are two. */
const rows = readme
  .split('\n')
  .filter(line => line.startsWith('| `gowarden '))
  .map(line => {
    const [, named = '', does = ''] = line.split(' | ').length === 2 ? ['', ...line.split(' | ')] : []
    const commands = [...named.matchAll(/`(?:gowarden )?([a-z]+(?: [a-z]+)?)[^`]*`/g)].map(
      ([, words = '']) => words,
    )
    return {
      commands,
      options: [...line.matchAll(/`(--[a-z-]+)[^`]*`/g)].map(([, option = '']) => option),
      does,
    }
  })

suite('verbs/program', test => {
  test('--help, README and docs/ name the same commands, with options that they have', async () => {
    await withRig(async rig => {
      const helps = new Map<string, string>()
      const ask = async (words: string[]): Promise<void> => {
        const {code, stdout, stderr} = await rig.gowarden([...words, '--help'])
        assert.equal([code, stderr], [0, ''], words.join(' '))
        assert.ok(stdout.startsWith(['Usage: gowarden', ...words].join(' ')), words.join(' '))
        helps.set(words.join(' '), stdout)
        for (const command of commandsIn(stdout)) await ask([...words, command])
      }
      await ask([])

      const verbs = [...helps]
        .filter(([verb, help]) => verb !== '' && commandsIn(help).length === 0)
        .map(([verb]) => verb)
      assert.ok(verbs.length > 20)
      const inReadme = rows.flatMap(({commands}) => commands)
      assert.equal([...new Set([...inReadme, 'version'])].sort(), verbs.sort())

      for (const {commands, options} of rows) {
        const help = commands.map(command => helps.get(command)).join('\n')
        for (const option of options)
          assert.match(help, new RegExp(`^ +(?:-\\w, )?${option}\\b`, 'm'), commands.join(', '))
      }

      for (const page of pages) {
        const text = readFileSync(join(root, page), 'utf8')
        for (const [command, verb = '', second = ''] of text.matchAll(
          /\bgowarden ([a-z]+)(?: ([a-z]+))?(?:(?! {2})[^`\n|&;#])*/g,
        )) {
          if (!/--/.test(command)) continue
          const help = helps.get(`${verb} ${second}`) ?? helps.get(verb)
          if (help === undefined) continue
          for (const [option] of command.split(' -- ')[0]?.matchAll(/(?<= )--[a-z-]+/g) ?? [])
            assert.match(help, new RegExp(`^ +(?:-\\w, )?${option}\\b`, 'm'), `${page}: ${command}`)
        }
      }
    })
  })
})
