import * as assert from 'uvu/assert'
import {parseGoproxy, redacted} from '../../src/goproxy/goproxy-list.ts'
import {suite} from '../support/suite.ts'

const shown = (text: string): string => {
  const list = parseGoproxy(text)
  if (list.kind === 'broken') return `broken: ${list.reason}`
  return list.entries
    .map(entry => (entry.kind === 'url' ? `${entry.url}${entry.fallsBack ? '|' : ','}` : entry.kind))
    .join(' ')
}

suite('goproxy/goproxy-list', test => {
  const lists: [text: string, entries: string][] = [
    ['https://proxy.golang.org,direct', 'https://proxy.golang.org, direct'],
    ['https://a.example|https://b.example', 'https://a.example| https://b.example,'],
    [' https://a.example/ , ,off,https://never.example', 'https://a.example, off'],
    ['direct,https://never.example', 'direct'],
    ['goproxy.example/x', 'https://goproxy.example/x,'],
    ['file:///srv/proxy', 'file:///srv/proxy,'],
    ['https://u:p@a.example', 'https://u:p@a.example,'],
    [',', 'broken: there is no entry in it'],
    ['', 'broken: there is no entry in it'],
    ['proxy', 'broken: proxy is no URL of https, http or file'],
    ['/srv/proxy', 'broken: /srv/proxy is no URL of https, http or file'],
    ['ftp://a.example', 'broken: ftp://a.example is no URL of https, http or file'],
    ['file://host/srv', 'broken: file://host/srv is no URL of https, http or file'],
    ['ftp://u:secret@a.example', 'broken: ftp://u:xxxxx@a.example is no URL of https, http or file'],
  ]
  for (const [text, entries] of lists) test(JSON.stringify(text), () => assert.is(shown(text), entries))

  test('a password is never shown', () => {
    assert.is(redacted('https://me:secret@a.example/x'), 'https://me:xxxxx@a.example/x')
    assert.is(redacted('https://token@a.example/x@v1'), 'https://xxxxx@a.example/x@v1')
    assert.is(redacted('https://a.example/x@v1'), 'https://a.example/x@v1')
    assert.is(redacted('https://a.example/x@v1:2'), 'https://a.example/x@v1:2')
  })
})
