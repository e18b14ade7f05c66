/**
 * An in-toto Statement v1 with a SLSA provenance v1 predicate: which files were made, from what. Types and the one maker, for
 * binaries (provenance.ts) and for gowarden's own archives (scripts/standalone.js).
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, https://slsa.dev/spec/v1.0/provenance
 */
import type {H1} from '../go/module/h1.ts'

export const statementType = 'https://in-toto.io/Statement/v1'
export const provenanceType = 'https://slsa.dev/provenance/v1'
/** What a DSSE envelope says of a statement in it. */
export const payloadType = 'application/vnd.in-toto+json'

/** Digests by algorithm, in lower-case hex: `sha256`, `gitCommit`, and `dirHash1` for Go's h1. */
export type DigestSet = Record<string, string>

export type JsonValue = string | number | boolean | null | JsonValue[] | {[key: string]: JsonValue}
export type JsonObject = {[key: string]: JsonValue}

/** Something that went into a build, as far as it is known: at least one of name, URI and digest. */
export type ResourceDescriptor = {
  name?: string
  uri?: string
  digest?: DigestSet
  annotations?: JsonObject
}

export type Subject = {name: string; digest: DigestSet}

export type Provenance = {
  buildDefinition: {
    buildType: string
    externalParameters: JsonObject
    internalParameters?: JsonObject
    resolvedDependencies: ResourceDescriptor[]
  }
  runDetails: {builder: {id: string; version?: Record<string, string>}}
}

export type Statement = {
  _type: typeof statementType
  subject: Subject[]
  predicateType: typeof provenanceType
  predicate: Provenance
}

/** The statement that `subjects` were made as `buildDefinition` says, by what `builder` names. No time stands in it. */
export function provenanceStatement(
  subject: Subject[],
  buildDefinition: Provenance['buildDefinition'],
  builder: Provenance['runDetails']['builder'],
): Statement {
  return {
    _type: statementType,
    subject,
    predicateType: provenanceType,
    predicate: {buildDefinition, runDetails: {builder}},
  }
}

/**
 * Go's h1 as in-toto writes it: hex in place of base64, under the name `dirHash1`
 * (https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md).
 */
export function dirHash1(h1: H1): {dirHash1: string} {
  return {dirHash1: Buffer.from(h1.slice('h1:'.length), 'base64').toString('hex')}
}
