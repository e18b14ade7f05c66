/**
 * Hands finished spans to a process that sends them, in the background: an exporter that does not answer keeps nobody. What a build waits
 * for is one file written and, where nobody sends yet, one process started. Other commands wait for that process, 200 ms at most: a
 * container often ends with the command, and the process with the container.
 */
import {resolve} from 'node:path'
import type {Folder} from '../store/folder.ts'
import {startDetached} from '../system/node.ts'
import {programWords} from '../system/program-words.ts'
import type {System} from '../system/system.ts'
import {unreachable} from '../system/unreachable.ts'
import {oneLine} from '../text/one-line.ts'
import {pipelineAttributes} from './pipeline.ts'
import {
  type Finished,
  isBeingSent,
  mostWaiting,
  outcomePath,
  queueFolder,
  queueKey,
  queueLine,
  queueName,
  type Told,
  tracesFolder,
} from './queue.ts'
import {readSettings, type Settings} from './settings.ts'
import {hasSpan} from './span.ts'

/** So long a command waits for the process that sends, once its work is done. */
const patienceMs = 200

type Ended = {told: readonly Told[]; startedMs: number; exit: number; words: readonly string[]}

/** Returns what is to be said on stderr. Throws what the file system throws, and where no process can be started. */
export async function handOver(system: System, open: () => Folder, ended: Ended): Promise<string> {
  const spans = finishedSpans(system, ended)
  if (spans.length === 0) return ''
  const settings = readSettings(system.env)
  const isGo = ended.words.length === 0
  switch (settings.kind) {
    case 'off':
      return ''
    case 'no-url':
      return debug(system, `${settings.variable} is no http or https URL: no span is sent`)
    case 'unspoken':
      return isGo ? debug(system, unspokenText(settings)) : sayOnce(system, open(), settings)
    case 'on': {
      const folder = open()
      if (folder.kind === 'unusable')
        return debug(system, `no span is sent: ${folder.path}: ${folder.reason}`)
      const isWaiting = spans.some(({what}) => 'verb' in what || what.kind !== 'plan')
      const isKept = await send(system, folder.path, spans, isWaiting)
      const last = system.files.read(outcomePath(folder.path))?.toString().trim() ?? 'none yet'
      const what = isKept ? `for ${settings.place}` : 'dropped: too many wait'
      return debug(
        system,
        `${spans.length} ${spans.length === 1 ? 'span' : 'spans'} ${what}; last export: ${last}`,
      )
    }
    default:
      return unreachable(settings)
  }
}

function finishedSpans(system: System, {told, startedMs, exit, words}: Ended): Finished[] {
  const nowMs = system.nowMs()
  const common = {
    pid: system.pid,
    traceparent: system.env['TRACEPARENT'],
    tracestate: system.env['TRACESTATE'],
    pipeline: pipelineAttributes(system.env),
  }
  const spanned = told.filter(({event}) => hasSpan(event))
  const verb = tracedVerb(words)
  if (spanned.length === 0 && verb !== undefined && exit !== 0)
    return [{...common, endedMs: nowMs, ms: nowMs - startedMs, exit, what: {verb}}]
  return spanned.map(({event, endedMs}) => ({
    ...common,
    endedMs,
    ms: 'ms' in event ? event.ms : 0,
    // The status of verify --range is that of all its commits together.
    exit: spanned.length === 1 ? exit : undefined,
    what: event,
  }))
}

/** A verb that has a span also where it fails before it has done anything: never a word that only looks like one. */
function tracedVerb([first = '', second = '']: readonly string[]): string | undefined {
  if (first === 'cache') return second === 'audit' ? 'cache audit' : undefined
  return ['verify', 'doctor', 'lock', 'install', 'rebuild'].find(verb => verb === first)
}

/** Returns whether there was room for them. */
async function send(
  system: System,
  store: string,
  spans: readonly Finished[],
  isWaiting: boolean,
): Promise<boolean> {
  const {files} = system
  const folder = queueFolder(store)
  if ((files.list(folder) ?? []).length > mostWaiting) return false
  files.makeDirectory(folder, 0o700)
  const key = queueKey(system.env)
  files.replace(`${folder}/${queueName(key, system)}`, spans.map(queueLine).join(''), 0o600)
  if (isBeingSent(system, store, key)) return true
  const [program = '', ...words] = programWords('send-traces')
  const {ended} = await startDetached(program, [...words, store, key], {
    ...system.env,
    ...absoluteFiles(system),
  })
  if (isWaiting) await untilOrFor(ended, patienceMs)
  return true
}

/** Certificates that are named from here: the process runs in another folder, for this one may be gone soon. */
function absoluteFiles({env, cwd}: System): Record<string, string> {
  const names = ['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'].flatMap(name => [
    `OTEL_EXPORTER_OTLP_${name}`,
    `OTEL_EXPORTER_OTLP_TRACES_${name}`,
  ])
  return Object.fromEntries(names.flatMap(name => (env[name] ? [[name, resolve(cwd, env[name])]] : [])))
}

function untilOrFor(ended: Promise<void>, ms: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    ended.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** To a store that was told the same already: nothing. A go command never says it: its stderr is go's. */
function sayOnce(system: System, folder: Folder, settings: Settings & {kind: 'unspoken'}): string {
  const text = unspokenText(settings)
  if (folder.kind === 'unusable') return debug(system, text)
  const said = `${tracesFolder(folder.path)}/said`
  if (system.files.read(said)?.toString() === text) return ''
  system.files.makeDirectory(tracesFolder(folder.path), 0o700)
  system.files.replace(said, text, 0o600)
  const {host} = settings
  return (
    `gowarden: warning: ${text}\n` +
    `gowarden: hint: export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://${host}:4318/v1/traces\n`
  )
}

function unspokenText({variable, protocol}: Settings & {kind: 'unspoken'}): string {
  return `no span is sent: ${variable}=${oneLine(protocol)}, and gowarden speaks http/protobuf and http/json`
}

/** As bin/go does under GOWARDEN_DEBUG: 1 means stderr, a path a file. */
function debug(system: System, text: string): string {
  const where = system.env['GOWARDEN_DEBUG'] ?? ''
  const line = oneLine(`traces: ${text}`)
  if (where === '' || where === '0') return ''
  if (where === '1') return `gowarden: debug: ${line}\n`
  system.files.append(where, `gowarden[${system.pid}]: ${line}\n`, 0o666)
  return ''
}
