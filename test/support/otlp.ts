/**
 * A receiver of OpenTelemetry's protocol (OTLP over HTTP) that takes spans, and answers in ways that a collector should not. Protobuf is
 * decoded by the numbers that github.com/open-telemetry/opentelemetry-proto gives to the fields; test/traces/hand-over.test.ts can be run on
 * a real collector, too.
 */
import {existsSync, readdirSync} from 'node:fs'
import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import protobuf from 'protobufjs'

export type Received = {path: string; headers: IncomingHttpHeaders; body: Buffer}

/** A span as it arrived, with the attributes of its resource. IDs are hex, times milliseconds. */
export type ArrivedSpan = {
  name: string
  traceId: string
  parentSpanId: string
  traceState: string
  startMs: number
  endMs: number
  status: string
  attributes: Record<string, unknown>
  resource: Record<string, unknown>
}

export type Receiver = {
  /** `http://127.0.0.1:PORT` */
  url: string
  received: Received[]
  /** How many requests below /silent and /held have no answer yet, with a sender that waits. */
  waiting(): number
  /** Answers what is below /held from now on, and what waits there. */
  release(): void
  spans(): ArrivedSpan[]
}

/**
 * Runs `body` with a receiver. Below /silent it never answers, below /held once it may; below /broken it answers 500, below /moved it sends on to /elsewhere; below
 * /busy 503 once, with the wish to be asked again at once. Everything else it takes.
 */
export async function withReceiver<T>(body: (receiver: Receiver) => Promise<T>): Promise<T> {
  const received: Received[] = []
  const silent = new Set<ServerResponse>()
  let isBusy = true
  let isHeld = true
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const path = request.url ?? ''
      received.push({path, headers: request.headers, body: Buffer.concat(parts)})
      if (path.startsWith('/silent') || (isHeld && path.startsWith('/held'))) {
        silent.add(response)
        response.on('close', () => silent.delete(response))
        return
      }
      if (path.startsWith('/broken')) response.statusCode = 500
      if (path.startsWith('/moved')) response.writeHead(307, {location: '/elsewhere'})
      if (path.startsWith('/busy') && isBusy) {
        isBusy = false
        response.writeHead(503, {'retry-after': '0'})
      }
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    return await body({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      received,
      waiting: () => silent.size,
      release: () => {
        isHeld = false
        for (const response of silent) response.end()
      },
      spans: () => received.flatMap(spansIn),
    })
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

/** Once nothing waits to be sent any more, and nobody is sending: whoever was started is at its end. */
export async function sent(store: string): Promise<void> {
  // Not recursively: a lock is a folder, which may go while it is looked into. The queue first: who takes from it has the lock by then.
  const folders = [join(store, 'traces/queue'), join(store, 'traces')]
  let names: string[] = []
  for (let looks = 0; looks < 3000; looks += 1) {
    names = folders.flatMap(folder => (existsSync(folder) ? readdirSync(folder) : []))
    if (!names.some(name => /\.(jsonl|lock)$/.test(name))) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error(`spans wait for half a minute: ${names.join(' ')}`)
}

function spansIn({headers, body}: Received): ArrivedSpan[] {
  const isJson = headers['content-type'] === 'application/json'
  const {resourceSpans = []} = isJson ? (JSON.parse(body.toString()) as TracesData) : decoded(body)
  return resourceSpans.flatMap(({resource, scopeSpans = []}) =>
    scopeSpans.flatMap(({spans = []}) =>
      spans.map(span => ({
        name: span.name,
        traceId: span.traceId,
        parentSpanId: span.parentSpanId ?? '',
        traceState: span.traceState ?? '',
        startMs: Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
        endMs: Number(BigInt(span.endTimeUnixNano) / 1_000_000n),
        status: ['unset', 'ok', 'error'][span.status?.code ?? 0] ?? 'unknown',
        attributes: attributesOf(span.attributes),
        resource: attributesOf(resource?.attributes),
      })),
    ),
  )
}

type Value = {
  stringValue?: string
  intValue?: number | string
  boolValue?: boolean
  arrayValue?: {values?: Value[]}
}
type Attribute = {key: string; value?: Value}
type TracesData = {
  resourceSpans?: {
    resource?: {attributes?: Attribute[]}
    scopeSpans?: {
      spans?: {
        name: string
        traceId: string
        parentSpanId?: string
        traceState?: string
        startTimeUnixNano: string
        endTimeUnixNano: string
        status?: {code?: number}
        attributes?: Attribute[]
      }[]
    }[]
  }[]
}

/** As the JSON of the protocol has it: there IDs are hex. */
function decoded(body: Buffer): TracesData {
  const type = messages.lookupType('TracesData')
  const plain = type.toObject(type.decode(body), {longs: String, bytes: String})
  return JSON.parse(JSON.stringify(plain), (key, value) =>
    /^(traceId|parentSpanId)$/.test(key) ? Buffer.from(value, 'base64').toString('hex') : value,
  )
}

/** The messages of trace/v1, resource/v1 and common/v1 as far as they are looked at: each field by its number there. */
const messages = protobuf.Root.fromJSON({
  nested: {
    TracesData: message({resourceSpans: [1, 'ResourceSpans', 'repeated']}),
    ResourceSpans: message({resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans', 'repeated']}),
    Resource: message({attributes: [1, 'KeyValue', 'repeated']}),
    ScopeSpans: message({spans: [2, 'Span', 'repeated']}),
    Span: message({
      traceId: [1, 'bytes'],
      traceState: [3, 'string'],
      parentSpanId: [4, 'bytes'],
      name: [5, 'string'],
      startTimeUnixNano: [7, 'fixed64'],
      endTimeUnixNano: [8, 'fixed64'],
      attributes: [9, 'KeyValue', 'repeated'],
      status: [15, 'Status'],
    }),
    Status: message({message: [2, 'string'], code: [3, 'int32']}),
    KeyValue: message({key: [1, 'string'], value: [2, 'AnyValue']}),
    AnyValue: message({
      stringValue: [1, 'string'],
      boolValue: [2, 'bool'],
      intValue: [3, 'int64'],
      arrayValue: [5, 'ArrayValue'],
    }),
    ArrayValue: message({values: [1, 'AnyValue', 'repeated']}),
  },
})

type Field = [id: number, type: string, rule?: 'repeated']

function message(fields: Record<string, Field>): protobuf.IType {
  const described = Object.entries(fields).map(([name, [id, type, rule]]) => [
    name,
    {id, type, ...(rule === undefined ? {} : {rule})},
  ])
  return {fields: Object.fromEntries(described)}
}

function attributesOf(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({key, value}) => [key, plainOf(value)]))
}

function plainOf(value: Value | undefined): unknown {
  if (value?.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plainOf)
  if (value?.intValue !== undefined) return Number(value.intValue)
  return value?.stringValue ?? value?.boolValue
}
