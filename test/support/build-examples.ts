/** One finding of each code of a go command: the compiler asks for the missing ones. */
import type {BuildFactsByCode} from '../../src/findings/facts-of-builds.ts'

export const self = {hash: 'go1.26.8.linux-amd64@h1:me', goroot: '/go'}
export const owner = {hash: 'go1.26.8.linux-amd64@h1:twin', goroot: '/twin'}

export const buildExamples: BuildFactsByCode = {
  CACHE_FOREIGN: {cache: '/c', owners: [owner], self, mayShare: true},
  CACHE_UNMARKED_FOREIGN: {cache: '/c', versions: [{version: 'go1.25.3', objects: 1}], self, mayShare: true},
  CACHE_IN_DOUBT: {
    cache: '/c',
    ...self,
    objects: 3,
    since: '2026-11-27T10:03:07Z',
    until: '2026-11-27T10:05:00Z',
  },
  CACHE_OWNER_CORRUPT: {file: '/c/00/gowarden-owner.json', reason: 'it is not JSON'},
  CACHE_OWNER_UNWRITABLE: {file: '/c/00/gowarden-owner.json', reason: 'permission denied'},
  CACHE_PASSED: {cache: '/c', from: owner, self},
  CACHEPROG_PROFILE: {program: 'cacher', profile: '/w/default.pgo'},
  CACHEPROG_UNSTAMPED: {program: 'cacher'},
  GOROOT_MISMATCH: {
    go: '/go/bin/go',
    goVersion: 'go1.26.8',
    goroot: '/old',
    gorootVersion: 'go1.24.4',
    setBy: 'environment',
  },
  GOROOT_NO_TOOLCHAIN: {goroot: '/usr', missing: ['src/runtime', 'pkg/tool'], place: 'the environment'},
  GOROOT_SHARED: {goroot: '/home/u/go', variable: 'GOPATH', path: '/home/u/go'},
  STAMP_UNSUPPORTED: self,
  STAMP_SWITCH_UNKNOWN: {target: 'a.b/c@latest', hash: self.hash},
  STAMP_COMPILER: {compiler: 'gccgo'},
  STAMP_OVERLAY: {file: '/m/overlay.json', replaced: 2, reason: undefined},
  STAMP_FIPS: {value: 'v1.0.0', reason: 'nothing checks it'},
  STAMP_TOOLEXEC: {command: 'garble toolexec', reason: undefined},
  STORE_UNUSABLE: {directory: '/s', reason: 'read-only file system'},
  ENV_DENIED: {
    name: 'GOSUMDB',
    variable: 'GOSUMDB=off',
    source: '/home/u/.config/go/env:2',
    rule: '/r/.gowardenrc.yaml:3',
  },
  FLAG_DENIED: {flag: '-mod=mod', source: 'the command line', rule: '/r/.gowardenrc.yaml:3'},
  GOROOT_CHANGED: {
    goroot: '/home/u/.local/share/gowarden/go/go1.26.8-ZOmGe1OnfRED',
    hash: 'go1.26.8.linux-amd64@h1:a=',
    installed: 'go1.26.8.linux-amd64@h1:b=',
  },
  LOCK_DAMAGED: {file: '/r/gowarden.lock', line: 3, reason: 'a conflict marker (<<<<<<<)'},
  LOCK_MISMATCH: {
    lock: '/r/gowarden.lock',
    locked: 'go1.26.8.linux-amd64@h1:b=',
    ...self,
    chosen: 'the go command /go/bin/go',
    fix: 'gowarden install && export GOWARDEN_GO=installed',
  },
  LOCK_PLATFORM: {
    lock: '/r/gowarden.lock',
    version: 'go1.26.8',
    platform: 'linux/arm64',
    platforms: 'linux/amd64,linux/arm64',
  },
  TOOLCHAIN_VERSION: {
    version: 'go1.26.8',
    goroot: '/go',
    chosen: 'the go command /go/bin/go',
    asked: 'go1.25.3 (/r/go.mod:3)',
    rule: '/r/.gowardenrc.yaml:3',
  },
  TOOLCHAIN_NOT_UPSTREAM: {
    ...self,
    published: 'h1:b=',
    chosen: 'the go command /go/bin/go',
    rule: '/r/p.yaml:3',
  },
  TOOLCHAIN_PROOF_FORGED: {
    ...self,
    file: '/m/cache/download/sumdb/sum.golang.org/lookup/golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64',
    reason: "the signature is not sum.golang.org's",
    chosen: 'the go command /go/bin/go',
    rule: '/r/p.yaml:3',
  },
  TOOLCHAIN_UNPROVEN: {
    ...self,
    reason: 'no network',
    chosen: 'the go command /go/bin/go',
    rule: '/r/p.yaml:3',
  },
}
