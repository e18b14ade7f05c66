/** A host as metrics see it. */
import type {HostFacts} from '../../src/metrics/facts.ts'
import {buildExamples} from './build-examples.ts'
import {hashNamed} from './hashes.ts'

const hash = hashNamed('go1.26.8', 'one')
const toolchain = {hash, version: 'go1.26.8', platform: 'linux/amd64', proven: 'yes', locked: 'none'} as const

export const hostFacts: HostFacts = {
  atMs: Date.parse('2026-11-27T13:30:00.000Z'),
  guard: 'guarded',
  reason: '',
  fix: '',
  canBuild: false,
  findings: [{code: 'CACHE_FOREIGN', level: 'error', facts: buildExamples.CACHE_FOREIGN}],
  toolchains: [
    {...toolchain, goroot: '/usr/local/go', isCurrent: true},
    {...toolchain, goroot: '/opt/a "b"', isCurrent: false},
  ],
  cacheStatus: 'refused',
  caches: [
    {path: '/c', isCurrent: true, owners: [hash], bytes: 2048, objects: 10},
    {path: '/never', isCurrent: false, owners: [], bytes: 0, objects: 0},
  ],
  binaries: [
    {directory: '/srv', state: 'stamped', count: 1, files: ['/srv/shop']},
    {directory: '/srv', state: 'unstamped', count: 2, files: ['/srv/old', '/srv/tool']},
  ],
}
