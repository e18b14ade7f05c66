import * as assert from 'uvu/assert'
import {parseCommandLine} from '../../../src/go/command/command-line.ts'
import {suite} from '../../support/suite.ts'

/** Words, and what is read of them: subcommand, head, -C, flag values as at:value, operands. */
const cases: [
  words: string[],
  subcommand: string | undefined,
  head: number,
  directory: string | undefined,
  flags: string[],
  operands: string[],
][] = [
  [[], undefined, 0, undefined, [], []],
  [['build'], 'build', 1, undefined, [], []],
  [['-x', 'build'], undefined, 0, undefined, [], []],
  [['build', './...'], 'build', 1, undefined, [], ['./...']],
  [['-C', 'a dir', 'build', '.'], 'build', 3, 'a dir', [], ['.']],
  [['-C=d', 'build'], 'build', 2, 'd', [], []],
  [['--C=d', 'build'], 'build', 2, 'd', [], []],
  [['build', '-C', 'd', '-v'], 'build', 3, 'd', [], []],
  [['build', '--C=d', '.'], 'build', 2, 'd', [], ['.']],
  [['build', '-v', '-C', 'd'], 'build', 1, undefined, [], []],
  [['build', '-C'], 'build', 1, undefined, [], []],
  [['build', '-gcflags=-N', '.'], 'build', 1, undefined, ['2:-N'], ['.']],
  [['build', '--gcflags=all=-N -l', '.'], 'build', 1, undefined, ['2:all=-N -l'], ['.']],
  [['build', '-gcflags', '-N', '.'], 'build', 1, undefined, ['3:-N'], ['.']],
  [['build', '--gcflags', '', '.'], 'build', 1, undefined, ['3:'], ['.']],
  [['build', '-gcflags=', '-gcflags=x=-N'], 'build', 1, undefined, ['2:', '3:x=-N'], []],
  [['build', '-o', '-gcflags=a', '.'], 'build', 1, undefined, [], ['.']],
  [['build', '-ldflags', '-gcflags=a', '.'], 'build', 1, undefined, [], ['.']],
  [['build', '.', '-gcflags=-N'], 'build', 1, undefined, [], ['.', '-gcflags=-N']],
  [['build', '--', '-gcflags=-N'], 'build', 1, undefined, [], ['-gcflags=-N']],
  [['build', '-race', '-gcflags=-N'], 'build', 1, undefined, ['3:-N'], []],
  [['build', '-newflag', 'v', '-gcflags=-N', 'p'], 'build', 1, undefined, ['4:-N'], ['p']],
  [['build', '-gcflags'], 'build', 1, undefined, [], []],
  [['build', '-compiler=gccgo', '.'], 'build', 1, undefined, ['2:gccgo'], ['.']],
  [['run', '-gcflags=-N', '.', '-gcflags=mine'], 'run', 1, undefined, ['2:-N'], ['.', '-gcflags=mine']],
  [['run', '.', '-C', 'd'], 'run', 1, undefined, [], ['.', '-C', 'd']],
  [['test', './...', '-gcflags=-N'], 'test', 1, undefined, ['3:-N'], ['./...']],
  [['test', '-run', '-gcflags=x', '-gcflags=-N'], 'test', 1, undefined, ['4:-N'], []],
  [['test', '-test.run', '-gcflags=x', '-gcflags=-N'], 'test', 1, undefined, ['4:-N'], []],
  [['test', '.', '-args', '-gcflags=-N'], 'test', 1, undefined, [], ['.']],
  [['test', '.', '--args', '-gcflags=-N'], 'test', 1, undefined, [], ['.']],
  [['test', '-mine', '-gcflags=-N'], 'test', 1, undefined, ['3:-N'], []],
  [['test', '.', '-mine', 'v', '-gcflags=-N'], 'test', 1, undefined, ['5:-N'], ['.']],
  [['test', '.', '-v', 'v', '-gcflags=-N'], 'test', 1, undefined, [], ['.']],
  [['test', '.', '--', '-gcflags=-N'], 'test', 1, undefined, [], ['.']],
  [['build', '-gcflags=a\nb', '.'], 'build', 1, undefined, ['2:a\nb'], ['.']],
  [['mod', 'tidy', '-C', 'd', '-v'], 'mod', 4, 'd', [], []],
  [['mod', '-C', 'd', 'tidy', '-v'], 'mod', 4, 'd', [], []],
  [['-C', 'd', 'mod', 'tidy', '-C', 'e'], 'mod', 4, 'd', [], []],
  [['mod', '-h'], 'mod', 1, undefined, [], []],
  [['work', 'use', '.'], 'work', 2, undefined, [], ['.']],
  [['build', '-', '-gcflags=-N'], 'build', 1, undefined, [], ['-', '-gcflags=-N']],
]

suite('go/command/command-line', test => {
  for (const [words, subcommand, head, directory, flags, operands] of cases) {
    test(JSON.stringify(words.join(' ')), () => {
      const line = parseCommandLine(words)
      assert.equal(
        [
          line.subcommand,
          line.head,
          line.directory,
          line.flags.map(({at, value}) => `${at}:${value}`),
          line.operands.map(({text}) => text),
        ],
        [subcommand, head, directory, flags, operands],
      )
    })
  }

  /** Words, and every flag of theirs that go reads. */
  const everyFlag: [words: string, flags: string][] = [
    [
      'build -race -mod=mod --overlay o.json -x=false . -toolexec t',
      'race=true mod=mod overlay=o.json x=false',
    ],
    ['build --mod mod -newflag v -a', 'mod=mod newflag=v a=true'],
    ['run -toolexec t . -mod=mod', 'toolexec=t'],
    ['vet -c 2 -toolexec t .', 'c=2 toolexec=t'],
    ['vet -json -list -toolexec t .', 'json=-list list=-toolexec toolexec=t'],
    ['fix -c 2 -race -overlay o.json .', 'c=2 race=true overlay=o.json'],
    ['test -c -toolexec t', 'c=true toolexec=t'],
    ['run -- -mod=mod', ''],
    ['test . -mod=mod -test.run X -args -overlay=o', 'mod=mod test.run=X'],
    ['tool -modfile=x nm -mod=mod', 'modfile=x'],
    ['get -u=patch -t a@v1.0.0', 'u=patch t=a@v1.0.0'],
    ['mod tidy -go 1.21 -compat=1.20 -mod=mod', 'go=1.21 compat=1.20 mod=mod'],
    ['mod edit -require=a@v1 -json', 'require=a@v1 json=true'],
    ['work sync -mod=mod', 'mod=mod'],
    ['-C d build -mod=mod', 'mod=mod'],
    ['generate -x . -mod=mod', 'x=true'],
  ]
  for (const [words, flags] of everyFlag) {
    test(`every flag of go ${words}`, () => {
      const read = parseCommandLine(words.split(' '), () => true)
      assert.is(read.flags.map(({name, value}) => `${name}=${value}`).join(' '), flags)
    })
  }

  test('an operand keeps its position', () => {
    assert.equal(parseCommandLine(['install', '-v', 'a@latest', 'b']).operands, [
      {at: 3, text: 'a@latest'},
      {at: 4, text: 'b'},
    ])
  })
})
