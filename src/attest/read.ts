/**
 * Reads attestations in the forms they travel in, signatures unread: a statement alone, a DSSE envelope, a Sigstore bundle, one JSON
 * text or one a line.
 */
import {isObject, parseJson} from '../system/json.ts'
import {payloadType, statementType} from './in-toto.ts'

/** A statement as somebody wrote it: nothing but its form is believed. `form` is what it came in. */
export type ReadStatement = {
  form: 'statement' | 'envelope' | 'bundle'
  subjects: {name: string; sha256: string | undefined}[]
  predicateType: string
  predicate: unknown
}

/** The statements of a text, in order; or why it holds none. */
export type ReadAttestations =
  | {kind: 'read'; statements: ReadStatement[]}
  | {kind: 'malformed'; reason: string}

export function readAttestations(text: string): ReadAttestations {
  const whole = parseJson(text)
  const values = whole === undefined ? text.split('\n').filter(isText).map(parseJson) : [whole]
  const statements: ReadStatement[] = []
  for (const [index, value] of values.entries()) {
    const statement = value === undefined ? 'it is no JSON' : readValue(value)
    if (typeof statement !== 'string') statements.push(statement)
    else {
      const line = whole === undefined && values.length > 1 ? `line ${index + 1}: ` : ''
      return {kind: 'malformed', reason: `${line}${statement}`}
    }
  }
  return statements.length === 0 ? {kind: 'malformed', reason: 'it is empty'} : {kind: 'read', statements}
}

/**
 *   {"_type": "https://in-toto.io/Statement/v1", "subject": […], …}
 *   {"payloadType": "application/vnd.in-toto+json", "payload": "BASE64", "signatures": […]}
 *   {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": {…}, "verificationMaterial": {…}}
 */
function readValue(value: unknown): ReadStatement | string {
  if (!isObject(value)) return 'it is no JSON object'
  if (isObject(value['dsseEnvelope'])) return readEnvelope(value['dsseEnvelope'], 'bundle')
  if ('messageSignature' in value)
    return 'a Sigstore bundle that signs the file itself, and holds no statement about it'
  if ('payload' in value) return readEnvelope(value, 'envelope')
  return readStatement(value, 'statement')
}

function readEnvelope(
  envelope: Record<string, unknown>,
  form: ReadStatement['form'],
): ReadStatement | string {
  const {payload, payloadType: type} = envelope
  if (type !== payloadType)
    return `an envelope of another payload: ${typeof type === 'string' ? type : 'its type is no text'}`
  if (typeof payload !== 'string') return 'an envelope without a payload'
  const statement = parseJson(Buffer.from(payload, 'base64').toString())
  return isObject(statement)
    ? readStatement(statement, form)
    : 'the payload of the envelope is no JSON object'
}

function readStatement(value: Record<string, unknown>, form: ReadStatement['form']): ReadStatement | string {
  const {_type: type, subject, predicateType, predicate} = value
  // v0.1 differs in nothing that is read here, and cosign has written it for years.
  if (type !== statementType && type !== 'https://in-toto.io/Statement/v0.1')
    return 'it is no in-toto statement, no envelope and no Sigstore bundle'
  if (!Array.isArray(subject) || typeof predicateType !== 'string')
    return 'a statement without subjects or predicateType'
  const subjects: ReadStatement['subjects'] = []
  for (const each of subject as unknown[]) {
    if (!isObject(each) || !isObject(each['digest'])) return 'a subject of it has no digest'
    const {sha256} = each['digest']
    subjects.push({
      name: typeof each['name'] === 'string' ? each['name'] : '',
      sha256: typeof sha256 === 'string' ? sha256.toLowerCase() : undefined,
    })
  }
  return {form, subjects, predicateType, predicate}
}

function isText(line: string): boolean {
  return line.trim() !== ''
}
