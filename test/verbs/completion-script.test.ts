/** `gowarden completion`, in the real shells. */
import {execFileSync, spawnSync} from 'node:child_process'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {root} from '../support/rig.ts'
import {suite} from '../support/suite.ts'

/** Asks a shell what it offers behind `words`; the last word is the one being typed. */
const shells: Record<string, (script: string, words: string[]) => string> = {
  bash: (script, words) =>
    execFileSync(
      'bash',
      [
        '--norc',
        '-c',
        'eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gowarden; printf "%s\\n" "${COMPREPLY[@]}"',
        'bash',
        script,
        ...words,
      ],
      {encoding: 'utf8'},
    ),
  // compadd works inside a widget only: here it prints what begins with the typed word, as the widget would show it.
  zsh: (script, words) =>
    execFileSync(
      'zsh',
      [
        '-f',
        '-c',
        'compdef() { :; }; compadd() { shift; print -l -- ${(M)@:#${typed}*}; }; eval "$1"; shift; words=("$@"); CURRENT=$#; typed=${words[-1]}; _gowarden; true',
        'zsh',
        script,
        ...words,
      ],
      {encoding: 'utf8'},
    ),
  fish: (script, words) =>
    execFileSync(
      'fish',
      ['--no-config', '-c', 'echo $argv[1] | source; complete -C $argv[2]', script, words.join(' ')],
      {encoding: 'utf8'},
    ).replace(/\t.*/g, ''),
}

const cases: [typed: string[], offered: string[], withheld: string[]][] = [
  [['gowarden', 'ver'], ['verify'], ['enable']],
  [
    ['gowarden', ''],
    ['verify', 'cache'],
    ['--help', '--version'],
  ],
  [['gowarden', '--v'], ['--version'], ['verify']],
  [['gowarden', 'cache', ''], ['status'], ['--help']],
  [['gowarden', 'cache', ''], ['status', 'adopt', 'prune'], ['verify']],
  [['gowarden', 'cache', 'prune', '--d'], ['--dry-run'], ['--staged']],
  [['gowarden', 'verify', '--st'], ['--staged'], ['--worktree']],
  [['gowarden', 'verify', '--format', ''], ['text', 'sarif', 'markdown'], ['--staged']],
  [['gowarden', 'inspect', '--require', ''], ['stamped', 'upstream', 'policy', 'lock'], ['--all']],
  [['gowarden', 'lock', '--platform', ''], ['linux/amd64', 'darwin/arm64'], ['--check']],
  [['gowarden', 'explain', 'VENDOR_ED'], ['VENDOR_EDITED'], ['SUM_CHANGED']],
  [['gowarden', 'completion', ''], ['bash', 'zsh', 'fish'], ['verify']],
]

/** What a terminal shows behind Tab in a zsh that knows nothing of completion. */
function zshScreen(): string {
  const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='> '; path=($1 $path); eval \\"\\$(gowarden completion zsh)\\"; echo READY"
while zpty -r z line; do [[ $line == *READY$'\\r'* ]] && break; done
zpty -w -n z $'gowarden \\t'
repeat 100; do
  zpty -rt z line && print -rn -- $line
  sleep 0.05
  [[ $screen == *version* ]] && break
done
zpty -d z`
  return execFileSync('zsh', ['-f', '-c', script, 'zsh', join(root, 'bin')], {encoding: 'utf8'})
}

suite('completion', test => {
  test.unless(
    spawnSync('zsh', ['--version']).status === 0 ? undefined : 'there is no zsh on this machine',
    'zsh, without compinit: Tab shows each verb with what it does, and no option',
    () => {
      const screen = zshScreen()
      assert.match(screen, /verify +check go\.sum and vendor\//)
      assert.not.match(screen, /command not found|--version/)
    },
  )

  for (const [shell, ask] of Object.entries(shells)) {
    const missing =
      spawnSync(shell, ['--version']).status === 0 ? undefined : `there is no ${shell} on this machine`
    for (const [typed, offered, withheld] of cases) {
      test.unless(missing, `${shell}: ${typed.join(' ')}⇥`, () => {
        const script = execFileSync(join(root, 'bin/gowarden'), ['completion', shell], {encoding: 'utf8'})
        const words = ask(script, typed).split('\n')
        for (const word of offered) assert.ok(words.includes(word), `${word} in ${words.join(' ')}`)
        for (const word of withheld) assert.not.ok(words.includes(word), `${word} in ${words.join(' ')}`)
      })
    }
  }
})
