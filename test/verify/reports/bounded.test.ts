/** Half a million findings of one code are counted, not printed, and no error is hidden behind warnings. */
import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {Finding} from '../../../src/findings/finding.ts'
import {boundFindings, mostPrinted, omittedText} from '../../../src/verify/reports/bounded.ts'
import {suite} from '../../support/suite.ts'
import {withTemporary} from '../../support/temporary.ts'
import {git, treeEnv, writeFiles} from '../../support/vendored.ts'

const lines = 20_000
const gowarden = join(import.meta.dirname, '../../../bin/gowarden')

suite('verify/reports/bounded', test => {
  test('a go.sum of 20000 surplus lines, in every format', async () => {
    await withTemporary(async folder => {
      const tree = join(folder, 'tree')
      const sums = Array.from({length: lines}, (_, index) => sumLine(index)).join('')
      const files = {'go.mod': 'module a.b/c\n\ngo 1.24\n', 'main.go': 'package main\n\nfunc main() {}\n'}
      writeFiles(tree, {...files, 'go.sum': sums})
      git(folder, 'init', '--quiet', 'tree')
      git(tree, 'add', '--all')
      const env = treeEnv({XDG_CACHE_HOME: join(folder, 'cache'), GOWARDEN: ''})
      const verify = (...words: string[]) => {
        const ended = spawnSync(gowarden, ['verify', '--staged', '--offline', ...words], {
          cwd: tree,
          env,
          encoding: 'utf8',
          maxBuffer: 256 * 1024 * 1024,
        })
        return {status: ended.status, stdout: ended.stdout, stderr: ended.stderr}
      }
      const more = (most: number) => `and ${lines - most} more SUM_SURPLUS in go.sum`
      const total = new RegExp(`: in order, ${lines} warnings`)

      const text = verify()
      assert.is(text.status, 0)
      assert.is(count(text.stderr, '[SUM_SURPLUS]'), mostPrinted.text)
      assert.match(text.stderr, `gowarden: ${more(mostPrinted.text)} (--verbose shows more)\n`)
      assert.match(text.stderr, total)

      const verbose = verify('--verbose')
      assert.is(count(verbose.stderr, '[SUM_SURPLUS]'), mostPrinted.verbose)
      assert.match(verbose.stderr, `gowarden: ${more(mostPrinted.verbose)}\n`)

      const github = verify('--format', 'github')
      assert.is(count(github.stdout, '::warning '), mostPrinted.github)
      assert.match(github.stdout, `\n::notice title=SUM_SURPLUS::${more(mostPrinted.github)}\n`)
      assert.match(github.stderr, total)

      const markdown = verify('--format', 'markdown').stdout
      assert.is(count(markdown, '| warn |'), mostPrinted.markdown)
      assert.match(
        markdown,
        `\n- and \`${lines - mostPrinted.markdown}\` more \`SUM_SURPLUS\` in \`go.sum\`\n`,
      )

      const json = JSON.parse(verify('--format', 'json').stdout)
      assert.is(json.findings.length, mostPrinted.json)
      const omitted = {code: 'SUM_SURPLUS', level: 'warn', count: lines - mostPrinted.json, file: 'go.sum'}
      assert.equal(json.omitted, [omitted])
      assert.is(json.counts.sums, lines)

      const [run] = JSON.parse(verify('--format', 'sarif').stdout).runs
      assert.is(run.results.length, mostPrinted.sarif)
      const [invocation] = run.invocations
      assert.equal(
        invocation.toolExecutionNotifications.map(({message}: {message: {text: string}}) => message.text),
        [more(mostPrinted.sarif)],
      )

      // What is not printed still decides.
      const raised = {'.gowardenrc.yaml': 'levels:\n  SUM_SURPLUS: error\n'}
      writeFiles(tree, raised)
      git(tree, 'add', '--all')
      for (const format of ['text', 'github', 'markdown', 'json', 'sarif']) {
        assert.is(verify('--format', format).status, 1, format)
      }
      assert.match(verify().stderr, new RegExp(`: ${lines} errors\n$`))
    })
  })

  test('no warning takes the place of an error, and files are named where it is one', () => {
    const findings = [
      ...Array.from({length: 4}, (_, index) => surplus('warn', 'go.sum', index)),
      ...Array.from({length: 3}, (_, index) => surplus('error', `${index}/go.sum`, index)),
    ]
    // What was not kept at all is counted with what is not printed.
    const counted = {code: 'SUM_SURPLUS', level: 'warn', count: 7, file: 'go.sum'} as const
    const {findings: kept, omitted} = boundFindings({findings, more: [counted]}, 1)
    assert.equal(
      kept.map(({level}) => level),
      ['warn', 'error'],
    )
    assert.equal(omitted.map(omittedText), ['and 10 more SUM_SURPLUS in go.sum', 'and 2 more SUM_SURPLUS'])
  })
})

function sumLine(index: number): string {
  return `example.com/m${index} v1.0.0/go.mod h1:${'A'.repeat(43)}=\n`
}

function surplus(level: 'error' | 'warn', file: string, line: number): Finding {
  return {code: 'SUM_SURPLUS', level, facts: {file, line, module: `a.b/${line}`, required: '', mend: ''}}
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}
