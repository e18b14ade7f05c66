import * as assert from 'uvu/assert'
import {readSettings, type Settings} from '../../src/traces/settings.ts'
import {suite} from '../support/suite.ts'

const place = 'http://c:4318/'
const on: Settings = {kind: 'on', protocol: 'http/protobuf', timeoutMs: 10_000, place}
const endpoint = {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318'}

const rows: [name: string, env: Record<string, string>, settings: Settings][] = [
  ['nothing', {}, {kind: 'off'}],
  ['an endpoint', endpoint, on],
  ['an empty endpoint', {OTEL_EXPORTER_OTLP_ENDPOINT: ' '}, {kind: 'off'}],
  ['that of traces alone', {OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/x'}, {...on, place: 'http://t/x'}],
  ['both', {...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/x'}, {...on, place: 'http://t/x'}],
  ['an empty one of traces', {...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ''}, on],
  [
    'no place shows a password',
    {OTEL_EXPORTER_OTLP_ENDPOINT: 'https://u:secret@c/?key=secret'},
    {...on, place: 'https://c/'},
  ],
  ['switched off', {...endpoint, OTEL_SDK_DISABLED: ' TRUE'}, {kind: 'off'}],
  ['not switched off', {...endpoint, OTEL_SDK_DISABLED: '1'}, on],
  ['no traces', {...endpoint, OTEL_TRACES_EXPORTER: 'none'}, {kind: 'off'}],
  ['traces to others', {...endpoint, OTEL_TRACES_EXPORTER: 'console,zipkin'}, {kind: 'off'}],
  ['traces to us, too', {...endpoint, OTEL_TRACES_EXPORTER: 'console, otlp'}, on],
  ['JSON', {...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json'}, {...on, protocol: 'http/json'}],
  [
    'the protocol of traces',
    {...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json'},
    {...on, protocol: 'http/json'},
  ],
  [
    'grpc',
    {...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'},
    {kind: 'unspoken', variable: 'OTEL_EXPORTER_OTLP_PROTOCOL', protocol: 'grpc', host: 'c'},
  ],
  [
    'grpc, without a scheme',
    {OTEL_EXPORTER_OTLP_ENDPOINT: 'u:p@collector.example:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'},
    {kind: 'unspoken', variable: 'OTEL_EXPORTER_OTLP_PROTOCOL', protocol: 'grpc', host: 'collector.example'},
  ],
  [
    'grpc, an address',
    {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://[::1]:4317', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc'},
    {kind: 'unspoken', variable: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', protocol: 'grpc', host: '[::1]'},
  ],
  [
    'grpc, nonsense',
    {OTEL_EXPORTER_OTLP_ENDPOINT: '$(x)', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'},
    {kind: 'unspoken', variable: 'OTEL_EXPORTER_OTLP_PROTOCOL', protocol: 'grpc', host: 'localhost'},
  ],
  [
    'no URL',
    {OTEL_EXPORTER_OTLP_ENDPOINT: 'collector'},
    {kind: 'no-url', variable: 'OTEL_EXPORTER_OTLP_ENDPOINT'},
  ],
  [
    'a host and a port',
    {OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector:4318'},
    {kind: 'no-url', variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'},
  ],
  [
    'a file',
    {OTEL_EXPORTER_OTLP_ENDPOINT: 'file:///etc/passwd'},
    {kind: 'no-url', variable: 'OTEL_EXPORTER_OTLP_ENDPOINT'},
  ],
  ['a timeout', {...endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: '300'}, {...on, timeoutMs: 300}],
  [
    'a timeout of an hour',
    {...endpoint, OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '3600000'},
    {...on, timeoutMs: 30_000},
  ],
  ['a timeout that is none', {...endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: '-1'}, on],
]

suite('traces/settings', test => {
  for (const [name, env, settings] of rows) {
    test(name, () => {
      assert.equal(readSettings(env), settings)
    })
  }
})
