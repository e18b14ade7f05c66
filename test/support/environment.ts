/** The environment that tests start with: what is named here, and nothing else of the machine's or the person's. */
import {execFileSync} from 'node:child_process'
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

type Environment = Record<string, string | undefined>

/** Programs, and where modules and toolchains come from: the machine's business. */
const kept = [
  'PATH',
  'TMPDIR',
  'GOPROXY',
  'GOSUMDB',
  'GONOSUMDB',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'GIT_SSL_CAINFO',
]

/** What a person asks of the tests. */
export const switches = [
  'BROWSER',
  'ARCHIVES',
  'COSIGN',
  'DAMAGES',
  'ENGINE',
  'ENGINES',
  'KILLS',
  'MODULES',
  'OTELCOL',
  'OTHERS',
  'REBUILDS',
  'TOOLCHAINS',
  'UPDATE',
]

/**
 * `home` becomes an empty home, in which go counts nothing. The module cache is the machine's, or with MODULES=empty one
 * below `home`, as on a machine that never built anything.
 */
export function testEnvironment(machine: Environment, home: string): Environment {
  // Some cases run as another user, who reads modules too.
  chmodSync(home, 0o755)
  mkdirSync(join(home, '.config/go/telemetry'), {recursive: true})
  // go's counters would still be written while a folder is removed.
  writeFileSync(join(home, '.config/go/telemetry/mode'), 'off')
  return {
    ...Object.fromEntries(
      [...kept, ...switches].flatMap(name => (machine[name] === undefined ? [] : [[name, machine[name]]])),
    ),
    HOME: home,
    LANG: 'C.UTF-8',
    GOMODCACHE: machine['MODULES'] === 'empty' ? join(home, 'modules') : moduleCacheOf(machine),
    // Whatever the machine's go.env says: a test that means another toolchain, or flags, says so.
    GOTOOLCHAIN: 'local',
    GOFLAGS: '',
    FORCE_COLOR: '0',
  }
}

function moduleCacheOf(machine: Environment): string {
  const env = {...machine, GOWARDEN: 'off', GOTOOLCHAIN: 'local', GOFLAGS: ''}
  return execFileSync('go', ['env', 'GOMODCACHE'], {env}).toString().trim()
}

/** Of an environment what says where modules come from. */
export function networkEnv(env: Environment): Environment {
  return Object.fromEntries(
    kept.filter(name => name !== 'PATH' && env[name] !== undefined).map(name => [name, env[name]]),
  )
}
