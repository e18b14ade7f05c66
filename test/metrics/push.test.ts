import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import * as assert from 'uvu/assert'
import {push} from '../../src/metrics/push.ts'
import {isUsageError, isWorldError} from '../../src/system/errors.ts'
import {suite} from '../support/suite.ts'

type Pushed = {method: string; url: string; authorization: string; body: string}

/** A gateway that answers with a status; none: it never answers. */
async function withGateway(
  status: number | undefined,
  body: (place: string, pushed: Pushed[]) => Promise<void>,
): Promise<void> {
  const pushed: Pushed[] = []
  const server = createServer(async (request, response) => {
    const text = await textOf(request)
    const {method = '', url = '', headers} = request
    pushed.push({method, url, authorization: headers.authorization ?? '', body: text})
    if (status !== undefined) response.writeHead(status).end('it said http://u:s3cret@x/')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    await body(`127.0.0.1:${(server.address() as AddressInfo).port}`, pushed)
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

const grouping = {job: 'build', instance: 'host 1'}

suite('metrics/push', test => {
  test('puts the text under job and instance; user and password go into a header', async () => {
    await withGateway(200, async (place, pushed) => {
      await push(`http://u%40x:p@${place}/prefix/`, grouping, 'a 1\n', 'text/plain')
      await push(`http://${place}`, {job: 'a/b', instance: ''}, 'a 1\n', 'text/plain')
      assert.equal(pushed, [
        {
          method: 'PUT',
          url: '/prefix/metrics/job/build/instance/host%201',
          authorization: `Basic ${Buffer.from('u@x:p').toString('base64')}`,
          body: 'a 1\n',
        },
        {method: 'PUT', url: '/metrics/job@base64/YS9i/instance@base64/=', authorization: '', body: 'a 1\n'},
      ])
    })
  })

  const failures: [what: string, status: number | undefined, message: RegExp][] = [
    ['a refusal', 400, /^pushing metrics to http:\/\/\*\*\*@\S+: status 400: it said http:\/\/\*\*\*@x\/$/],
    ['a redirect', 302, /^pushing metrics to http:\/\/\*\*\*@/],
    ['no answer', undefined, /^pushing metrics to http:\/\/\*\*\*@\S+: no answer in 0\.2 seconds$/],
  ]
  for (const [what, status, message] of failures)
    test(`${what} is said, and no password`, async () => {
      await withGateway(status, async place => {
        await push(`http://u:s3cret@${place}`, grouping, 'a 1\n', 'text/plain', 200).then(
          () => assert.unreachable(),
          error => {
            assert.ok(isWorldError(error))
            assert.match(error.message, message)
            assert.not.match(error.message, /s3cret/)
          },
        )
      })
    })

  for (const place of ['', 'host:9091', 'ftp://host', '/x'])
    test(`--push ${place} is a wrong call`, async () => {
      await push(place, grouping, '', 'text/plain').then(
        () => assert.unreachable(),
        error => assert.ok(isUsageError(error)),
      )
    })
})
