/** What one `go env -json NAME…` says: the effective values, whichever of environment, go/env file or go.env set them. */

export const goEnvNames = [
  'GOCACHE',
  'GOCACHEPROG',
  'GOENV',
  'GOEXPERIMENT',
  'GOFIPS140',
  'GOFLAGS',
  'GOHOSTARCH',
  'GOHOSTOS',
  'GOMOD',
  'GOMODCACHE',
  'GOROOT',
  'GOTOOLCHAIN',
  'GOTOOLDIR',
  'GOVERSION',
  'GOWORK',
] as const

/** A GOROOT as go says it, or as a record of ours or a person names one; never ''. */
export type Goroot = string & {readonly __GorootBrand__: never}

/** Undefined where none is named: for '' and for what is no text. */
export function parseGoroot(value: unknown): Goroot | undefined {
  return typeof value === 'string' && value !== '' ? (value as Goroot) : undefined
}

export type GoEnv = Record<Exclude<(typeof goEnvNames)[number], 'GOROOT'>, string> & {GOROOT: Goroot}

/** Reads the JSON of `go env -json`; undefined when it is not the object that go prints. A name go did not print is ''. */
export function parseGoEnv(json: string): GoEnv | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const printed: Record<string, unknown> = {...value}
  const entries = goEnvNames.map(
    name => [name, typeof printed[name] === 'string' ? printed[name] : ''] as const,
  )
  const env = Object.fromEntries(entries) as Record<keyof GoEnv, string>
  const GOROOT = parseGoroot(env.GOROOT)
  return GOROOT === undefined || env.GOVERSION === '' ? undefined : {...env, GOROOT}
}

/**
 * The version alone, as in golang.org/toolchain's names: `go1.26.8` of "go1.26.8 X:arenas", of "go1.26.5 (Red Hat …)" and
 * of "devel go1.28-1a2b3c Tue…" the word that begins with go.
 */
export function goVersionName(version: string): string {
  const word = version.split(/[\s]+/).find(part => /^go\d/.test(part)) ?? version.trim().split(/\s/)[0] ?? ''
  return word.replace(/-?X:.*$/, '').replace(/[^0-9A-Za-z._+-]/g, '_')
}
