/** Small files of proxies and databases, from servers that take their time. */
import type {ServerResponse} from 'node:http'
import * as assert from 'uvu/assert'
import {fetchFrom} from '../../src/goproxy/source.ts'
import {nodeSystem} from '../../src/system/node.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'
import {withServer} from '../support/toolchain-mirror.ts'

const system = {...nodeSystem(), env: {}}

/** A byte now and then, for ever. */
function drip(write: (text: string) => void, response: ServerResponse): void {
  const timer = setInterval(() => write('x'), 10)
  response.on('close', () => clearInterval(timer))
}

suite('goproxy/source', test => {
  const rows: [what: string, answer: (response: ServerResponse) => void, reason: RegExp][] = [
    [
      'a body of a byte now and then',
      response => drip(text => response.write(text), response.writeHead(200)),
      /not whole after/,
    ],
    [
      'headers of a byte now and then',
      response => {
        response.socket?.write('HTTP/1.1 200 OK\r\nx-a: ')
        drip(text => response.socket?.write(text), response)
      },
      /no answer within/,
    ],
    ['nothing at all', () => undefined, /no answer within/],
  ]
  for (const [what, answer, reason] of rows) {
    test(`${what} is given up`, async () => {
      await withTemporary(async folder => {
        const fault = (_: string, response: ServerResponse) => {
          answer(response)
          return true
        }
        await withServer(
          folder,
          async ({url}) => {
            const found = await fetchFrom(system, url, 'x', 300)
            assert.is(found.kind, 'failed')
            assert.match(found.kind === 'failed' ? found.reason : '', reason)
          },
          fault,
        )
      })
    })
  }

  test('what is whole in time is not cut', async () => {
    await withTemporary(async folder => {
      const fault = (_: string, response: ServerResponse) => {
        response.write('a')
        setTimeout(() => response.end('b'), 50)
        return true
      }
      await withServer(
        folder,
        async ({url}) => {
          const found = await fetchFrom(system, url, 'x')
          assert.is(found.kind === 'got' && found.bytes.toString(), 'ab')
        },
        fault,
      )
    })
  })
})
