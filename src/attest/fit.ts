/** Whether a statement fits a binary, point by point. Says nothing of who signed it: that is for cosign and its like. */
import {isObject} from '../system/json.ts'
import {provenanceType, type Statement} from './in-toto.ts'
import {type Attested, buildType, provenanceOf, unobserved} from './provenance.ts'
import type {ReadStatement} from './read.ts'

/** `said` is what the statement says, `found` what the binary says; undefined where one says nothing. */
export type Point = {name: string; verdict: 'fits' | 'differs'; said?: string; found?: string}

/**
 * What is compared of one statement. `isCompared`: whether its predicate was, of which the digests alone are understood where it is
 * of another kind than ours. `checks` is what its writer says to have checked, of which a binary shows nothing.
 */
export type Fit = {
  form: ReadStatement['form']
  predicateType: string
  isCompared: boolean
  points: Point[]
  checks?: string[]
}

/** The fit of a binary to a statement. The digest decides; the other points show what an edited statement says otherwise. */
export function fitOf(statement: ReadStatement, attested: Attested): Fit {
  const {form, predicateType, subjects} = statement
  const sums = subjects.flatMap(({sha256}) => (sha256 === undefined ? [] : [sha256]))
  const points: Point[] = [
    sums.includes(attested.sha256)
      ? {name: 'sha256', verdict: 'fits', said: attested.sha256, found: attested.sha256}
      : point('sha256', describeSums(sums), attested.sha256),
  ]
  const definition = buildDefinition(statement)
  const isCompared = definition?.['buildType'] === buildType
  if (definition !== undefined)
    points.push(...(isCompared ? ourPoints(definition, attested) : revisionPoint(definition, attested)))
  if (isCompared) points.push(point('builder', builderOf(statement), unobserved))
  const checks = isCompared ? checksOf(definition) : []
  return {form, predicateType, isCompared, points, ...(checks.length === 0 ? {} : {checks})}
}

/** Nobody watched what we make statements about, so a builder who is trusted was written in by somebody else. */
function builderOf({predicate}: ReadStatement): string | undefined {
  const details = isObject(predicate) ? predicate['runDetails'] : undefined
  const builder = isObject(details) ? details['builder'] : undefined
  return isObject(builder) ? textOf(builder['id']) : undefined
}

/** What the writer says to have checked. */
function checksOf(definition: Record<string, unknown>): string[] {
  const {internalParameters} = definition
  const said = isObject(internalParameters) ? internalParameters['checkedHere'] : undefined
  return Array.isArray(said) ? said.map(each => textOf(each) ?? '') : []
}

function describeSums([first, ...others]: string[]): string | undefined {
  return others.length === 0 ? first : `${others.length + 1} files, none of this digest`
}

/** The part of a SLSA provenance that says what was built from what; undefined in a statement of another kind. */
function buildDefinition({predicateType, predicate}: ReadStatement): Record<string, unknown> | undefined {
  if (predicateType !== provenanceType || !isObject(predicate)) return undefined
  const {buildDefinition: definition} = predicate
  return isObject(definition) ? definition : undefined
}

/** Every parameter and every dependency of one of our statements, against what this gowarden would write of the binary. */
function ourPoints(definition: Record<string, unknown>, attested: Attested): Point[] {
  const check = {kind: 'not-checked', reason: ''} as const
  const ours = provenanceOf(attested, check, '').predicate.buildDefinition
  const said = isObject(definition['externalParameters']) ? definition['externalParameters'] : {}
  const found: Record<string, unknown> = ours.externalParameters
  const names = ['package', 'module', 'goVersion']
  return [
    ...names
      .filter(name => name in said || name in found)
      .map(name => point(name, textOf(said[name]), textOf(found[name]))),
    ...pointsBetween(
      'setting ',
      mapOf(isObject(said['settings']) ? Object.entries(said['settings']) : []),
      mapOf(isObject(found['settings']) ? Object.entries(found['settings']) : []),
    ),
    ...pointsBetween('', dependencies(definition), dependencies(ours)),
  ]
}

/** Of a statement by another tool: a Git revision of its dependencies, where the binary names one too. */
function revisionPoint(definition: Record<string, unknown>, {buildInfo}: Attested): Point[] {
  const revision = buildInfo.settings.find(({key}) => key === 'vcs.revision')?.value
  const said = descriptors(definition).flatMap(({digest}) =>
    isObject(digest) && typeof digest['gitCommit'] === 'string' ? [digest['gitCommit']] : [],
  )
  if (revision === undefined || said.length === 0) return []
  return [point('source revision', said.find(each => each === revision) ?? said.join(' '), revision)]
}

/** Name to digest, without the lock, of which a binary says nothing: `source` to its commit, `toolchain` and modules to their h1 in hex. */
function dependencies(definition: Record<string, unknown> | Statement['predicate']['buildDefinition']) {
  return mapOf(
    descriptors(definition)
      .filter(({name}) => name !== 'gowarden.lock')
      .map(({name, digest, annotations}) => {
        const sums = isObject(digest)
          ? Object.entries(digest).map(([key, value]) => `${key}:${textOf(value)}`)
          : []
        const modified = isObject(annotations) && annotations['modified'] === 'true' ? ' and changes' : ''
        return [typeof name === 'string' ? name : '', (sums.join(' ') || 'no digest') + modified]
      }),
  )
}

function descriptors(definition: object): Record<string, unknown>[] {
  const listed: unknown = Reflect.get(definition, 'resolvedDependencies')
  return Array.isArray(listed) ? listed.filter(isObject) : []
}

/** What is said twice under one name is said together, so that neither hides the other. */
function mapOf(entries: readonly (readonly [string, unknown])[]): Map<string, string> {
  const map = new Map<string, string>()
  for (const [key, value] of entries) {
    const earlier = map.get(key)
    const text = textOf(value) ?? ''
    map.set(key, earlier === undefined ? text : `${earlier} and ${text}`)
  }
  return map
}

function pointsBetween(prefix: string, said: Map<string, string>, found: Map<string, string>): Point[] {
  const names = new Set([...said.keys(), ...found.keys()])
  return [...names].map(name => point(prefix + name, said.get(name), found.get(name)))
}

function point(name: string, said: string | undefined, found: string | undefined): Point {
  return {
    name,
    verdict: said === found ? 'fits' : 'differs',
    ...(said === undefined ? {} : {said}),
    ...(found === undefined ? {} : {found}),
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  try {
    return JSON.stringify(value)
  } catch {
    // Parsing takes any depth, and printing does not.
    return 'a value that is nested too deeply'
  }
}
