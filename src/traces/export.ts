/** Spans by OpenTelemetry's own SDK: sampled, and sent as OTEL_… of the environment says. */
import {
  type Attributes,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
} from '@opentelemetry/api'
import {ExportResultCode, W3CTraceContextPropagator} from '@opentelemetry/core'
import {OTLPTraceExporter as JsonExporter} from '@opentelemetry/exporter-trace-otlp-http'
import {OTLPTraceExporter as ProtobufExporter} from '@opentelemetry/exporter-trace-otlp-proto'
import {defaultResource, detectResources, envDetector, resourceFromAttributes} from '@opentelemetry/resources'
import {BasicTracerProvider, type ReadableSpan} from '@opentelemetry/sdk-trace-base'
import type {Finished} from './queue.ts'
import type {Settings} from './settings.ts'
import {spanOf} from './span.ts'

/** Who reports, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES says otherwise. */
type Reporter = {version: string; host: string}

/**
 * Sends them in one request, as long as it takes: the SDK tries again where that may help. Returns how many were sampled and sent. Throws
 * why they were not. The SDK reads its variables itself, in the environment of this process.
 */
export async function exportSpans(
  finished: readonly Finished[],
  {protocol}: Settings & {kind: 'on'},
  {version, host}: Reporter,
): Promise<number> {
  const ended: ReadableSpan[] = []
  const keep = {
    onStart: () => undefined,
    onEnd: (span: ReadableSpan) => {
      ended.push(span)
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  }
  const resource = defaultResource()
    .merge(
      resourceFromAttributes({'service.name': 'gowarden', 'service.version': version, 'host.name': host}),
    )
    .merge(detectResources({detectors: [envDetector]}))
  const tracer = new BasicTracerProvider({resource, spanProcessors: [keep]}).getTracer('gowarden', version)
  const propagator = new W3CTraceContextPropagator()
  for (const one of finished) {
    const {name, startMs, endMs, error, attributes} = spanOf(one)
    const {traceparent, tracestate} = one
    const parent = propagator.extract(ROOT_CONTEXT, {traceparent, tracestate}, defaultTextMapGetter)
    const options = {kind: SpanKind.INTERNAL, startTime: startMs, attributes: attributes satisfies Attributes}
    const span = tracer.startSpan(name, options, parent)
    if (error !== undefined) span.setStatus({code: SpanStatusCode.ERROR, message: error})
    span.end(endMs)
  }
  if (ended.length === 0) return 0
  const exporter = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter()
  const result = await new Promise<{code: ExportResultCode; error?: Error}>(resolve =>
    exporter.export(ended, resolve),
  )
  if (result.code !== ExportResultCode.SUCCESS) throw result.error ?? new Error('the exporter says no reason')
  return ended.length
}
