/**
 * What OTEL_… of the environment asks for, as far as the SDK leaves it to us: opentelemetry.io/docs/specs/otel/protocol/exporter and
 * …/configuration/sdk-environment-variables. A variable that is empty is one that is not set.
 */
import {withoutSecrets} from '../text/secrets.ts'

export type Settings =
  | {kind: 'off'}
  /** The endpoint is no URL of HTTP: the SDK would take its default in its place, which nobody named. */
  | {kind: 'no-url'; variable: string}
  /** A protocol that is not spoken here: grpc, or one that nobody knows. `host` is that of the endpoint. */
  | {kind: 'unspoken'; variable: string; protocol: string; host: string}
  /** `timeoutMs`: how long one export may take. `place`: where spans go, as it may be shown. */
  | {kind: 'on'; protocol: 'http/protobuf' | 'http/json'; timeoutMs: number; place: string}

export type Environment = Readonly<Record<string, string | undefined>>

export function readSettings(env: Environment): Settings {
  const endpoint = forTraces(env, 'ENDPOINT')
  if (endpoint === undefined || textIn(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true')
    return {kind: 'off'}
  const exporters = textIn(env, 'OTEL_TRACES_EXPORTER') ?? 'otlp'
  if (!exporters.split(',').some(name => name.trim() === 'otlp')) return {kind: 'off'}
  const protocol = forTraces(env, 'PROTOCOL')
  const named = protocol?.value ?? 'http/protobuf'
  if (named !== 'http/protobuf' && named !== 'http/json') {
    // grpc needs no scheme: collector:4317
    const host = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[\w.-]+)/i.exec(endpoint.value)?.[1] ?? 'localhost'
    return {kind: 'unspoken', variable: protocol?.variable ?? '', protocol: named, host}
  }
  const url = URL.canParse(endpoint.value) ? new URL(endpoint.value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return {kind: 'no-url', variable: endpoint.variable}
  const timeout = Number(forTraces(env, 'TIMEOUT')?.value)
  const timeoutMs = timeout > 0 ? Math.min(timeout, mostTimeoutMs) : 10_000
  return {kind: 'on', protocol: named, timeoutMs, place: withoutSecrets(`${url.origin}${url.pathname}`)}
}

/** Whatever the environment says: nobody is left behind in a process list for longer. */
const mostTimeoutMs = 30_000

/** Of OTEL_EXPORTER_OTLP_TRACES_X and OTEL_EXPORTER_OTLP_X the one that counts. */
function forTraces(env: Environment, name: string): {variable: string; value: string} | undefined {
  for (const variable of [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`]) {
    const value = textIn(env, variable)
    if (value !== undefined) return {variable, value}
  }
  return undefined
}

function textIn(env: Environment, variable: string): string | undefined {
  return env[variable]?.trim() || undefined
}
