import type {DoctorFactsByCode} from '../../src/findings/facts-of-doctor.ts'

const source = 'the environment'

/** One finding of each code of doctor. */
export const doctorExamples: DoctorFactsByCode = {
  CACHE_UNUSABLE: {name: 'GOCACHE', value: '/c', source, reason: '/c may not be written', owner: 0},
  CC_UNUSABLE: {name: 'CC', value: 'zig', source, target: 'linux/amd64', found: undefined},
  CGO_OFF: {why: 'CGO_ENABLED=0', source, packages: [{path: 'a.b/c', files: ['c.go']}]},
  DISK_FULL: {directory: '/tmp', use: 'TMPDIR', free: '12 KiB', isFull: true},
  GO_REFUSES: {
    go: '/go/bin/go',
    said: 'go: unknown GOEXPERIMENT foo',
    variable: {name: 'GOEXPERIMENT', value: 'foo', source: '/home/u/.config/go/env:1'},
  },
  GO_TOO_OLD: {
    version: 'go1.26.8',
    asked: '1.99',
    place: '/r/go.mod:3',
    why: 'forbidden',
    toolchain: {name: 'GOTOOLCHAIN', value: 'local', source: '/go/go.env:11'},
    said: undefined,
  },
  GOFLAGS_BROKEN: {
    name: 'GOFLAGS',
    value: '-ldflags="-s -w"',
    source,
    said: 'go: parsing $GOFLAGS: unknown flag -w"',
    quoted: '"-ldflags=-s -w"',
  },
  GOROOT_INCOMPLETE: {name: 'GOROOT', value: '/x', source, missing: ['pkg/tool/linux_amd64/compile']},
  GOROOT_MIXED: {goroot: '/x', version: 'go1.26.8', tools: [{tool: 'compile', version: 'go1.24.4'}]},
  LAUNCHER_STALE: {launcher: '/home/u/.local/share/gowarden/bin/go', engine: '/src/gowarden'},
  MODULES_OFF: {name: 'GO111MODULE', value: 'off', source, goMod: '/r/go.mod'},
  TARGET_OTHER: {
    target: 'linux/arm64',
    host: 'linux/amd64',
    settings: [{name: 'GOARCH', value: 'arm64', source}],
    why: 'platform',
    missing: [],
  },
  TEMP_UNUSABLE: {name: 'TMPDIR', value: '/x', source, why: 'missing'},
  TOOL_OLDER: {
    tool: 'dlv',
    path: '/bin/dlv',
    version: 'go1.21.13',
    asked: '1.24',
    place: '/r/go.mod:3',
    by: 'go1.26.8',
  },
  VCS_REFUSED: {repository: '/r', said: 'fatal: detected dubious ownership', allow: '/r'},
  WORKSPACE_OTHER: {goWork: '/r/go.work', goMod: '/r/a/go.mod', source: 'from the working directory upwards'},
}
