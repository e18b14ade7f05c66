/**
 * The `build` lines of a binary, decoded: what it was built for, which flags and variables decided that, which commit it comes from,
 * and what speaks against trusting it. What go sets where nobody asks for anything is left out.
 */
import type {BuildSetting} from '../go/binary/build-info.ts'
import {stampsOf, withoutStamp} from '../go/command/gcflags.ts'
import {isLevelVariable} from '../go/command/level-variables.ts'
import type {Inspected} from './inspect.ts'

export type Decoded = {
  /** `linux/amd64`, then what narrows it, `GOAMD64=v1`; empty where nothing is recorded. */
  target: string[]
  /** Words of go build, as they were given; the stamp is left out, for it is shown by itself. */
  flags: BuildSetting[]
  /** Variables that were set: CGO_CFLAGS, GOEXPERIMENT, DefaultGODEBUG. */
  variables: BuildSetting[]
  cgo: 'on' | 'off' | undefined
  /** Undefined where go build found no repository, or was told not to look (-buildvcs=false). */
  vcs: {system: string; revision: string; time: string; isModified: boolean} | undefined
}

/** Sorts the settings; one that is not known here is a flag or a variable like others. */
export function decodeSettings(settings: readonly BuildSetting[]): Decoded {
  const values = new Map(settings.map(({key, value}) => [key, value]))
  const [os, arch] = [values.get('GOOS'), values.get('GOARCH')]
  const rest = settings.filter(({key}) => !['GOOS', 'GOARCH', 'CGO_ENABLED'].includes(key) && !isVcs(key))
  const narrowing = rest.filter(({key, value}) => isLevelVariable(key) && value !== '')
  const others = rest.filter(({key}) => !isLevelVariable(key))
  const cgo = values.get('CGO_ENABLED')
  return {
    target: os && arch ? [`${os}/${arch}`, ...narrowing.map(({key, value}) => `${key}=${value}`)] : [],
    flags: others.filter(({key}) => key.startsWith('-')).flatMap(givenFlag),
    variables: others.filter(({key, value}) => !key.startsWith('-') && value !== ''),
    cgo: cgo === '1' ? 'on' : cgo === '0' ? 'off' : undefined,
    vcs: values.has('vcs')
      ? {
          system: values.get('vcs') ?? '',
          revision: values.get('vcs.revision') ?? '',
          time: values.get('vcs.time') ?? '',
          isModified: values.get('vcs.modified') === 'true',
        }
      : undefined,
  }
}

function isVcs(key: string): boolean {
  return key === 'vcs' || key.startsWith('vcs.')
}

/** A flag that somebody gave: go records -compiler and -buildmode always. */
function givenFlag({key, value}: BuildSetting): BuildSetting[] {
  if ((key === '-compiler' && value === 'gc') || (key === '-buildmode' && value === 'exe')) return []
  if (key !== '-gcflags' || stampsOf(value).length === 0) return [{key, value}]
  const left = withoutStamp(value)
  return left === '' || /^[^-][^=]*=$/.test(left) ? [] : [{key, value: left}]
}

/**
 * What -trimpath keeps out of the build info (load.Package.setBuildInfo, golang/go#52372): undefined for a binary without it. With
 * CGO_ENABLED=0 there are no flags of cgo to hide.
 */
export function hiddenByTrimpath({settings}: Pick<Inspected, 'settings'>): string | undefined {
  if (!settings.some(({key, value}) => key === '-trimpath' && value === 'true')) return undefined
  const cgo = settings.some(({key, value}) => key === 'CGO_ENABLED' && value === '1')
  return cgo ? '-ldflags, CGO_CFLAGS, other flags of cgo' : '-ldflags'
}

/** What a person should know before trusting or shipping the binary, a sentence each. */
export function remarksOn({goVersion, main, deps, settings}: Inspected): string[] {
  const {vcs} = decodeSettings(settings)
  const value = (key: string) => settings.find(setting => setting.key === key)?.value ?? ''
  const folders = deps.filter(({replace}) => replace !== undefined && isFolder(replace.path))
  const unsummed = deps.filter(({sum, replace}) => (replace === undefined ? sum : replace.sum) === undefined)
  const instrumented = ['-race', '-msan', '-asan', '-cover'].filter(key => value(key) === 'true')
  return [
    ...(/^go\d+\.\d+(rc\d+|beta\d+|\.\d+)?([ -]X:\S+)?$/.test(goVersion)
      ? []
      : ['its Go version is none that go.dev released']),
    ...(vcs?.isModified ? ['files of its work tree were not committed (vcs.modified)'] : []),
    ...(vcs === undefined && main?.version === '(devel)'
      ? ['neither a module version nor a commit (vcs.revision) is recorded']
      : []),
    ...(folders.length === 0
      ? []
      : [`${counted(folders.length)} replaced by a folder, and nothing says what was in it`]),
    ...(unsummed.length > folders.length
      ? [`${counted(unsummed.length - folders.length)} without a hash, as with -mod=vendor`]
      : []),
    ...(instrumented.length === 0 ? [] : [`built for tests: ${instrumented.join(' ')}`]),
    ...(/(^|[\s='"])-N([\s'"]|$)/.test(value('-gcflags')) ? ['built for a debugger: -gcflags=-N'] : []),
  ]
}

function counted(modules: number): string {
  return modules === 1 ? '1 module' : `${modules} modules`
}

/** A replacement that is no module: cmd/go wants ./, ../ or an absolute path. */
export function isFolder(path: string): boolean {
  return /^\.{1,2}(\/|\\|$)|^[/\\]|^[A-Za-z]:[/\\]/.test(path)
}
