import * as assert from 'uvu/assert'
import {outOfStepLines, outOfStepSetups} from '../../src/lock/step.ts'
import {suite} from '../support/suite.ts'

const lock = {version: 'go1.26.8'}

suite('lock/step', test => {
  const modules: [content: string, says: string[]][] = [
    ['go 1.26.8\n', []],
    ['go 1.26\n', []],
    ['go 1.21\ntoolchain go1.26.8\n', []],
    ['go 1.26\ntoolchain default\n', []],
    ['go 1.27\n', ['go 1.27']],
    ['go 1.26.9\n', ['go 1.26.9']],
    ['go 1.27rc1\n', ['go 1.27rc1']],
    ['go 1.21\ntoolchain go1.26.7\n', ['toolchain go1.26.7']],
    ['go 1.27.1\ntoolchain go1.27.4\n', ['toolchain go1.27.4', 'go 1.27.1']],
    ['module m\n', []],
  ]
  for (const [content, says] of modules)
    test(JSON.stringify(content), () =>
      assert.equal(
        outOfStepLines(lock, content).map(line => line.says),
        says,
      ),
    )

  const setups: [versions: string[], isOut: boolean][] = [
    [['1.26.8'], false],
    [['1.26.x'], false],
    [['1.26'], false],
    [['>=1.25'], false],
    [['stable'], false],
    [['1.25.x', '1.26.x'], false],
    [['1.26.7'], true],
    [['1.25'], true],
    [['1.25.x', '1.27.x'], true],
    [['<1.26'], true],
  ]
  for (const [versions, isOut] of setups)
    test(`go-version: ${versions}`, () =>
      assert.is(outOfStepSetups(lock, [{versions, line: 1}]).length === 1, isOut))
})
