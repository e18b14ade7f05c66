/** Go's variables of the network as the go command reads them, also where no go is installed. */
import type {Goroot} from '../go/command/go-env.ts'
import {publicKey} from '../go/module/checksum-database.ts'
import type {System} from '../system/system.ts'
import {goEnvFile, goEnvSetting} from '../toolchain/go-env-origin.ts'

/** `place` says for a person what set the value: 'the environment', `FILE:LINE`, 'the default'. */
export type GoSetting = {value: string; place: string}

/** A variable of go: of the environment, of `go env -w`, of go.env in the GOROOT of the go on PATH (undefined for none), else go's default. */
export function goSetting(
  system: System,
  goroot: Goroot | undefined,
  name: 'GOPROXY' | 'GOSUMDB',
): GoSetting {
  const set = goEnvSetting(system, {GOENV: goEnvFile(system), GOROOT: goroot}, name)
  return set === undefined
    ? {value: defaults[name], place: 'the default'}
    : {value: set.value, place: set.place}
}

const defaults = {GOPROXY: 'https://proxy.golang.org,direct', GOSUMDB: 'sum.golang.org'}

/** GOMODCACHE as go has it; '' where neither GOMODCACHE, GOPATH nor HOME says. */
export function moduleCache(system: System): string {
  const own = setting(system, 'GOMODCACHE')
  if (own !== '') return own
  const gopath = firstGopath(system)
  return gopath === '' ? '' : `${gopath}/pkg/mod`
}

/** Where go keeps the latest tree head that it saw of a database (cmd/go/internal/modfetch dbClient.ReadConfig); '' where nothing says. */
export function goLatestTree(system: System, database: string): string {
  const gopath = firstGopath(system)
  return gopath === '' ? '' : `${gopath}/pkg/sumdb/${database}/latest`
}

function firstGopath(system: System): string {
  const [first = ''] = setting(system, 'GOPATH').split(':')
  return first || (system.env['HOME'] ? `${system.env['HOME']}/go` : '')
}

function setting(system: System, name: string): string {
  return goEnvSetting(system, {GOENV: goEnvFile(system), GOROOT: undefined}, name)?.value ?? ''
}

/** A checksum database: its name, its key, and where it is reached; `url` undefined for: through a proxy, else by its name. */
export type Database = {name: string; key: string; url: string | undefined}

/** GOSUMDB as go understands it (cmd/go/internal/modfetch dbDial): `NAME`, `NAME+HASH+KEY`, each with a URL behind it. */
export function parseGosumdb(text: string): Database | {kind: 'broken'; reason: string} {
  const broken = (reason: string) => ({kind: 'broken' as const, reason})
  const words =
    text.trim() === 'sum.golang.google.cn'
      ? ['sum.golang.org', 'https://sum.golang.google.cn']
      : text.trim().split(/\s+/)
  const [first = '', url] = words
  if (first === 'off') return broken('it is off, and without a checksum database nothing proves a toolchain')
  if (words.length > 2) return broken('too many words')
  if (url !== undefined && !/^(https?|file):\/\//.test(url)) return broken(`${url} is no URL`)
  const key = first === 'sum.golang.org' || first === 'sum.golang.google.cn' ? publicKey : first
  const [, name] =
    key.match(
      /^([A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:\/[A-Za-z0-9._-]+)*)\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$/,
    ) ?? []
  return name === undefined
    ? broken(`${first} is no key of a checksum database`)
    : {name, key, url: url?.replace(/\/+$/, '')}
}

/** This machine as toolchains are named for it: GOHOSTOS and GOHOSTARCH of a go that is downloaded for it. */
export function hostPlatform({platform, architecture}: Pick<System, 'platform' | 'architecture'>): {
  os: string
  arch: string
} {
  const names: Record<string, string> = {x64: 'amd64', ia32: '386', ppc64: 'ppc64le', mipsel: 'mipsle'}
  return {os: platform === 'sunos' ? 'illumos' : platform, arch: names[architecture] ?? architecture}
}
