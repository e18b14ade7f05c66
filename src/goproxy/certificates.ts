/** Which certificate authorities go trusts (crypto/x509 root_unix.go, root_linux.go), and what is wrong with a certificate. */
import {hasCode} from '../system/errors.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'

/** Bundles; the first that is there counts. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** Folders of certificates; all count. */
const folders = ['/etc/ssl/certs', '/etc/pki/tls/certs']

/**
 * The certificates that are trusted, each as PEM and once: of the bundle (SSL_CERT_FILE) and of the folders (SSL_CERT_DIR, with colons
 * between), as go reads both, else `ofRuntime`, which the runtime brings; and those of NODE_EXTRA_CA_CERTS.
 */
export function authorities(
  {env, files}: Pick<System, 'env' | 'files'>,
  ofRuntime: readonly string[],
): string[] {
  const bundle = (env['SSL_CERT_FILE'] ? [env['SSL_CERT_FILE']] : bundles)
    .map(path => readText(files, path))
    .find(text => text !== undefined)
  const inFolders = (env['SSL_CERT_DIR'] ? env['SSL_CERT_DIR'].split(':') : folders).flatMap(folder =>
    (orNothing(() => files.list(folder)) ?? []).map(({name}) => readText(files, `${folder}/${name}`)),
  )
  const found = new Set([bundle, ...inFolders].flatMap(pemsOf))
  const extra = pemsOf(readText(files, env['NODE_EXTRA_CA_CERTS'] ?? ''))
  return [...new Set([...(found.size === 0 ? ofRuntime : found), ...extra])]
}

/** Of a file alone: a pipe would be waited for. */
function readText(files: System['files'], path: string): string | undefined {
  if (path === '' || orNothing(() => files.stat(path))?.kind !== 'file') return undefined
  return orNothing(() => files.read(path))?.toString('latin1')
}

function pemsOf(text: string | undefined): string[] {
  return text?.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
}

/** Why a certificate is not accepted, as a sentence that goes on after the address; undefined for every other error. */
export function certificateProblem(error: unknown, host: string): string | undefined {
  if (hasCode(error, 'ERR_TLS_CERT_ALTNAME_INVALID'))
    return `its certificate is not for ${host}, but for ${namesIn(error) || 'another host'}`
  for (const [code, words] of Object.entries(problems)) if (hasCode(error, code)) return words
  return undefined
}

/** `DNS:a.example, IP Address:10.0.0.1` as a person writes it. */
function namesIn(error: unknown): string {
  const cert = error instanceof Error && 'cert' in error ? error.cert : undefined
  if (typeof cert !== 'object' || cert === null || !('subjectaltname' in cert)) return ''
  return String(cert.subjectaltname).replace(/(^|, )(DNS|IP Address):/g, '$1')
}

const clock = 'or the clock of this machine is wrong'
const unknown =
  'its certificate comes from an authority that is not trusted here; SSL_CERT_FILE=FILE names another one'

/** By the codes of OpenSSL. */
const problems = {
  CERT_HAS_EXPIRED: `its certificate has expired, ${clock}`,
  CERT_NOT_YET_VALID: `its certificate is not valid yet, ${clock}`,
  CERT_UNTRUSTED: unknown,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknown,
  SELF_SIGNED_CERT_IN_CHAIN: unknown,
  UNABLE_TO_GET_ISSUER_CERT: unknown,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknown,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknown,
}
