import {existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {nodeSystem} from '../../src/system/node.ts'
import {type Finished, queueFolder, queueKey, queueLine, queueName} from '../../src/traces/queue.ts'
import {type Send, sendQueue} from '../../src/traces/send.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

const env = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://u:secret@c:4318',
  OTEL_EXPORTER_OTLP_TIMEOUT: '50',
  PATH: '/bin',
}
const key = queueKey(env)
const system = {...nodeSystem(), env}

/** A span that is told by its number. */
function numbered(pid: number): Finished {
  const none = {exit: 0, traceparent: undefined, tracestate: undefined, pipeline: {}}
  return {endedMs: 1, ms: 1, pid, what: {verb: 'verify'}, ...none}
}

/** A store in which spans wait; `put` adds one, under this key and as old as that. */
async function withQueue(
  body: (store: string, put: (pid: number, of?: string, ageMs?: number) => void) => Promise<void>,
): Promise<void> {
  await withTemporary(async store => {
    mkdirSync(queueFolder(store), {recursive: true})
    await body(store, (pid, of = key, ageMs = 0) => {
      const name = queueName(of, {pid, nowMs: () => Date.now() - ageMs})
      writeFileSync(join(queueFolder(store), name), queueLine(numbered(pid)))
    })
  })
}

/** Takes everything, and remembers the numbers of each request. */
function taking(requests: number[][]): Send {
  return async spans => {
    requests.push(spans.map(({pid}) => pid))
    return spans.length
  }
}

suite('traces/send', test => {
  test('what waits goes in one request, the oldest first; what comes meanwhile in the next', async () => {
    await withQueue(async (store, put) => {
      const requests: number[][] = []
      put(1, key, 2000)
      put(2, key, 1000)
      await sendQueue(system, store, key, async spans => {
        if (requests.length === 0) put(3)
        requests.push(spans.map(({pid}) => pid))
        return spans.length
      })
      assert.equal(requests, [[1, 2], [3]])
      assert.match(readFileSync(join(store, 'traces/last'), 'utf8'), /^\S+Z sent 1 of 1\n$/)
      assert.equal(readdirSync(join(store, 'traces')).sort(), ['last', 'queue'])
    })
  })

  test('only what was meant for the same place, and of the rest what is too old is removed', async () => {
    await withQueue(async (store, put) => {
      const requests: number[][] = []
      const other = queueKey({...env, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=x'})
      put(1)
      put(2, other)
      put(3, other, 3_700_000)
      writeFileSync(join(queueFolder(store), 'notes'), '')
      await sendQueue(system, store, key, taking(requests))
      assert.equal(requests, [[1]])
      const left = readdirSync(queueFolder(store))
      assert.equal([left.length, left.some(name => name.endsWith('-2.jsonl'))], [2, true])
    })
  })

  test('the key is that of OTEL_… alone', () => {
    assert.is(queueKey({...env, PATH: '/usr/bin', TRACEPARENT: 'x'}), key)
    assert.is.not(queueKey({...env, OTEL_SERVICE_NAME: 'x'}), key)
  })

  test('one process sends at a time; a lock that nobody holds any more is passed over', async () => {
    await withQueue(async (store, put) => {
      const requests: number[][] = []
      const lock = join(store, `traces/${key}.lock`)
      mkdirSync(lock)
      put(1)
      await sendQueue(system, store, key, taking(requests))
      assert.equal(requests, [])
      utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000))
      await sendQueue(system, store, key, taking(requests))
      assert.equal(requests, [[1]])
      assert.not.ok(existsSync(lock))
    })
  })

  test('a lock that somebody else touched is removed all the same: it would keep the next one from sending', async () => {
    await withQueue(async (store, put) => {
      const requests: number[][] = []
      const patient = {...system, env: {...env, OTEL_EXPORTER_OTLP_TIMEOUT: '9000'}}
      const lock = join(store, `traces/${key}.lock`)
      put(1)
      await sendQueue(patient, store, key, async spans => {
        if (requests.length === 0) {
          // As proper-lockfile finds it at its next look, two seconds later: another time than its own.
          utimesSync(lock, new Date(), new Date())
          await new Promise(resolve => setTimeout(resolve, 2500))
        }
        requests.push(spans.map(({pid}) => pid))
        return spans.length
      })
      assert.equal([requests, existsSync(lock)], [[[1]], false])
    })
  })

  test('what is not taken is dropped, and the reason is kept without a secret', async () => {
    const never: Send = () => new Promise(() => undefined)
    const rows: [send: Send, last: string][] = [
      [
        async () => Promise.reject(new Error('http://u:secret@c\u001b[31m')),
        'sent none of 1: http://***@c\\x1b[31m',
      ],
      [async () => Promise.reject(new TypeError('')), 'sent none of 1: TypeError'],
      [never, 'sent none of 1: no answer in 50 ms'],
    ]
    for (const [send, last] of rows) {
      await withQueue(async (store, put) => {
        put(1)
        await sendQueue(system, store, key, send)
        assert.is(readFileSync(join(store, 'traces/last'), 'utf8').slice(25), `${last}\n`)
        assert.equal(readdirSync(queueFolder(store)), [])
      })
    }
  })

  test('switched off meanwhile, it sends nothing', async () => {
    await withQueue(async (store, put) => {
      const requests: number[][] = []
      put(1)
      await sendQueue({...system, env: {...env, OTEL_SDK_DISABLED: 'true'}}, store, key, taking(requests))
      assert.equal(requests, [])
    })
  })
})
