/** What is typed reaches the real go word for word, and what go and the program print and return comes back unchanged. */
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {heard, makeFakeGo, makeTellingGo} from '../support/fake-go.ts'
import {machine, type Rig, root, writeFiles} from '../support/rig.ts'
import {anyShell, type EndedBytes, runBytes, shells, told, withWarmRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const launcher = join(root, 'bin/go')

/** Words that a shell would change if it read them once more. */
const hardWords = [
  '',
  ' ',
  'a  b',
  '\t',
  "it's",
  '"quoted"',
  '\'"\'"',
  'two\nlines',
  '\n',
  'ends with a line break\n\n',
  '\r\n',
  '$HOME',
  '${PATH}',
  '"$@"',
  '$1 ${2}',
  '`id`',
  '$(id)',
  '$((1+1))',
  '*',
  '?',
  '[a-z]*',
  '{a,b}',
  '~',
  '~root',
  '-',
  '-n',
  '-e',
  '-x',
  '\\',
  '\\n',
  '\\\\',
  'ends with a backslash\\',
  '%s%d%%',
  '!',
  '# no comment',
  ';',
  '&&',
  '|',
  '>file',
  '(',
  '}',
  'a=b',
  'IFS=',
  '# end',
  'naïve 🦫',
  'x@y',
]
const manyWords = Array.from({length: 200}, (_, index) => `word ${index}`)

/** Runs the launcher under a shell, with the words in the bytes of Latin-1 characters. */
function launch(
  rig: Rig,
  shell: readonly string[],
  words: readonly string[],
  options: More = {},
): Promise<EndedBytes> {
  return runBytes(shell[0] ?? '', [...shell.slice(1), launcher, ...words], {
    cwd: rig.work,
    env: {...rig.env, ...options.env},
    ...(options.input === undefined ? {} : {input: options.input}),
  })
}
type More = {env?: Record<string, string>; input?: Uint8Array}

/** As `launch`, the last word being a, the byte 0xFF, b: which Node cannot pass on by itself. */
function launchWithByte(rig: Rig, shell: readonly string[], words: readonly string[], more: More = {}) {
  return runBytes('sh', ['-c', `exec "$@" "$(printf 'a\\377b')"`, 'sh', ...shell, launcher, ...words], {
    cwd: rig.work,
    env: {...rig.env, ...more.env},
  })
}
const byteWord = 'a\xFFb'

function latin1(words: readonly string[]): string[] {
  return words.map(word => Buffer.from(word).toString('latin1'))
}

/** What goes in behind the subcommand of a planned command. */
const stamp = 'STAMP'

function withoutHash(words: readonly string[] | undefined): string[] | undefined {
  return words?.map(word => word.replace(/(-gcflags=all=)?-env=ToolchainHash=go[^ ]+@h1:[\w+/]{43}=$/, stamp))
}

/** Command lines with room for words, and what the real go gets; `...` stands for the words. */
const planned: [typed: string[], given: string[]][] = [
  [
    ['run', '.', '...'],
    ['run', stamp, '.', '...'],
  ],
  [
    ['test', '.', '-args', '...'],
    ['test', stamp, '.', '-args', '...'],
  ],
  [
    ['test', '-run', '...'],
    ['test', stamp, '-run', '...'],
  ],
  [
    ['build', '-ldflags', '...'],
    ['build', stamp, '-ldflags', '...'],
  ],
  [
    ['vet', '-v', '--', '...'],
    ['vet', stamp, '-v', '--', '...'],
  ],
  [
    ['-C', '../work', 'run', '.', '...'],
    ['-C', '../work', 'run', stamp, '.', '...'],
  ],
  [
    ['-C=../work', 'list', '...'],
    ['-C=../work', 'list', stamp, '...'],
  ],
  [
    ['run', '-C', '../work', '.', '...'],
    ['run', '-C', '../work', stamp, '.', '...'],
  ],
  [
    ['run', '-gcflags', '-N -l', '.', '...'],
    ['run', stamp, '-gcflags', `-N -l ${stamp}`, '.', '...'],
  ],
  [
    ['run', '.', '-gcflags=-N', '...'],
    ['run', stamp, '.', '-gcflags=-N', '...'],
  ],
  // These start programs but take no build flags for them.
  [
    ['generate', '...'],
    ['generate', '...'],
  ],
  [
    ['tool', '...'],
    ['tool', '...'],
  ],
]

/** Command lines that need no plan. */
const passed = [
  ['version', '...'],
  ['mod', 'edit', '...'],
  ['nosuchcommand', '...'],
  ['help', 'build', '...'],
  ['fmt', '...'],
  ['-C', '../work', 'version', '...'],
  ['...'],
]

function fill(line: readonly string[], words: readonly string[]): string[] {
  return line.flatMap(word => (word === '...' ? words : [word]))
}

for (const {name, words: shell, missing} of shells) {
  suite(`launcher/words under ${name}`, test => {
    test.unless(missing, 'words of commands that pass straight through', async () => {
      await withWarmRig(async rig => {
        const fake = makeFakeGo(join(rig.folder, 'fake'))
        const env = {PATH: `${root}/bin:${fake}:${rig.env['PATH']}`}
        for (const line of passed) {
          for (const words of [hardWords, manyWords, []]) {
            const typed = fill(line, words)
            const ended = await launch(rig, shell, typed, {env})
            assert.equal([ended.code, ended.stderr], [0, ''])
            assert.equal(heard(ended.stdout), {go: `${fake}/go`, words: latin1(typed)})
          }
          const typed = fill(line, [])
          const ended = await launchWithByte(rig, shell, typed, {env})
          assert.equal(heard(ended.stdout)?.words, [...typed, byteWord])
        }
      })
    })

    test.unless(missing, 'words of commands that follow a plan', async () => {
      await withWarmRig(async rig => {
        rig.write(told)
        const telling = makeTellingGo(join(rig.folder, 'telling'))
        const env = {PATH: `${root}/bin:${telling}:${rig.env['PATH']}`}
        for (const [line, given] of planned) {
          const words = [...hardWords, ...manyWords]
          const ended = await launch(rig, shell, fill(line, words), {env})
          assert.equal([ended.code, ended.stderr], [0, ''])
          assert.equal(withoutHash(heard(ended.stdout)?.words), fill(given, latin1(words)), line.join(' '))
          const byte = await launchWithByte(rig, shell, fill(line, []), {env})
          assert.equal(withoutHash(heard(byte.stdout)?.words), fill(given, [byteWord]), line.join(' '))
        }
      })
    })

    test.unless(
      missing,
      'words, input and status of a program under go run, by a new plan and a stored one',
      async () => {
        await withWarmRig(async rig => {
          rig.write(told)
          const words = hardWords.filter(word => !word.includes('@'))
          const input = Buffer.from(Array.from({length: 70_000}, (_, index) => index % 256))
          for (const way of ['plan with', 'is fresh']) {
            const log = join(rig.folder, 'log')
            writeFileSync(log, '')
            const ended = await launch(rig, shell, ['run', '.', '0', ...words, ...manyWords], {
              env: {GOWARDEN_DEBUG: log},
              input,
            })
            assert.equal([ended.code, ended.stderr], [0, 'end\n'])
            const expected = latin1([...words, ...manyWords]).map(word => `${word}\0`)
            assert.ok(ended.stdout === expected.join('') + input.toString('latin1'), 'stdout differs')
            assert.ok(readFileSync(log, 'utf8').includes(way), `not by the way "${way}"`)

            const byte = await launchWithByte(rig, shell, ['run', '.', '0'])
            assert.equal([byte.code, byte.stdout], [0, `${byteWord}\0`])
          }
        })
      },
    )

    test.unless(missing, 'output and exit status are those of bare go', async () => {
      await withWarmRig(async rig => {
        writeFiles(rig.work, {...told, ...broken})
        // The first line stores a plan, which the others follow where they may; the first shell also does without.
        for (const way of shell === anyShell ? ['stored', 'new'] : ['stored']) {
          for (const words of compared) {
            if (way === 'new') rmSync(join(rig.store, 'plans'), {recursive: true, force: true})
            const ended = inAnyRig(rig, await launch(rig, shell, words))
            assert.equal(ended, await bareOf(rig, words), `go ${words.join(' ')}, by a ${way} plan`)
          }
        }
      })
    })

    test.unless(missing, 'closed input and output are passed on as they are', async () => {
      await withWarmRig(async rig => {
        rig.write(told)
        for (const closing of ['<&-', '>&-', '2>&-', '<&- >&- 2>&-']) {
          for (const go of [`'${machine.goroot}/bin/go'`, '"$@"']) {
            const line = `${go} build -o out . ${closing}; echo $?`
            const ended = await runBytes('sh', ['-c', line, 'sh', ...shell, launcher], {
              cwd: rig.work,
              env: rig.env,
            })
            assert.equal([ended.stdout, ended.stderr], ['0\n', ''], line)
            assert.ok(existsSync(join(rig.work, 'out')), line)
            rmSync(join(rig.work, 'out'))
          }
          rmSync(join(rig.store, 'plans'), {recursive: true, force: true})
        }
      })
    })
  })
}

/** Packages that do not build, or that vet objects to. */
const broken = {
  'wrong/wrong.go': 'package wrong\n\nvar X int = "text"\nvar Y = missing\n',
  'selfish/selfish.go': 'package selfish\n\nfunc F(x int) int {\n\tx = x\n\treturn x\n}\n',
  'panics/main.go': 'package main\n\nfunc main() { panic("ends here") }\n',
  'here/main.go': 'package main\n\nfunc main() { println("here") }\n',
}

/** What must print and return the same with gowarden and without. Hashes and temporary names are in none of it. */
const compared = [
  ['run', '.', '0', 'a b', ''],
  ['run', '.', '1'],
  ['run', '.', '2'],
  ['run', '.', '3', 'x'],
  ['run', './panics'],
  ['run', 'nosuch.go'],
  ['run'],
  ['build', './wrong'],
  ['build', './nosuch'],
  ['build', '-nosuchflag'],
  ['build', '-h'],
  ['build', '-o'],
  ['build', '-C'],
  ['build', '-C', 'here'],
  ['build', '-C', 'nosuch'],
  ['-C', 'here', 'build'],
  ['-C', 'nosuch', 'build'],
  ['build', '-gcflags'],
  ['build', '-gcflags=nosuch', './here'],
  ['vet', './selfish'],
  ['vet', '-nosuchflag'],
  ['vet', './here'],
  ['test', './here'],
  ['test', '-nosuchflag', './nosuch'],
  ['list', './...'],
  ['list', '-f', '{{.Name}} "$HOME" `id`', '.'],
  ['tool', 'nosuch'],
  ['nosuchcommand'],
  ['help', 'build'],
  ['help', 'nosuch'],
  ['env', 'GOFLAGS', 'GOCACHE', 'GOROOT'],
  ['mod', 'verify'],
  ['-h'],
  ['-C'],
  [''],
  [],
]

/** The same with the folder of the rig, which may be named in a message, taken out. */
function inAnyRig(rig: Rig, ended: EndedBytes): EndedBytes {
  return {...ended, stderr: ended.stderr.replaceAll(rig.folder, 'RIG')}
}

const bareResults = new Map<string, EndedBytes>()

/** What bare go does there; asked once. */
async function bareOf(rig: Rig, words: readonly string[]): Promise<EndedBytes> {
  const key = JSON.stringify(words)
  const known = bareResults.get(key)
  if (known !== undefined) return known
  const options = {cwd: rig.work, env: rig.env}
  const result = inAnyRig(rig, await runBytes(join(machine.goroot, 'bin/go'), words, options))
  bareResults.set(key, result)
  return result
}

suite('launcher/words, very many', test => {
  test('five thousand words reach the real go through a plan', async () => {
    await withWarmRig(async rig => {
      mkdirSync(rig.store, {recursive: true})
      rig.write(told)
      const telling = makeTellingGo(join(rig.folder, 'telling'))
      const words = Array.from({length: 5_000}, (_, index) => `./file ${index}.go`)
      const ended = await launch(rig, anyShell, ['vet', '-gcflags=-N', ...words], {
        env: {PATH: `${root}/bin:${telling}:${rig.env['PATH']}`},
      })
      assert.equal(withoutHash(heard(ended.stdout)?.words), ['vet', stamp, `-gcflags=-N ${stamp}`, ...words])
    })
  })
})
