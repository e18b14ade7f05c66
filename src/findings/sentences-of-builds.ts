/** The sentences of what guards a go command. describe.ts hands its findings here. */

import {unreachable} from '../system/unreachable.ts'
import {shellWord} from '../text/shell-word.ts'
import {type BuildFactsByCode, commandLine, type ToolchainName} from './facts-of-builds.ts'
import type {BuildFound} from './finding.ts'
import type {Sentence} from './sentence.ts'

export function describeBuild(finding: BuildFound): Sentence {
  switch (finding.code) {
    case 'CACHE_FOREIGN': {
      const {cache, owners, self, mayShare} = finding.facts
      const isOfOtherVersions = owners.every(({hash}) => shortHash(hash) !== shortHash(self.hash))
      return {
        headline: `GOCACHE ${cache} was populated by another ${isOfOtherVersions ? 'Go version' : 'GOROOT'}`,
        details: [
          ...owners.map(owner => toolchainLine('owner', owner)),
          toolchainLine('this', self),
          ...(isOfOtherVersions ? [] : [mixture(self)]),
        ],
        hints: mayShare && isOfOtherVersions ? [shareHint, ...cacheHints.map(orElse)] : cacheHints,
      }
    }
    case 'CACHE_UNMARKED_FOREIGN': {
      const {cache, versions, self, mayShare} = finding.facts
      return {
        headline: `GOCACHE ${cache} was populated by another GOROOT, before gowarden kept a record`,
        details: [
          ...versions.map(({version, objects}): [string, string] => [
            'found',
            `${objects} ${objects === 1 ? 'object' : 'objects'} of ${version}`,
          ]),
          toolchainLine('this', self),
        ],
        hints: mayShare ? [shareHint, ...cacheHints.map(orElse)] : cacheHints,
      }
    }
    case 'CACHE_IN_DOUBT': {
      const {cache, hash, goroot, objects, since, until} = finding.facts
      return {
        headline: `the tools of GOROOT ${goroot} were replaced during a build; ${objects} ${objects === 1 ? 'object' : 'objects'} of GOCACHE ${cache} may come from the others`,
        details: [
          ['stamped', hash],
          ['since', since],
          ['until', until],
        ],
        hints: ['clear the whole cache: go clean -cache', 'or keep the objects: gowarden cache adopt'],
      }
    }
    case 'CACHE_OWNER_CORRUPT':
      return {
        headline: `cannot read ${finding.facts.file}, so it is not known which toolchain populated this GOCACHE`,
        details: [['reason', finding.facts.reason]],
        hints: cacheHints,
      }
    case 'CACHE_OWNER_UNWRITABLE':
      return {
        headline: `cannot record the owner of this GOCACHE in ${finding.facts.file}: ${finding.facts.reason}`,
        details: [['means', 'every command reads through the cache again']],
        hints: ['make the cache writable, or use another one: export GOCACHE=/path/to/folder'],
      }
    case 'CACHE_PASSED':
      return {
        headline: `GOROOT ${finding.facts.self.goroot} changed in place; GOCACHE ${finding.facts.cache} now belongs to the new toolchain`,
        details: [
          ['before', finding.facts.from.hash],
          ['now', finding.facts.self.hash],
        ],
        hints: [],
      }
    case 'CACHEPROG_PROFILE':
      return {
        headline: `GOCACHEPROG=${finding.facts.program} may serve what another toolchain of this version made of ${finding.facts.profile}`,
        details: [
          [
            'means',
            'go prepares the profile before it compiles, and caches the result by Go version alone; the stamp does not keep these apart',
          ],
        ],
        hints: ['build without the profile, or without the program: GOCACHEPROG= go build'],
      }
    case 'CACHEPROG_UNSTAMPED':
      return {
        headline: `GOCACHEPROG=${finding.facts.program} may serve objects of another GOROOT, and without a stamp nothing keeps them apart`,
        details: [],
        hints: ['keep the stamp on, or build without the program: GOCACHEPROG= go build'],
      }
    case 'ENV_DENIED': {
      const {name, variable, source, rule} = finding.facts
      return {
        headline: `policy denies ${variable}`,
        details: [
          ['set by', source],
          ['denied by', rule],
        ],
        hints: [unsetHint(name, source)],
      }
    }
    case 'FLAG_DENIED': {
      const {flag, source, rule} = finding.facts
      return {
        headline: `policy denies the flag ${flag}`,
        details: [
          ['given by', source],
          ['denied by', rule],
        ],
        hints: [
          source === commandLine
            ? 'remove the flag'
            : unsetHint('GOFLAGS', source.replace(/^GOFLAGS in /, '')),
        ],
      }
    }
    case 'GOROOT_MISMATCH': {
      const {go, goVersion, goroot, gorootVersion, setBy} = finding.facts
      return {
        headline: `the go command and its GOROOT come from different toolchains`,
        details: [
          ['go', `${goVersion}  ${go}`],
          ['GOROOT', `${gorootVersion}  ${goroot}${gorootSetBy(setBy)}`],
        ],
        hints: [mismatchHint(goroot, setBy)],
      }
    }
    case 'GOROOT_NO_TOOLCHAIN': {
      const {goroot, missing, place} = finding.facts
      return {
        headline: `GOROOT ${goroot} holds no Go toolchain, so nothing is guarded here: no ${missing.join(', no ')}`,
        details: place === undefined ? [] : [['set by', place]],
        hints: [
          place === undefined
            ? 'put the bin folder of a complete toolchain first on PATH: https://go.dev/dl'
            : `let go find its own: ${unsetHint('GOROOT', place)}`,
        ],
      }
    }
    case 'GOROOT_SHARED': {
      const {goroot, variable, path} = finding.facts
      return {
        headline:
          path === goroot
            ? `${variable} and GOROOT are the same folder, ${goroot}; what ${variable} holds there does not count as toolchain`
            : `${variable} ${path} lies in GOROOT ${goroot}; what it holds does not count as toolchain`,
        details: [],
        hints: [
          `use another folder (nothing has to be removed): export ${variable}="$HOME/${ownFolders[variable]}"`,
        ],
      }
    }
    case 'STAMP_UNSUPPORTED':
      return {
        headline: `the compiler of ${finding.facts.goroot} has no flag that can carry a stamp; binaries do not carry ToolchainHash`,
        details: [['this', finding.facts.hash]],
        hints: ['refuse such toolchains with stamp: required in .gowardenrc.yaml'],
      }
    case 'STAMP_SWITCH_UNKNOWN':
      return {
        headline: `${finding.facts.target} may be built by a toolchain other than ${shortHash(finding.facts.hash)}; the binary does not carry ToolchainHash`,
        details: [],
        hints: ['name a version, as in pkg@v1.2.3, or the toolchain: export GOTOOLCHAIN=local'],
      }
    case 'STAMP_COMPILER':
      return {
        headline: `-compiler=${finding.facts.compiler} is not Go's own compiler; binaries do not carry ToolchainHash`,
        details: [],
        hints: [],
      }
    case 'STAMP_FIPS':
      return {
        headline: `GOFIPS140=${finding.facts.value} selects another crypto/internal/fips140 than GOROOT's; binaries do not carry ToolchainHash`,
        details: [['reason', finding.facts.reason]],
        hints: ['build with the module that GOROOT holds: GOFIPS140=latest go build'],
      }
    case 'STAMP_TOOLEXEC': {
      const {command, reason} = finding.facts
      return {
        headline: `-toolexec=${command} runs instead of Go's compiler; ${
          reason === undefined
            ? 'the stamp names it beside the toolchain'
            : 'binaries do not carry ToolchainHash'
        }`,
        details: reason === undefined ? [] : [['reason', reason]],
        hints: reason === undefined ? [] : ['name the program by its full path'],
      }
    }
    case 'STAMP_OVERLAY': {
      const {file, replaced, reason} = finding.facts
      const files = `${replaced} ${replaced === 1 ? 'file' : 'files'} of GOROOT`
      return {
        headline:
          reason !== undefined
            ? `-overlay=${file} cannot be judged; binaries do not carry ToolchainHash`
            : replaced === 0
              ? `-overlay=${file} replaces files, and binaries do not say so`
              : `-overlay=${file} replaces ${files}; the stamp names it beside the toolchain`,
        details: reason === undefined ? [] : [['reason', reason]],
        hints: [],
      }
    }
    case 'STORE_UNUSABLE': {
      const {directory, reason} = finding.facts
      return {
        headline: `${directory === '' ? 'no cache folder' : `cannot use the cache folder ${directory}`}: ${reason}`,
        details: [
          [
            'means',
            'the build is still guarded, but every command reads the whole toolchain again, which takes a second',
          ],
        ],
        hints: ['use a folder that only you can write to: export XDG_CACHE_HOME=/path/to/folder'],
      }
    }
    case 'GOROOT_CHANGED': {
      const {goroot, hash, installed} = finding.facts
      return {
        headline: `GOROOT ${goroot} is not what gowarden installed there`,
        details: [
          ['installed', installed],
          ['found', hash],
        ],
        hints: ['see what differs, and put it right: gowarden install --repair'],
      }
    }
    case 'LOCK_DAMAGED': {
      const {file, line, reason} = finding.facts
      return {
        headline: `${file}${line === undefined ? '' : `:${line}`}: ${reason}`,
        details: [['means', 'nobody can say which toolchain may build here']],
        hints: [`see what changed it: git log -p ${shellWord(file)}`],
      }
    }
    case 'LOCK_MISMATCH': {
      const {lock, locked, hash, goroot, chosen, fix} = finding.facts
      return {
        headline: `${lock} locks another toolchain than this build would use`,
        details: [
          ['locked', locked],
          ['this', `${hash}  ${goroot}`],
          ['chosen by', chosen],
        ],
        hints: [fix],
      }
    }
    case 'LOCK_PLATFORM': {
      const {lock, version, platform, platforms} = finding.facts
      return {
        headline: `${lock} locks no toolchain for ${platform}`,
        details: [],
        hints: [`lock it: gowarden lock --platform ${platforms} ${version}`],
      }
    }
    case 'TOOLCHAIN_VERSION': {
      const {version, goroot, chosen, asked, rule} = finding.facts
      const exact = asked.match(/^go\d+\.\d+(\.\d+|rc\d+|beta\d+)/)?.[0]
      return {
        headline: `policy requires ${asked}, but this build would use ${version}`,
        details: [
          ['GOROOT', goroot],
          ['chosen by', chosen],
          ['required by', rule],
        ],
        hints: [
          exact === undefined
            ? 'choose one that fits: export GOTOOLCHAIN=go1.X.Y'
            : `export GOTOOLCHAIN=${exact}`,
        ],
      }
    }
    case 'TOOLCHAIN_NOT_UPSTREAM': {
      const {hash, goroot, published, chosen, rule} = finding.facts
      return {
        headline: `${shortHash(hash)} in ${goroot} is not the toolchain that go.dev publishes under this version`,
        details: [
          ['found', hash.split('@')[1] ?? hash],
          ['published', published],
          ['chosen by', chosen],
          ['required by', rule],
        ],
        hints: [
          'install the published one from https://go.dev/dl, or let go fetch another version: export GOTOOLCHAIN=go1.X.Y',
        ],
      }
    }
    case 'TOOLCHAIN_PROOF_FORGED': {
      const {hash, goroot, file, reason, chosen, rule} = finding.facts
      return {
        headline: `${file} is not what Go's checksum database says of ${shortHash(hash)}: it was altered, or is damaged`,
        details: [
          ['reason', reason],
          ['GOROOT', goroot],
          ['chosen by', chosen],
          ['required by', rule],
        ],
        hints: [
          `find out who can write to this module cache; then let go fetch it again: rm ${shellWord(file)}`,
        ],
      }
    }
    case 'TOOLCHAIN_UNPROVEN': {
      const {hash, goroot, reason, chosen, rule} = finding.facts
      return {
        headline: `nothing proves ${shortHash(hash)} in ${goroot}: ${reason}`,
        details: [
          ['chosen by', chosen],
          ['required by', rule],
        ],
        hints: ['run it once with a network: the proof is remembered'],
      }
    }
    default:
      return unreachable(finding)
  }
}

const ownFolders = {GOPATH: 'gopath', GOMODCACHE: 'gopath/pkg/mod', GOCACHE: '.cache/go-build'}

type SetBy = BuildFactsByCode['GOROOT_MISMATCH']['setBy']

function gorootSetBy(setBy: SetBy): string {
  switch (setBy) {
    case 'environment':
      return '  (set in the environment)'
    case 'outer go':
      return '  (set by the go command that started this one)'
    case undefined:
      return ''
    default:
      return unreachable(setBy)
  }
}

function mismatchHint(goroot: string, setBy: SetBy): string {
  switch (setBy) {
    case 'environment':
      return 'let go find its own: unset GOROOT'
    case 'outer go':
      return `let it start its own go: export PATH=${shellWord(`${goroot}/bin`)}:"$PATH"`
    case undefined:
      return 'another version was unpacked over this GOROOT: remove it and install Go again'
    default:
      return unreachable(setBy)
  }
}

function unsetHint(name: string, source: string): string {
  if (source === 'the environment') return `unset ${name}`
  return source.includes('/go.env:') ? `remove the line from ${source}` : `go env -u ${name}`
}

/** Go keeps its versions apart by itself, and the stamp does too: this is the common case, and one line ends it. */
const shareHint = 'let Go versions share it, which go and the stamp keep apart: export GOWARDEN_CACHE=share'

function orElse(hint: string): string {
  return hint.startsWith('or ') ? hint : `or ${hint}`
}

const cacheHints = [
  'give this toolchain its own cache: export GOWARDEN_CACHE=isolate',
  'or take this cache over: gowarden cache adopt',
]

function toolchainLine(label: string, {hash, goroot}: ToolchainName): [string, string] {
  return [label, `${hash}  ${goroot}`]
}

/** `go1.26.8.linux-amd64` of a ToolchainHash. */
/** Why the same version with another content is refused, for whoever meets it the first time. */
function mixture({hash}: ToolchainName): [string, string] {
  const version = shortHash(hash).replace(/\.[^.]*$/, '')
  return ['means', `both say ${version}, so go would mix their objects`]
}

function shortHash(hash: string): string {
  return hash.split('@')[0] ?? hash
}
