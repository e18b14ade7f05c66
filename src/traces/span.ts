/**
 * A finished piece of work as the span that is sent: its name, times, status and attributes. Attributes of OpenTelemetry's own are those of
 * a program of the command line (opentelemetry.io/docs/specs/semconv/cli); gowarden's own begin with `gowarden.`.
 */
import {parseToolchainHash} from '../go/module/toolchain-module.ts'
import type {Event, FoundCount} from '../system/happening.ts'
import {unreachable} from '../system/unreachable.ts'
import type {Finished} from './queue.ts'

export type SpanAttributes = Record<string, string | number | boolean | string[]>

export type Span = {
  name: string
  startMs: number
  endMs: number
  /** Why it failed, in a word: the code of the first error, else `failed`. undefined where it did not. */
  error: string | undefined
  attributes: SpanAttributes
}

/** An event that takes no time is none: it is in gowarden events. */
export function hasSpan(event: Event): boolean {
  return event.kind !== 'bypass' && event.kind !== 'adopt'
}

/** Paths stay here: a repository is called by its last folder, as in the metrics. */
export function spanOf({endedMs, ms, pid, exit, what, pipeline}: Finished): Span {
  const {name, outcome, found, attributes} = 'verb' in what ? failed(what.verb) : described(what)
  const errors = found.filter(({level}) => level === 'error').map(({code}) => code)
  const isError = outcome !== 'ok' || (exit ?? 0) !== 0
  const error = isError ? (errors[0] ?? (outcome === 'ok' ? 'findings' : outcome)) : undefined
  return {
    name: `gowarden ${name}`,
    startMs: endedMs - ms,
    endMs: endedMs,
    error,
    attributes: {
      ...pipeline,
      'process.executable.name': 'gowarden',
      'process.pid': pid,
      ...(exit === undefined ? {} : {'process.exit.code': exit}),
      ...(error === undefined ? {} : {'error.type': error}),
      'gowarden.outcome': outcome,
      ...(found.length === 0 ? {} : {'gowarden.finding.codes': [...new Set(found.map(({code}) => code))]}),
      ...attributes,
    },
  }
}

type Outcome = 'ok' | 'findings' | 'refused' | 'failed'
type Described = {name: string; outcome: Outcome; found: readonly FoundCount[]; attributes: SpanAttributes}

/** A verb that threw before it had anything to tell. */
function failed(verb: string): Described {
  return {name: verb, outcome: 'failed', found: [], attributes: {}}
}

function described(event: Event): Described {
  switch (event.kind) {
    case 'plan':
      return {
        name: 'plan',
        outcome: 'ok',
        found: event.found,
        attributes: {...ofGo(event), 'gowarden.plan.stored': event.isStored},
      }
    case 'refusal':
      return {name: 'plan', outcome: 'refused', found: event.found, attributes: ofGo(event)}
    case 'verify':
      return {
        name: 'verify',
        outcome: outcomeOf(event.found),
        found: event.found,
        attributes: {
          'gowarden.repository': nameOf(event.repository),
          'gowarden.verify.judged': event.judged,
          'gowarden.verify.modules': event.modules,
          'gowarden.verify.files': event.files,
          'gowarden.verify.remembered': event.isRemembered,
        },
      }
    case 'audit':
      return {
        name: 'cache audit',
        outcome: event.wrong > 0 ? 'findings' : 'ok',
        found: [],
        attributes: {
          'gowarden.audit.objects': event.objects,
          'gowarden.audit.bytes': event.bytes,
          'gowarden.audit.wrong': event.wrong,
          'gowarden.audit.partial': event.isPartial,
        },
      }
    case 'doctor':
      return {
        name: 'doctor',
        outcome: event.guard === 'guarded' && event.canBuild ? 'ok' : 'findings',
        found: event.found,
        attributes: {...ofToolchain(event.toolchain), 'gowarden.guard': event.guard},
      }
    case 'lock':
    case 'install':
    case 'rebuild':
      return {
        name: event.kind,
        outcome: event.outcome,
        found: event.found,
        attributes: ofToolchain(event.toolchain),
      }
    case 'bypass':
    case 'adopt':
      return {name: event.kind, outcome: 'ok', found: [], attributes: {}}
    default:
      return unreachable(event)
  }
}

function outcomeOf(found: readonly FoundCount[]): Outcome {
  return found.some(({level}) => level === 'error') ? 'findings' : 'ok'
}

/** Of a go command its subcommand, and no other word. */
function ofGo({
  subcommand,
  repository,
  toolchain,
}: Extract<Event, {kind: 'plan' | 'refusal'}>): SpanAttributes {
  return {
    'gowarden.subcommand': subcommand,
    'gowarden.repository': nameOf(repository),
    ...ofToolchain(toolchain),
  }
}

function ofToolchain(hash: string | undefined): SpanAttributes {
  const parts = hash === undefined ? undefined : parseToolchainHash(hash)
  if (hash === undefined || parts === undefined) return {}
  return {'gowarden.toolchain.hash': hash, 'gowarden.toolchain.version': parts.version}
}

function nameOf(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1).slice(0, 100) || '/'
}
