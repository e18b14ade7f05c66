import {request} from 'node:http'
import * as assert from 'uvu/assert'
import {formatFor, parseAddress, serve} from '../../src/metrics/serve.ts'
import {isUsageError, isWorldError} from '../../src/system/errors.ts'
import {suite} from '../support/suite.ts'

const addresses: [text: string, host: string, port: number][] = [
  ['9470', '127.0.0.1', 9470],
  ['127.0.0.1:9470', '127.0.0.1', 9470],
  ['localhost:1', 'localhost', 1],
  [':9470', '::', 9470],
  ['[::1]:9470', '::1', 9470],
  ['0', '127.0.0.1', 0],
]

const accepts: [accept: string, format: string][] = [
  ['', 'text'],
  ['*/*', 'text'],
  ['text/plain;version=0.0.4', 'text'],
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  ['Application/OpenMetrics-Text', 'openmetrics'],
  ['application/openmetrics-text;q=0', 'text'],
  ['application/openmetrics-textual', 'text'],
]

function ask(
  url: string,
  method: string,
  headers = {},
): Promise<{status: number; body: string; type: string}> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {method, headers, agent: false}, response => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () =>
        resolve({status: response.statusCode ?? 0, body, type: response.headers['content-type'] ?? ''}),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

const metrics = async (format: string) => ({text: `metrics as ${format}\n`, type: `text/${format}`})
const loopback = {host: '127.0.0.1', port: 0}

suite('metrics/serve', test => {
  for (const [text, host, port] of addresses)
    test(`--listen ${text}`, () => assert.equal(parseAddress(text), {host, port}))

  for (const text of ['', 'x', '65536', '1:2:3', '[::1]', 'host:', '-1', '99999999', '1.5'])
    test(`--listen ${text} is a wrong call`, () => assert.throws(() => parseAddress(text), isUsageError))

  for (const [accept, format] of accepts)
    test(`Accept: ${accept}`, () => assert.is(formatFor(accept), format))

  test('/metrics, in the format that is asked for, and nothing else', async () => {
    const serving = await serve(loopback, metrics)
    try {
      assert.equal(await ask(serving.url, 'GET'), {status: 200, body: 'metrics as text\n', type: 'text/text'})
      const openmetrics = await ask(serving.url, 'GET', {Accept: 'application/openmetrics-text'})
      assert.is(openmetrics.body, 'metrics as openmetrics\n')
      assert.equal(await ask(serving.url, 'HEAD'), {status: 200, body: '', type: 'text/text'})
      assert.is((await ask(`${serving.url}?x=1`, 'GET')).status, 200)
      assert.is((await ask(serving.url, 'POST')).status, 405)
      for (const path of ['/', '/metricsx', '/metrics/', '/metrics/../etc', '//metrics'])
        assert.is((await ask(serving.url.replace('/metrics', path), 'GET')).status, 404, path)
    } finally {
      await serving.close()
    }
    await ask(serving.url, 'GET').then(
      () => assert.unreachable(),
      () => undefined,
    )
  })

  test('what fails is an answer with status 500, and the next one is served', async () => {
    let times = 0
    const serving = await serve(loopback, async format => {
      times += 1
      if (times === 1) throw new Error('no')
      return metrics(format)
    })
    try {
      assert.is((await ask(serving.url, 'GET')).status, 500)
      assert.is((await ask(serving.url, 'GET')).status, 200)
    } finally {
      await serving.close()
    }
  })

  test('an address that is taken, or is none of this host, is said', async () => {
    const serving = await serve(loopback, metrics)
    const port = Number(new URL(serving.url).port)
    try {
      await serve({...loopback, port}, metrics).then(
        () => assert.unreachable(),
        error => {
          assert.ok(isWorldError(error))
          assert.is(error.message, `listening on 127.0.0.1 port ${port}: another program listens there`)
        },
      )
      await serve({host: '192.0.2.7', port: 0}, metrics).then(
        () => assert.unreachable(),
        error => {
          assert.match(error.message, /this host has no such address$/)
        },
      )
    } finally {
      await serving.close()
    }
  })
})
