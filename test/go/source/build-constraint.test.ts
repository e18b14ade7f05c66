import * as assert from 'uvu/assert'
import {canEverBuild} from '../../../src/go/source/build-constraint.ts'
import {suite} from '../../support/suite.ts'

suite('go/source/build-constraint', test => {
  const cases: [header: string, canBuild: boolean][] = [
    ['package a\n', true],
    ['//go:build linux && !linux\n\npackage a\n', true],
    ['//go:build ignore\n\npackage a\n', false],
    ['//go:build !ignore\n\npackage a\n', true],
    ['//go:build ignore || linux\n\npackage a\n', true],
    ['//go:build (ignore && linux) || (ignore && amd64)\n\npackage a\n', false],
    ['//go:build !(ignore || linux)\n\npackage a\n', true],
    ['//go:build linux &&\n\npackage a\n', false],
    ['//go:build !!linux\n\npackage a\n', false],
    ['//go:build go1.18 && \u00e9t\u00e9\n\npackage a\n', true],
    ['//go:build linux\n//go:build windows\n\npackage a\n', false],
    ['/* licence\n */\n//go:build ignore\n\npackage a\n', false],
    ['//go:buildsomething ignore\n\npackage a\n', true],
    ['// +build ignore\n\npackage a\n', false],
    ['// +build ignore\npackage a\n', true],
    ['// +build linux,ignore windows\n\npackage a\n', true],
    ['// +build linux,ignore\n// +build windows\n\npackage a\n', false],
    ['// +build !ignore\n\npackage a\n', true],
    ['// +build !!linux\n\npackage a\n', false],
    ['// +build\n\npackage a\n', false],
    ['/* x */\n// +build ignore\n\npackage a\n', true],
    ['//go:build linux\n// +build ignore\n\npackage a\n', true],
    ['package a\n\n//go:build ignore\n', true],
  ]
  for (const [header, canBuild] of cases) {
    test(`${JSON.stringify(header)} ${canBuild ? 'can' : 'can never'} be built`, () => {
      assert.is(canEverBuild(Buffer.from(header).toString('latin1')), canBuild)
    })
  }

  // What go/build/constraint answers for as many terms: a file that Go cannot parse is never built, and one term less is.
  const bounds: [name: string, header: string, canBuild: boolean][] = [
    ['1000 alternatives', `//go:build ${'a||'.repeat(999)}a`, true],
    ['1001 alternatives', `//go:build ${'a||'.repeat(1000)}a`, false],
    ['999 parentheses', `//go:build ${'('.repeat(999)}a${')'.repeat(999)}`, true],
    ['1000 parentheses', `//go:build ${'('.repeat(1000)}a${')'.repeat(1000)}`, false],
    ['parentheses without end', `//go:build ${'('.repeat(100_000)}`, false],
    ['101 words of +build', `// +build${' ignore'.repeat(101)}`, false],
    ['102 words of +build, a line that Go skips', `// +build${' ignore'.repeat(102)}`, true],
    ['101 joined words of +build', `// +build ignore${',ignore'.repeat(100)}`, false],
    ['102 joined words of +build, a line that Go skips', `// +build ignore${',ignore'.repeat(101)}`, true],
  ]
  for (const [name, header, canBuild] of bounds) {
    test(`${name} ${canBuild ? 'can' : 'can never'} be built`, () => {
      assert.is(canEverBuild(`${header}\n\npackage a\n`), canBuild)
    })
  }
})
