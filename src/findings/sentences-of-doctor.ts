/** The sentences of `gowarden doctor`. */
import {dirname} from 'node:path'
import {unreachable} from '../system/unreachable.ts'
import {shellWord} from '../text/shell-word.ts'
import {environment, goDefault, type Sourced} from './facts-of-doctor.ts'
import type {DoctorFound, Found} from './finding.ts'
import {isDoctorCode} from './levels.ts'
import type {Sentence} from './sentence.ts'

export function isDoctorFinding(finding: Found): finding is DoctorFound {
  return isDoctorCode(finding.code)
}

/** The wording of one finding of doctor. */
export function describeDoctor(finding: DoctorFound): Sentence {
  switch (finding.code) {
    case 'ABI_MISMATCH':
      return describeAbi(finding.facts)
    case 'CACHE_DIFFERS': {
      const {cache, packages, importing} = finding.facts
      const one = packages.length === 1
      const more = importing === 0 ? '' : `, and ${importing} more that import ${one ? 'it' : 'them'}`
      return {
        headline: `the build cache ${cache} has another object than this toolchain makes for ${one ? '1 package' : `${packages.length} packages`}${more}`,
        details: listed(
          packages.map(
            ({path, made, cause}): Detail => [path, `${made === '' ? '' : `made ${made}: `}${cause}`],
          ),
        ),
        hints: [
          'remove the objects: go clean -cache',
          'or look at every one of them first: gowarden cache audit',
        ],
      }
    }
    case 'CACHE_OTHER_USER': {
      const {name, value, owner, asRoot} = finding.facts
      return {
        headline: asRoot
          ? `${name} ${value} belongs to user ${owner}, and go runs as root: what it writes there, user ${owner} cannot replace`
          : `${name} ${value} belongs to user ${owner}, who can change what go finds there`,
        details: [setBy(finding.facts)],
        hints: [`use a folder of your own: export ${name}="$HOME/.cache/own-${name.toLowerCase()}"`],
      }
    }
    case 'CACHE_UNUSABLE': {
      const {name, value, reason, owner, source} = finding.facts
      const isFolder = value.startsWith('/')
      // go puts both below HOME where nobody says otherwise.
      const isHomeless = value === '' || (value === 'off' && source === goDefault)
      return {
        headline: isHomeless
          ? `go has no folder for ${name}: neither it nor HOME is set`
          : `go cannot write into ${name} ${value}: ${reason}`,
        details: [
          setBy(finding.facts),
          ...(owner === undefined ? [] : [['belongs to', `user ${owner}`] as Detail]),
        ],
        hints: [
          ...(isFolder ? [`take ownership: sudo chown -R "$(id -u)" ${shellWord(value)}`] : []),
          `${isFolder ? 'or use' : 'use'} another folder: export ${name}="${isHomeless ? '/tmp' : '$HOME/.cache'}/own-${name.toLowerCase()}"`,
        ],
      }
    }
    case 'CC_UNUSABLE': {
      const {value, found, target, source} = finding.facts
      const isDefault = source === goDefault
      return {
        headline:
          found === undefined
            ? `there is no C compiler ${value} on PATH, but packages here need it (cgo)`
            : `the C compiler ${value} is for ${found}, but go builds for ${target}`,
        details: [setBy(finding.facts)],
        hints: [
          found === undefined
            ? isDefault
              ? 'install a C compiler, gcc or clang'
              : `use the default: ${unset(finding.facts)}`
            : `name a C compiler for ${target} in CC`,
          'or build without cgo, if the packages allow it: export CGO_ENABLED=0',
        ],
      }
    }
    case 'CGO_OFF': {
      const {why, source, packages} = finding.facts
      const files = packages.length === 1 ? 'files of 1 package' : `files of ${packages.length} packages`
      return {
        headline: `cgo is off, so go leaves out ${files}: ${why}`,
        details: [
          ...(source === goDefault ? [] : [['set by', source] as Detail]),
          ...listed(packages.map(({path, files}): Detail => [path, files.join(' ')])),
        ],
        hints: [
          source === goDefault
            ? 'install a C compiler for this target and name it: export CGO_ENABLED=1 CC=gcc'
            : unset({name: 'CGO_ENABLED', source}),
        ],
      }
    }
    case 'CLOCK_BEHIND': {
      const {now, path, written, behind} = finding.facts
      return {
        headline: `the clock of this machine is behind by ${behind} or more: ${path} was written later than now`,
        details: [
          ['now', now],
          ['written', written],
        ],
        hints: ['set the clock, and look again: date -u'],
      }
    }
    case 'DISK_FULL': {
      const {directory, use, free} = finding.facts
      return {
        headline: `the disk of ${use} is full: ${free} left in ${directory}`,
        details: [],
        hints: [`free some space, or use a folder on another disk: export ${use}=/path/to/folder`],
      }
    }
    case 'GO_REFUSES': {
      const {go, said, variable} = finding.facts
      return {
        headline: `go refuses every command here: ${withoutPrefix(said)}`,
        details: [
          ['go', go],
          ...(variable === undefined
            ? []
            : [['because', `${variable.name}=${variable.value}`] as Detail, setBy(variable)]),
        ],
        hints: variable === undefined ? ['see everything it says: GOWARDEN=off go env'] : [unset(variable)],
      }
    }
    case 'GO_TOO_OLD':
      return describeTooOld(finding.facts)
    case 'GOFLAGS_BROKEN': {
      const {said, quoted, value, source} = finding.facts
      const set = source === environment ? 'export' : 'go env -w'
      return {
        headline: `go cannot read GOFLAGS: ${withoutPrefix(said)}`,
        details: [['GOFLAGS', value], setBy(finding.facts)],
        hints: [
          ...(quoted === undefined
            ? []
            : [`a quote goes around the whole flag: ${set} GOFLAGS=${shellWord(quoted)}`]),
          quoted === undefined ? unset(finding.facts) : `or without it: ${unset(finding.facts)}`,
        ],
      }
    }
    case 'GOROOT_INCOMPLETE': {
      const {value, missing, source} = finding.facts
      if (value === '')
        return {
          headline: 'go names no GOROOT, so it has no compiler',
          details: [],
          hints: ['install Go again, and put its bin first on PATH: https://go.dev/dl'],
        }
      return {
        headline: `GOROOT ${value} is incomplete: ${missing.length === 1 ? '1 part is' : `${missing.length} parts are`} missing or unusable`,
        details: [
          ...(source === goDefault ? [] : [setBy(finding.facts)]),
          ...listed(missing.map((path): Detail => ['missing', path])),
        ],
        hints: [
          source === goDefault
            ? 'remove this GOROOT and install Go again, into an empty folder: https://go.dev/dl'
            : `let go find its own: ${unset(finding.facts)}`,
        ],
      }
    }
    case 'GOROOT_MIXED': {
      const {goroot, version, tools} = finding.facts
      return {
        headline: `GOROOT ${goroot} holds tools that do not belong to ${version}`,
        details: tools.map(({tool, version}): Detail => [tool, version]),
        hints: ['remove this GOROOT and install Go again, into an empty folder: https://go.dev/dl'],
      }
    }
    case 'GOROOT_STOMPED': {
      const {goroot, version, count, compiled, files, how} = finding.facts
      const of = count === 1 ? '1 file that is' : `${count} files that are`
      const here = compiled === 0 ? '' : `; go compiles ${compiled} of them here`
      return {
        headline: `GOROOT ${goroot} holds ${of} not of ${version}, as where it was unpacked over another release${here}`,
        details: [
          ['known by', how],
          ...listed(
            files.map((path): Detail => ['file', path]),
            count,
          ),
        ],
        hints: ['remove this GOROOT and install Go again, into an empty folder: https://go.dev/dl'],
      }
    }
    case 'INDEX_KEEPS_ERROR': {
      const {file, said, isModule} = finding.facts
      return {
        headline: `go remembers that it could not open ${file}, which can be read now`,
        details: [['go', said]],
        hints: isModule
          ? ['make go look again: go clean -cache', 'or for one command: GODEBUG=goindex=0 go build']
          : [`make go look again: touch ${shellWord(file)}`, 'or forget all such errors: go clean -cache'],
      }
    }
    case 'LAUNCHER_STALE': {
      const {launcher, engine} = finding.facts
      return {
        headline: `the launcher ${launcher} and gowarden in ${engine} are different versions`,
        details: [],
        hints: [`install the new one: gowarden enable ${shellWord(dirname(launcher))}`],
      }
    }
    case 'MODULES_OFF': {
      const {goMod} = finding.facts
      return {
        headline: `GO111MODULE=off: go does not read ${goMod}, and looks for packages in GOPATH`,
        details: [setBy(finding.facts)],
        hints: [unset(finding.facts)],
      }
    }
    case 'TARGET_OTHER': {
      const {target, host, settings, why, missing} = finding.facts
      const said = {
        platform: `go builds for ${target} here, and this machine is ${host}: it cannot run what it builds`,
        processor: `go builds for ${target} here, and this processor has no ${missing.join(', ')}: what it builds ends at once`,
        level: `GOAMD64=${settings[0]?.value ?? ''} is not v1, v2, v3 or v4: go compiles for v1, or refuses`,
      }
      return {
        headline: said[why],
        details: settings.map(({name, value, source}): Detail => [name, `${value}  (${source})`]),
        hints: settings.map(unset),
      }
    }
    case 'TEMP_UNUSABLE': {
      const {name, value, why} = finding.facts
      const said = {
        missing: `the temporary folder ${value} (${name}) does not exist`,
        unwritable: `the temporary folder ${value} (${name}) is not writable`,
        noexec: `the temporary folder ${value} (${name}) is on a file system that runs no programs (noexec): go run and go test cannot start what they build`,
      }
      return {
        headline: said[why],
        details: [setBy(finding.facts)],
        hints: [
          ...(why === 'missing' ? [`create it: mkdir -p ${shellWord(value)}`] : []),
          'or use another folder: mkdir -p "$HOME/.cache/go-tmp" && export GOTMPDIR="$HOME/.cache/go-tmp"',
        ],
      }
    }
    case 'TOOL_OLDER': {
      const {tool, path, version, asked, place, by} = finding.facts
      return {
        headline: `${tool} was built by ${version}, but this module requires go ${asked}: ${tool} cannot read newer code`,
        details: [
          ['program', path],
          ['required by', place],
        ],
        hints: [`rebuild it: GOTOOLCHAIN=${by}+auto go install ${packages[tool] ?? tool}@latest`],
      }
    }
    case 'TOOL_ON_DEMAND': {
      const {why, goroot, version, tools, outer} = finding.facts
      const names = tools.join(', ')
      if (why === 'source')
        return {
          headline: `${version} cannot run ${names}: not in GOTOOLDIR, and no source in ${goroot}/src/cmd to build from`,
          details: [],
          hints: [
            'install a whole Go: https://go.dev/dl; some distributions have its source in a package of its own',
            ...(tools.includes('covdata')
              ? ['without covdata: go test -cover, only for packages with tests']
              : []),
          ],
        }
      return {
        headline: `go test -cover ends with no such tool "covdata" where a package has no tests: ${version} asks the go on PATH, ${outer?.version ?? ''}, which cannot build it`,
        details: [['go on PATH', outer?.go ?? '']],
        hints: [
          `name the toolchain for that command: GOTOOLCHAIN=${version}+auto go test -cover`,
          'or install a newer Go: https://go.dev/dl',
        ],
      }
    }
    case 'VCS_REFUSED': {
      const {repository, said, allow} = finding.facts
      return {
        headline: `go cannot write the revision into programs: Git refuses ${repository}`,
        details: [['git', said]],
        hints: [
          ...(allow === undefined
            ? []
            : [`trust that folder: git config --global --add safe.directory ${allow}`]),
          'or leave the revision out: go build -buildvcs=false',
        ],
      }
    }
    case 'WORKSPACE_OTHER': {
      const {goWork, goMod, source} = finding.facts
      return {
        headline: `the workspace ${goWork} does not use the module of ${goMod}, so go does not build it`,
        details: [['GOWORK', source]],
        hints: [
          `add it: go work use ${shellWord(dirname(goMod))}`,
          'or ignore the workspace: export GOWORK=off',
        ],
      }
    }
    default:
      return unreachable(finding)
  }
}

type Detail = [label: string, value: string]

/** Where each tool is built from. */
const packages: Record<string, string> = {
  dlv: 'github.com/go-delve/delve/cmd/dlv',
  gopls: 'golang.org/x/tools/gopls',
  'golangci-lint': 'github.com/golangci/golangci-lint/v2/cmd/golangci-lint',
  staticcheck: 'honnef.co/go/tools/cmd/staticcheck',
}

function describeTooOld({
  version,
  asked,
  place,
  why,
  toolchain,
  said,
}: Found<'GO_TOO_OLD'>['facts']): Sentence {
  const line: Detail = ['required by', place]
  const setting: Detail = ['GOTOOLCHAIN', `${toolchain.value}  (${toolchain.source})`]
  const install = 'install a newer Go: https://go.dev/dl'
  switch (why) {
    case 'forbidden':
      return {
        headline: `this is ${version}, but the module requires go ${asked}; GOTOOLCHAIN=${toolchain.value} forbids a switch to it`,
        details: [line, setting],
        hints: ['let go download it: export GOTOOLCHAIN=auto', install],
      }
    case 'unavailable':
      return {
        headline: `the module requires go ${asked}, which go cannot get: ${withoutPrefix(said ?? '')}`,
        details: [line, setting],
        hints: [install],
      }
    case 'unreadable':
      return {
        headline: `${version} is too old to read the line ${asked} of this module`,
        details: [line],
        hints: [
          'install Go 1.21 or newer, which downloads the version that a module requires: https://go.dev/dl',
        ],
      }
    case 'newer':
      return {
        headline: `this is ${version}, and the module is written for go ${asked}`,
        details: [line],
        hints: [install],
      }
    default:
      return unreachable(why)
  }
}

function describeAbi({
  goroot,
  version,
  headers,
  missing,
  renumbered,
  expected,
  by,
}: Found<'ABI_MISMATCH'>['facts']): Sentence {
  const counts = [
    ...(headers.length === 0
      ? []
      : [`${counted(headers.length, 'object')} of another kind than the linker takes`]),
    ...(missing.length === 0 ? [] : [`${counted(missing.length, 'symbol')} that the runtime does not have`]),
    ...(renumbered.length === 0
      ? []
      : [`${counted(renumbered.length, 'symbol')} that the linker knows by another number`]),
  ]
  return {
    headline: `the compiler of ${version} in ${goroot} does not go with its runtime or linker: ${counts.join(', ')}`,
    details: [
      ...(headers.length === 0 ? [] : [['linker takes', expected] as Detail]),
      ...listed(headers.map(({by, header}): Detail => [by, header])),
      ...listed(
        missing.map(
          ({name, otherAbi}): Detail => ['missing', otherAbi ? `${name} (only for another ABI)` : name],
        ),
      ),
      ...listed(
        renumbered.map(
          ({number, compiler, linker}): Detail => [
            `number ${number}`,
            `${compiler}, to the linker ${linker || 'nothing'}`,
          ],
        ),
      ),
      ...(by === 'sources'
        ? [['known by', 'names in GOROOT/src, for the runtime does not compile'] as Detail]
        : []),
    ],
    hints: ['remove this GOROOT and install Go again, into an empty folder: https://go.dev/dl'],
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** At most eight, and how many there are besides. */
function listed(details: Detail[], count = details.length): Detail[] {
  const more = count - 8
  return more <= 0 ? details : [...details.slice(0, 8), ['…', `and ${more} more`]]
}

function setBy({source}: Pick<Sourced, 'source'>): Detail {
  return ['set by', source]
}

/**
 * The command that takes a setting back. `go env -u` itself stops at some values that no other go command likes: it is given a
 * good one.
 */
function unset({name, source}: Pick<Sourced, 'name' | 'source'>): string {
  if (source === environment) return `unset ${name}`
  if (source.includes('/go.env:')) return `remove the line from ${source}`
  const good = {GOEXPERIMENT: 'none', GOTOOLCHAIN: 'local'}[name]
  return `${good === undefined ? '' : `${name}=${good} `}go env -u ${name}`
}

/** What go says without the name it begins with. */
function withoutPrefix(said: string): string {
  return said.replace(/^go: /, '')
}
