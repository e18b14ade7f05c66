/** Code, page and message of every finding stand together. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {describe} from '../../src/findings/describe.ts'
import type {Finding} from '../../src/findings/finding.ts'
import {ownLevel} from '../../src/findings/levels.ts'
import {readPages} from '../../src/findings/pages.ts'
import {isDoctorFinding} from '../../src/findings/sentences-of-doctor.ts'
import {isVerifyFinding} from '../../src/findings/sentences-of-verify.ts'
import {findingText} from '../../src/findings/text.ts'
import {withOwnLevels} from '../../src/policy/levels.ts'
import {UsageError} from '../../src/system/errors.ts'
import {buildExamples, owner, self} from '../support/build-examples.ts'
import {doctorExamples} from '../support/doctor-examples.ts'
import {root, withRig} from '../support/rig.ts'
import {suite} from '../support/suite.ts'
import {verifyExamples} from '../support/verify-examples.ts'

const examples = {...buildExamples, ...doctorExamples, ...verifyExamples}

const findings = Object.entries(examples).map(([code, facts]) => ({code, level: 'error', facts}) as Finding)

/** How the parts of a page begin, behind the first paragraph, which says what the finding is. */
const parts = ['Why it matters:', 'A real case:', 'What to do:', 'Off switch:'] as const

/** The paragraphs of a page, without its heading; a list belongs to the paragraph before it. */
function paragraphsOf(page: string): string[] {
  return page
    .trim()
    .split(/\n{2,}/)
    .slice(1)
}

/** The text of a part, behind the words that begin it. */
function partOf(page: string, part: (typeof parts)[number]): string {
  const paragraph = paragraphsOf(page).find(text => text.startsWith(part)) ?? part
  return paragraph.slice(part.length).trim()
}

/** What stands in backquotes, however the lines break. */
function spansOf(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '))
}

/** The command at the end of a hint: `or take this cache over: gowarden cache adopt`. */
function commandOf(hint: string): string | undefined {
  return /(?:^|: )((?:(?:export|unset|git|go|gowarden) |[A-Z]+= go ).*)$/.exec(hint)?.[1]
}

/** Whether a person may set this level by GOWARDEN_LEVELS. */
function isAccepted(code: string, level: string): boolean {
  try {
    withOwnLevels({}, `${code}=${level}`)
    return true
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return false
  }
}

suite('findings/describe', test => {
  for (const [file, key] of [
    ['vendor/example.com/a/BUILD.bazel', 'verify.vendorExtra: ["**/BUILD.bazel"] in the policy'],
    ['vendor/example.com/a/OWNERS', 'verify.vendorExtra: ["**/OWNERS"] in the policy'],
    ['vendor/example.com/a/REBUILD', undefined],
    ['vendor/example.com/a/BUILD.go', undefined],
  ] as const) {
    test(`what other tools write in vendor can be declared: ${file}`, () => {
      for (const code of ['VENDOR_ADDED', 'VENDOR_EDITED'] as const) {
        const facts = {...verifyExamples[code], file}
        const {details} = describe({code, level: 'error', facts} as Finding)
        assert.is(details.find(([label]) => label === 'where it is wanted')?.[1], key)
      }
    })
  }

  const text = readFileSync(join(root, 'docs/findings.md'), 'utf8')
  const pages = readPages(text)

  test('every code has its page, and every page its code', () => {
    assert.equal([...pages.keys()].sort(), Object.keys(examples).sort())
  })

  for (const finding of findings) {
    test(`${finding.code} speaks like a Unix tool`, () => {
      const {headline, details, hints} = describe(finding)
      for (const line of [headline, ...hints]) {
        assert.not.match(line, /[.!]$|\n|undefined|\[object/)
        assert.match(line, /^[^A-Z]|^(GO|-)/)
      }
      for (const [label, value] of details) assert.ok(label.length > 0 && value.length > 0)
      for (const line of findingText(finding).trimEnd().split('\n')) assert.match(line, /^gowarden: /)
    })

    const page = pages.get(finding.code) ?? ''

    test(`the page of ${finding.code} says what, and has its four other parts once each, in order`, () => {
      const paragraphs = paragraphsOf(page)
      const begun = paragraphs.map(paragraph => parts.find(part => paragraph.startsWith(part)))
      assert.is(begun[0], undefined)
      assert.ok((paragraphs[0] ?? '').length > 40)
      assert.equal(
        begun.filter(part => part !== undefined),
        [...parts],
      )
      for (const part of parts) {
        assert.match(partOf(page, part), /^\S.{8}/s)
        assert.is(page.split(part).length, 2, `${part} twice`)
      }
    })

    test(`the page of ${finding.code} says where its real case comes from`, () => {
      assert.match(partOf(page, 'A real case:'), /[\w.-]+\/[\w.-]+#\d+|\b[Mm]easured\b|go\.dev/)
    })

    test(`the page of ${finding.code} offers the levels that are accepted, and no other`, () => {
      const levels = ['warn', 'off'].filter(level => isAccepted(finding.code, level))
      const off = partOf(page, 'Off switch:')
      const offers = [...page.matchAll(/GOWARDEN_LEVELS=(\w+)=(\w+)/g)]
      for (const [, code, level = ''] of offers) {
        assert.is(code, finding.code)
        assert.ok(levels.includes(level), level)
      }
      assert.is(offers.length > 0, levels.length > 0)
      assert.is(off.includes('GOWARDEN_LEVELS='), levels.length > 0)
      assert.is(off.startsWith('no level lowers it, for '), levels.length === 0)
      assert.is(off.includes('a warning remains'), levels.join() === 'warn')
      assert.is(
        /^no level silences it/.test(off),
        levels.join() === 'warn' && ownLevel(finding.code) === 'warn',
      )
    })

    // The commands of these are made from paths, values and modules, and tried where that is done.
    if (!isVerifyFinding(finding) && !isDoctorFinding(finding)) {
      test(`the page of ${finding.code} has the commands of its message`, () => {
        const spans = spansOf(page)
        for (const hint of describe(finding).hints) {
          const command = commandOf(hint)
            ?.replace(/go1\.\d+\.\d+/, 'go1.X.Y')
            .replace('GOSUMDB', 'NAME')
          if (command !== undefined)
            assert.ok(spans.includes(command), `${command} among ${spans.join(' | ')}`)
        }
      })
    }
  }

  test('every gowarden command of a page or a message is one, with the options it has', async () => {
    const told = findings.flatMap(finding => describe(finding).hints.flatMap(hint => commandOf(hint) ?? []))
    const commands = new Set([...spansOf(text), ...told].filter(command => command.startsWith('gowarden ')))
    assert.ok(commands.size > 4)
    await withRig(async rig => {
      for (const command of commands) {
        const verb = /^gowarden((?: [a-z]+)*)/.exec(command)?.[1]?.trim() ?? ''
        const {code, stdout} = await rig.gowarden([...verb.split(' '), '--help'])
        assert.is(code, 0, command)
        assert.ok(stdout.startsWith(`Usage: gowarden ${verb}`), command)
        for (const [option] of command.matchAll(/--[a-z-]+/g))
          assert.match(stdout, new RegExp(`^  ${option}\\b`, 'm'), command)
      }
    })
  })

  test('another Go version is told from another compiler of the same, and one line ends it', () => {
    const older = {hash: 'go1.25.3.linux-amd64@h1:old', goroot: '/old'}
    const told = (owners: (typeof owner)[], mayShare: boolean) =>
      describe({code: 'CACHE_FOREIGN', facts: {cache: '/c', owners, self, mayShare}})
    assert.match(told([older], true).headline, 'populated by another Go version')
    assert.not.match(told([older], true).details.join(), 'mix')
    assert.match(told([older, owner], true).details.join(), 'means,both say go1.26.8,')
    assert.match(told([older], true).hints[0] ?? '', /export GOWARDEN_CACHE=share$/)
    for (const {headline, hints} of [told([older, owner], true), told([owner], true)]) {
      assert.match(headline, 'populated by another GOROOT')
      assert.not.match(hints.join(), 'share')
    }
    // A policy file that says otherwise would refuse it.
    assert.not.match(told([older], false).hints.join(), 'share')
  })

  test('a refusal reads as README prints it', () => {
    assert.is(
      findingText({
        code: 'CACHE_FOREIGN',
        level: 'error',
        facts: {cache: '/c', owners: [owner], self, mayShare: true},
      }),
      `gowarden: error: GOCACHE /c was populated by another GOROOT [CACHE_FOREIGN]
gowarden:   owner  go1.26.8.linux-amd64@h1:twin  /twin
gowarden:   this   go1.26.8.linux-amd64@h1:me  /go
gowarden:   means  both say go1.26.8, so go would mix their objects
gowarden: hint: give this toolchain its own cache: export GOWARDEN_CACHE=isolate
gowarden: hint: or take this cache over: gowarden cache adopt
`,
    )
  })
})
