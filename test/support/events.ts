/** An event of each kind. */
import type {Event} from '../../src/system/happening.ts'
import {hashNamed} from './hashes.ts'

const toolchain = hashNamed('go1.26.8', 'one')
const found = [{code: 'CACHE_FOREIGN', level: 'error' as const, count: 1}]
const ofGo = {subcommand: 'build', toolchain, goroot: '/opt/go', repository: '/home/u/shop', ms: 85}

export const oneOfEach: readonly Event[] = [
  {kind: 'plan', ...ofGo, isStored: true, found: []},
  {kind: 'refusal', ...ofGo, exit: 1, found},
  {
    kind: 'bypass',
    what: 'GOWARDEN=off',
    command: ['go', 'build'],
    directory: '/home/u/shop',
    reason: 'the proxy\nis down',
    policy: '/home/u/shop/.gowardenrc.yaml:1',
  },
  {
    kind: 'verify',
    judged: 'staged',
    repository: '/home/u/shop',
    modules: 1,
    files: 14,
    isRemembered: false,
    found: [{code: 'VENDOR_EDITED', level: 'error', count: 3}],
    ms: 1234,
  },
  {kind: 'audit', cache: '/c', objects: 10, bytes: 2048, wrong: 0, isPartial: false, ms: 700},
  {kind: 'doctor', guard: 'guarded', canBuild: true, toolchain, found: [], ms: 900},
  {kind: 'adopt', cache: '/c', toolchain},
  {kind: 'lock', outcome: 'ok', toolchain, found: [], ms: 20},
  {kind: 'install', outcome: 'failed', toolchain: undefined, found, ms: 3000},
  {kind: 'rebuild', outcome: 'findings', toolchain, found, ms: 40_000},
]
