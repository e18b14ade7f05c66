/**
 * Spans as they arrive: from go through the launcher and from gowarden, at a receiver that decodes them, and at ones that do not answer as they should.
 * With OTELCOL=/path/to/a/collector, at OpenTelemetry's own collector too: one with the receiver otlp and the exporter debug.
 */
import {spawn} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Receiver, sent, withReceiver} from '../support/otlp.ts'
import {type Ended, emptyRepository, machine, type Rig, tiny, writeFiles} from '../support/rig.ts'
import {withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentSpanId = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${parentSpanId}-01`

/** A go command that is planned each time. */
const planned = ['-C', '.', 'list', '.']

type Env = Record<string, string>

/** A rig with a module in it, and a receiver. */
async function withTraces(body: (rig: Rig, receiver: Receiver) => Promise<void>): Promise<void> {
  await withKnownRig(async rig => {
    rig.write({...tiny, ...emptyRepository})
    await withReceiver(async receiver => await body(rig, receiver))
  })
}

suite('traces/hand-over', test => {
  test('a plan and a verb hang under the job, in protobuf and in JSON; a command that follows a stored plan has no span', async () => {
    await withTraces(async (rig, {url, spans, received}) => {
      const env: Env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20secret',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=shadowed',
        OTEL_SERVICE_NAME: 'shop-ci',
        TRACEPARENT: traceparent,
        TRACESTATE: 'vendor=x',
        GITHUB_ACTIONS: 'true',
        GITHUB_RUN_ID: '17',
      }
      const startedMs = Date.now()
      assert.equal(ending(await rig.go(['list', '.'], {env})), [0, 'tiny\n', ''])
      await sent(rig.store)
      assert.equal(ending(await rig.go(['list', '.'], {env})), [0, 'tiny\n', ''])
      const json = {...env, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json'}
      assert.is((await rig.gowarden(['lock', '--check'], {env: json})).code, 1)
      await sent(rig.store)
      const [plan, lock, ...others] = spans()
      if (plan === undefined || lock === undefined) throw new Error('two spans are expected')
      assert.equal(others, [])
      assert.equal(
        [plan.name, plan.status, lock.name, lock.status],
        ['gowarden plan', 'unset', 'gowarden lock', 'error'],
      )
      for (const span of [plan, lock]) {
        assert.equal([span.traceId, span.parentSpanId, span.traceState], [traceId, parentSpanId, 'vendor=x'])
        assert.is(span.resource['service.name'], 'shop-ci')
        assert.is(span.resource['deployment.environment.name'], 'test')
        assert.is(span.attributes['cicd.pipeline.run.id'], '17')
        assert.ok(span.startMs >= startedMs && span.startMs <= span.endMs && span.endMs <= Date.now())
      }
      assert.is(plan.attributes['gowarden.toolchain.version'], machine.version)
      assert.is(plan.attributes['gowarden.subcommand'], 'list')
      assert.is(lock.attributes['process.exit.code'], 1)
      assert.equal(
        received.map(({path, headers}) => [path, headers['content-type'], headers.authorization]),
        [
          ['/v1/traces', 'application/x-protobuf', 'Bearer secret'],
          ['/v1/traces', 'application/json', 'Bearer secret'],
        ],
      )
      assert.not.match(filesBelow(join(rig.store, 'traces')), 'secret')
    })
  })

  test('commands at once lose no span, and a refusal is one', async () => {
    await withTraces(async (rig, {url, spans}) => {
      const env = {OTEL_EXPORTER_OTLP_ENDPOINT: url}
      writeFileSync(join(rig.work, '.gowardenrc.yaml'), 'flags: {deny: [-v]}\n')
      const all = await Promise.all(
        [0, 1, 2, 3, 4].map(index => rig.go(index === 0 ? ['list', '-v', '.'] : planned, {env})),
      )
      assert.equal(
        all.map(({code}) => code),
        [1, 0, 0, 0, 0],
      )
      await sent(rig.store)
      const arrived = spans()
      assert.equal(arrived.map(({status}) => status).sort(), ['error', 'unset', 'unset', 'unset', 'unset'])
      assert.is(arrived.find(({status}) => status === 'error')?.attributes['error.type'], 'FLAG_DENIED')
      assert.is(
        new Set(arrived.map(span => span.traceId)).size,
        5,
        'without TRACEPARENT each is a trace of its own',
      )
    })
  })

  test('an endpoint that fails in any way changes nothing of a command, and what went wrong is said where somebody asks', async () => {
    await withTraces(async (rig, {url, received, spans}) => {
      const closed = `http://127.0.0.1:${await closedPort()}`
      const last = () => readFileSync(join(rig.store, 'traces/last'), 'utf8')
      const [go, gowarden] = [() => planned, () => ['lock', '--check']]
      const untraced = {go: ending(await rig.go(go())), gowarden: ending(await rig.gowarden(gowarden()))}
      const rows: [endpoint: string, outcome: RegExp][] = [
        [closed, /sent none of 1: .*ECONNREFUSED/],
        [`${url}/silent`, /sent none of 1: Request timed out/],
        [`${url}/broken`, /sent none of 1: Internal Server Error/],
        [`${url}/moved`, /sent none of 1: Temporary Redirect/],
        [`${url}/busy`, /sent 1 of 1/],
      ]
      for (const [endpoint, outcome] of rows) {
        const env: Env = {OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: '300'}
        const isOfGo = endpoint !== closed
        const ended = ending(await (isOfGo ? rig.go(go(), {env}) : rig.gowarden(gowarden(), {env})))
        assert.equal(ended, isOfGo ? untraced.go : untraced.gowarden, endpoint)
        await sent(rig.store)
        assert.match(last(), outcome, endpoint)
      }
      const debug = join(rig.folder, 'debug')
      for (const [endpoint, said] of [
        ['http://u:secret@', 'traces: OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL: no span is sent'],
        [url.replace('://', '://u:secret@'), `traces: 1 span for ${url}/; last export: ${last().trim()}`],
      ] as const) {
        const env: Env = {OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, GOWARDEN_DEBUG: debug}
        assert.equal(ending(await rig.go(go(), {env})), untraced.go, endpoint)
        const log = readFileSync(debug, 'utf8')
        assert.ok(log.includes(`]: ${said}\n`), log)
        assert.not.match(log, 'secret')
        await sent(rig.store)
      }
      assert.equal(spans().length, received.length)
      assert.not.ok(
        received.some(({path}) => path.startsWith('/elsewhere')),
        'a redirect is followed',
      )
    })
  })

  test('nobody waits for an exporter that does not answer', async () => {
    await withTraces(async (rig, {url, received, waiting, release, spans}) => {
      const env = {OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/held`, OTEL_EXPORTER_OTLP_TIMEOUT: '30000'}
      assert.is((await rig.gowarden(['lock', '--check'], {env})).code, 1)
      while (received.length === 0) await new Promise(resolve => setTimeout(resolve, 10))
      // Each ends while the first request is still unanswered, and what they did waits for the one process that sends.
      assert.equal(ending(await rig.go(planned, {env})), [0, 'tiny\n', ''])
      assert.is((await rig.gowarden(['lock', '--check'], {env})).code, 1)
      assert.equal([received.length, waiting()], [1, 1])
      release()
      await sent(rig.store)
      assert.equal(
        spans().map(({name}) => name),
        ['gowarden lock', 'gowarden plan', 'gowarden lock'],
      )
    })
  })

  test('grpc is not spoken: gowarden says so once, and go never', async () => {
    await withTraces(async rig => {
      const env = {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'}
      const said =
        /warning: no span is sent: OTEL_EXPORTER_OTLP_PROTOCOL=grpc, and gowarden speaks http\/protobuf and http\/json\ngowarden: hint: export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http\/protobuf OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http:\/\/collector:4318\/v1\/traces\n$/
      assert.is((await rig.go(planned, {env})).stderr, '')
      assert.match((await rig.gowarden(['lock', '--check'], {env})).stderr, said)
      assert.not.match((await rig.gowarden(['lock', '--check'], {env})).stderr, 'grpc')
      assert.is((await rig.go(planned, {env})).stderr, '')
    })
  })

  test('without an endpoint, switched off, or with no place to wait in, there is nothing', async () => {
    await withTraces(async (rig, {url, received}) => {
      const traces = join(rig.store, 'traces')
      for (const env of [
        {OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'},
        {OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true'},
        {OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_EXPORTER: 'none'},
      ] as Env[]) {
        assert.equal(ending(await rig.go(planned, {env})), [0, 'tiny\n', ''])
        assert.not.ok(existsSync(traces), JSON.stringify(env))
      }
      writeFileSync(traces, 'no folder')
      assert.equal(ending(await rig.go(planned, {env: {OTEL_EXPORTER_OTLP_ENDPOINT: url}})), [
        0,
        'tiny\n',
        '',
      ])
      assert.equal(received, [])
    })
  })

  test('what the sampler leaves out is not sent: never, or where the job is not sampled', async () => {
    await withTraces(async (rig, {url, received}) => {
      const env: Env = {OTEL_EXPORTER_OTLP_ENDPOINT: url}
      await rig.go(planned, {env: {...env, OTEL_TRACES_SAMPLER: 'always_off'}})
      await sent(rig.store)
      await rig.go(planned, {env: {...env, TRACEPARENT: traceparent.replace(/01$/, '00')}})
      await sent(rig.store)
      assert.equal(received, [])
      assert.match(readFileSync(join(rig.store, 'traces/last'), 'utf8'), 'sent 0 of 1')
    })
  })

  const collector = process.env['OTELCOL']
  test.unless(
    collector ? undefined : 'OTELCOL names no collector',
    "OpenTelemetry's own collector takes them, under the job's",
    async () => {
      await withKnownRig(async rig => {
        rig.write({...tiny, ...emptyRepository})
        const port = await closedPort()
        writeFiles(rig.folder, {'collector.yaml': collectorConfig(port)})
        const process = spawn(collector ?? '', ['--config', join(rig.folder, 'collector.yaml')])
        let log = ''
        for (const stream of [process.stdout, process.stderr]) stream.on('data', text => (log += text))
        try {
          await untilSaid(() => log, /Everything is ready/)
          for (const protocol of ['http/protobuf', 'http/json']) {
            const env = {
              OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
              OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
              OTEL_SERVICE_NAME: protocol,
              TRACEPARENT: traceparent,
            }
            assert.is((await rig.go(planned, {env})).code, 0)
            await sent(rig.store)
            await untilSaid(
              () => log,
              new RegExp(
                `service.name: Str\\(${protocol}\\)[^]*Trace ID +: ${traceId}\n +Parent ID +: ${parentSpanId}[^]*Name +: gowarden plan`,
              ),
            )
          }
        } finally {
          process.kill()
        }
      })
    },
  )
})

function ending({code, stdout, stderr}: Ended): [number | null, string, string] {
  return [code, stdout, stderr]
}

/** Of all files below a folder their text, in one. */
function filesBelow(folder: string): string {
  return readdirSync(folder, {withFileTypes: true})
    .map(entry => (entry.isFile() ? readFileSync(join(folder, entry.name), 'utf8') : ''))
    .join('\n')
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function untilSaid(log: () => string, text: RegExp): Promise<void> {
  for (let looks = 0; looks < 1000 && !text.test(log()); looks += 1)
    await new Promise(resolve => setTimeout(resolve, 20))
  assert.match(log(), text)
}

function collectorConfig(port: number): string {
  return `receivers:
  otlp:
    protocols:
      http: {endpoint: '127.0.0.1:${port}'}
exporters:
  debug: {verbosity: detailed}
service:
  telemetry:
    metrics: {level: none}
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
`
}
