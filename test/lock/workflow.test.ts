import * as assert from 'uvu/assert'
import {mostWorkflowBytes, readWorkflow} from '../../src/lock/workflow.ts'
import {suite} from '../support/suite.ts'

const job = (runsOn: string, more = '') => `jobs:
  test:
    runs-on: ${runsOn}
${more}    steps:
      - run: go test ./...
`
const matrix = (text: string) => `    strategy:\n      matrix: ${text}\n`

const platformsOf = (text: string) =>
  readWorkflow(text).runners.map(({label, platform}) => `${label} ${platform}`)

suite('lock/workflow', test => {
  const labels: [label: string, platform: string][] = [
    ['ubuntu-latest', 'linux/amd64'],
    ['ubuntu-24.04', 'linux/amd64'],
    ['ubuntu-24.04-arm', 'linux/arm64'],
    ['macos-latest', 'darwin/arm64'],
    ['macos-15', 'darwin/arm64'],
    ['macos-13', 'darwin/amd64'],
    ['macos-15-intel', 'darwin/amd64'],
    ['macos-14-large', 'darwin/amd64'],
    ['windows-2025', 'windows/amd64'],
    ['windows-11-arm', 'windows/arm64'],
    ['ubuntu-latest-16-cores', 'undefined'],
    ['self-hosted', 'undefined'],
  ]
  for (const [label, platform] of labels)
    test(`${label} is ${platform}`, () => assert.equal(platformsOf(job(label)), [`${label} ${platform}`]))

  test('a matrix names its machines, its include too', () => {
    const text = job(
      '${{ matrix.os }}',
      matrix('{os: [ubuntu-latest, macos-14], include: [{os: ubuntu-24.04-arm}]}'),
    )
    assert.equal(platformsOf(text), [
      'ubuntu-latest linux/amd64',
      'macos-14 darwin/arm64',
      'ubuntu-24.04-arm linux/arm64',
    ])
  })

  test('what is known only when it runs is no machine', () => {
    assert.equal(platformsOf(job('${{ inputs.os }}')), [])
    assert.equal(platformsOf(job('${{ matrix.os }}', matrix('${{ fromJSON(needs.x.outputs.y) }}'))), [])
    assert.equal(platformsOf(job('[self-hosted, linux]')), [])
  })

  test('a job that runs no go does not count', () => {
    assert.equal(platformsOf('jobs: {lint: {runs-on: ubuntu-latest, steps: [{run: echo let it go}]}}'), [])
  })

  test('what setup-go is given, as it is written, with its line', () => {
    const text = `jobs:
  a:
    runs-on: ubuntu-latest
    strategy: {matrix: {go: ['1.26.x', 1.20]}}
    steps:
      - uses: actions/setup-go@v5
        with: {go-version: '\${{ matrix.go }}'}
      - uses: actions/setup-go@v5
        with:
          go-version: 1.26.8
      - uses: actions/setup-go@v5
        with: {go-version-file: go.mod}
`
    assert.equal(readWorkflow(text).setups, [
      {versions: ['1.26.x', '1.20'], line: 7},
      {versions: ['1.26.8'], line: 10},
    ])
  })

  const others: [what: string, text: string][] = [
    ['no YAML', '{{{{'],
    ['a list', '- a\n- b\n'],
    ['nothing', ''],
    ['jobs of another kind', 'jobs: [1, 2]\n'],
    ['an alias to itself', 'jobs: &a {b: *a}\n'],
    [
      'aliases without end',
      `a: &a [x]\n${Array.from({length: 30}, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : 'a'}, *${i ? `b${i - 1}` : 'a'}]`).join('\n')}\njobs: {t: {runs-on: *b29, steps: [{run: go build}]}}\n`,
    ],
    ['more than any is', `# ${'x'.repeat(mostWorkflowBytes)}\n${job('ubuntu-latest')}`],
  ]
  for (const [what, text] of others)
    test(`${what} says nothing`, () => assert.equal(readWorkflow(text), {runners: [], setups: []}))
})
