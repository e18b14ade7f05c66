import * as assert from 'uvu/assert'
import {escaped, html, htmlText, isHtml, ownMarkup} from '../../src/report/html.ts'
import {hostileName, unsafe} from '../support/hostile.ts'
import {suite} from '../support/suite.ts'

suite('report/html', test => {
  for (const [name, expected] of [
    ['</script><script>alert(1)</script>', '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`" onload="x' y='`, '&quot; onload=&quot;x&#39; y=&#39;'],
    ['&lt; & <!-- --> ]]>', '&amp;lt; &amp; &lt;!-- --&gt; ]]&gt;'],
    ['a\0b\x1b[31m\r\n', 'a\\x00b\\x1b[31m\\x0d\\x0a'],
    ['\u202egnp.go\u2066\u{e0041}', '\\u{202e}gnp.go\\u{2066}\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
    ['Ünïcode שלום 🐹', 'Ünïcode שלום 🐹'],
  ] as const)
    test(`a text is shown as it is: ${JSON.stringify(name)}`, () => {
      assert.is(htmlText(html`<p title="${name}">${name}</p>`), `<p title="${expected}">${expected}</p>`)
    })

  test('nothing that must not reach a page comes through', () => {
    assert.not.match(escaped(hostileName), unsafe)
    assert.not.match(escaped(hostileName), /[<>"']/)
    assert.is(escaped('x'.repeat(10_000)).length, 10_000)
  })

  test('markup is what this tag made, and nothing that looks like it', () => {
    const inner = html`<b>${'<i>'}</b>`
    assert.is(htmlText(html`${inner}${[inner, 1, undefined, false]}`), '<b>&lt;i&gt;</b><b>&lt;i&gt;</b>1')
    assert.is(htmlText(html`${ownMarkup('a > b')}`), 'a > b')
    assert.not.ok(isHtml(JSON.parse('{"markup": "<b>", "Symbol(markup)": "<b>"}')))
  })
})
