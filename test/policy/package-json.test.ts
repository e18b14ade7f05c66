import * as assert from 'uvu/assert'
import {findPackagePolicy} from '../../src/policy/package-json.ts'
import {suite} from '../support/suite.ts'

suite('policy/package-json', test => {
  const cases: [what: string, text: string, value: string | undefined, line?: number][] = [
    ['a key at the top', '{"gowarden": {"cache": "share"}}', '{"cache": "share"}', 1],
    ['its line', '{\n  "name": "x",\n  "gowarden":\n    {"a": [1, {}]},\n  "z": 1\n}\n', '{"a": [1, {}]}', 4],
    ['no key', '{"name": "x"}', undefined],
    ['the word as a value', '{"name": "gowarden", "bin": {"gowarden": {"cache": "share"}}}', undefined],
    ['the word as a dependency', '{"devDependencies": {"gowarden": "1.0.0"}}', undefined],
    ['the word in a list', '{"keywords": ["gowarden", {"gowarden": 1}]}', undefined],
    ['the word behind a quote', '{"a": "\\"gowarden\\": {", "b": 1}', undefined],
    ['a key spelt by an escape', '{"\\u0067owarden": {}}', '{}', 1],
    ['of two the last, as for JSON.parse', '{"gowarden": {"a": 1}, "gowarden": {"b": 2}}', '{"b": 2}', 1],
    ['a template that JSON refuses', '{\n  "name": "{{ .Name }}",\n  // see gowarden\n}\n', undefined],
    ['a value that never ends', '{"gowarden": {"cache": ', '{"cache":', 1],
    ['no value', '{"gowarden": }', '', 1],
    ['what is no object', '["gowarden", {"gowarden": {}}]', undefined],
    ['nothing', '', undefined],
    ['what follows the object', '{"name": 1} {"gowarden": {}}', undefined],
  ]
  for (const [what, text, value, line] of cases) {
    test(what, () => {
      const found = findPackagePolicy(text)
      assert.equal(found, value === undefined ? undefined : {text: value, line})
    })
  }

  test('the same as JSON.parse makes of a long one', () => {
    const dependencies = Object.fromEntries(
      Array.from({length: 20_000}, (_, at) => [`gowarden-${at}`, '^1.0.0']),
    )
    const text = JSON.stringify({dependencies, gowarden: {stamp: 'off'}}, undefined, 2)
    assert.equal(JSON.parse(findPackagePolicy(text)?.text ?? ''), {stamp: 'off'})
    assert.is(findPackagePolicy(JSON.stringify({dependencies}, undefined, 2)), undefined)
  })
})
