/**
 * What the go command, the compiler and the linker say when the toolchain, a cache, the environment or the modules are in trouble,
 * and what is behind it. docs/errors.md has a row for each, with a public report.
 */
import type {FindingCode} from '../findings/finding.ts'
import {shellWord} from '../text/shell-word.ts'

export type Known = {
  id: string
  /** Is tried on each line. Its groups are for `own`. */
  pattern: RegExp
  /** Whether it is known only where its first group is a file of GOROOT. */
  isInGoroot?: boolean
  /** Findings of doctor that are the cause where doctor has one of them. */
  causes: FindingCode[]
  /** What it means, whatever the machine. */
  means: string
  /** What ends it where the sentence itself decides that: a command, made from the groups. */
  fix?: (groups: readonly string[]) => string
  /** Two commands that tell the cause where neither does. */
  tells: [string, string]
}

const env = 'gowarden doctor --all'

export const known: readonly Known[] = [
  {
    id: 'goflags',
    pattern: /^go: parsing \$GOFLAGS: /,
    causes: ['GOFLAGS_BROKEN'],
    means: 'GOFLAGS cannot be read',
    tells: ['go env GOFLAGS', env],
  },
  {
    id: 'goexperiment',
    pattern: /^go: unknown GOEXPERIMENT /,
    causes: ['GO_REFUSES'],
    means: 'GOEXPERIMENT names an experiment that this Go does not have',
    tells: ['echo "$GOEXPERIMENT"', env],
  },
  {
    id: 'goroot-gone',
    pattern: /^go: cannot find GOROOT directory: /,
    causes: ['GO_REFUSES'],
    means: 'GOROOT names a folder that is gone, as after an upgrade',
    tells: ['echo "$GOROOT"', env],
  },
  {
    id: 'gotoolchain-invalid',
    pattern: /^go: invalid GOTOOLCHAIN /,
    causes: ['GO_REFUSES'],
    means: 'GOTOOLCHAIN is not the name of a toolchain',
    tells: ['echo "$GOTOOLCHAIN"', env],
  },
  {
    id: 'toolchain-not-available',
    pattern: /^go: download go\S+ for \S+: toolchain not available/,
    causes: ['GO_TOO_OLD', 'GO_REFUSES'],
    means:
      'go may switch to the required toolchain, but cannot download it: it does not exist, or no proxy answers',
    tells: ['go env GOPROXY GOTOOLCHAIN', 'GOTOOLCHAIN=local go version'],
  },
  {
    id: 'toolchain-not-on-path',
    pattern: /^go: cannot find "go\S+" in PATH/,
    causes: ['GO_TOO_OLD', 'GO_REFUSES'],
    means: 'GOTOOLCHAIN lets go use another toolchain from PATH only, and it is not there',
    tells: ['go env GOTOOLCHAIN', 'GOTOOLCHAIN=local go version'],
  },
  {
    id: 'requires-go',
    pattern: /^go: .*requires go >= (\S+) \(running go (\S+); GOTOOLCHAIN=(\S+)\)/,
    causes: ['GO_TOO_OLD'],
    means: 'a module requires a newer Go than this one, and GOTOOLCHAIN forbids a switch',
    fix: ([version = '']) => `GOTOOLCHAIN=go${withPatch(version)}+auto go version`,
    tells: ['go env GOTOOLCHAIN', 'go version'],
  },
  {
    id: 'invalid-go-version',
    pattern: /: invalid go version '[^']*': must match format/,
    causes: ['GO_TOO_OLD'],
    means: 'this Go is older than 1.21, and cannot read a go line with three numbers',
    tells: ['go version', 'go env GOROOT'],
  },
  {
    id: 'unknown-directive',
    pattern: /: unknown directive: (toolchain|godebug|tool|ignore)$/,
    causes: ['GO_TOO_OLD'],
    means: 'this Go is too old to know that line of go.mod',
    tells: ['go version', 'go env GOROOT'],
  },
  {
    id: 'not-in-std',
    pattern: /package (\S+) is not in (?:std|GOROOT)(?: \(.*\))?$/,
    causes: [
      'GOROOT_INCOMPLETE',
      'GOROOT_NO_TOOLCHAIN',
      'CACHE_UNUSABLE',
      'DISK_FULL',
      'GO_TOO_OLD',
      'MODULES_OFF',
    ],
    means:
      'go looks for the package in the standard library, for its first word has no dot: it is misspelled, needs a newer Go, or its module has another name',
    tells: ['go list -m', 'go doc std'],
  },
  {
    id: 'cannot-find-in-any',
    pattern: /cannot find package "[^"]+" in any of:$/,
    causes: ['MODULES_OFF'],
    means: 'go looks for packages in GOPATH, as it does without modules',
    tells: ['go env GO111MODULE GOMOD', env],
  },
  {
    id: 'go111module',
    pattern: /^go: unknown environment setting GO111MODULE=/,
    causes: ['GO_REFUSES'],
    means: 'GO111MODULE takes on, off or auto',
    tells: ['echo "$GO111MODULE"', env],
  },
  {
    id: 'gopath-relative',
    pattern: /GOPATH entry is relative; must be absolute path/,
    causes: ['GO_REFUSES'],
    means: 'GOPATH must be an absolute path; go does not expand ~',
    tells: ['echo "$GOPATH"', env],
  },
  {
    id: 'platform',
    pattern: /^go: unsupported GOOS\/GOARCH pair /,
    causes: ['GO_REFUSES', 'TARGET_OTHER'],
    means: 'GOOS and GOARCH name no platform of Go',
    tells: ['go tool dist list', env],
  },
  {
    id: 'arch-level',
    pattern: /invalid GO(?:AMD64|386|ARM|ARM64|MIPS|MIPS64|PPC64|RISCV64|WASM)\b/,
    causes: ['GO_REFUSES', 'TARGET_OTHER'],
    means: 'the variable names a level or variant that this Go does not know for the architecture',
    tells: ['go env | grep ^GO', env],
  },
  {
    id: 'amd64-level',
    pattern: /^This program can only be run on AMD64 processors with v\d microarchitecture support/,
    causes: ['TARGET_OTHER'],
    means: 'the program was built with a GOAMD64 above what this processor can do',
    tells: ['grep -m1 ^flags /proc/cpuinfo', 'gowarden inspect PROGRAM'],
  },
  {
    id: 'exec-format',
    pattern: /fork\/exec .*: exec format error/,
    causes: ['TARGET_OTHER'],
    means: 'the program was built for another machine than this one',
    tells: ['go env GOOS GOARCH GOHOSTOS GOHOSTARCH', env],
  },
  {
    id: 'work-dir',
    pattern: /^go: creating work dir: /,
    causes: ['TEMP_UNUSABLE', 'DISK_FULL'],
    means: 'go cannot make its working folder in GOTMPDIR, TMPDIR or /tmp',
    tells: ['go env GOTMPDIR', 'ls -ld "${TMPDIR:-/tmp}"'],
  },
  {
    id: 'exec-permission',
    pattern: /fork\/exec .*go-build\d+.*: permission denied/,
    causes: ['TEMP_UNUSABLE'],
    means: 'the file system of the temporary folder does not run programs (noexec)',
    tells: ['findmnt -T "${TMPDIR:-/tmp}"', env],
  },
  {
    id: 'open-denied',
    pattern: /(?:^|: )open (\/.*\.\w+): permission denied$/,
    causes: ['INDEX_KEEPS_ERROR', 'CACHE_UNUSABLE', 'CACHE_OTHER_USER'],
    means: 'go may not read the file, or could not once, and keeps that in its index of the folder',
    fix: ([file = '']) => `touch ${shellWord(file)}`,
    tells: ['ls -l FILE', 'GODEBUG=goindex=0 go list ./...'],
  },
  {
    id: 'no-space',
    pattern: /: no space left on device/,
    causes: ['DISK_FULL'],
    means: 'a disk is full, or has no free inodes',
    tells: ['df -h "$(go env GOCACHE)" "${TMPDIR:-/tmp}"', 'df -i "$(go env GOCACHE)" "${TMPDIR:-/tmp}"'],
  },
  {
    id: 'cache-off',
    pattern: /build cache is (?:disabled by GOCACHE=off|required, but could not be located)/,
    causes: ['CACHE_UNUSABLE'],
    means: 'go has no folder for its build cache',
    tells: ['go env GOCACHE', env],
  },
  {
    id: 'c-compiler',
    pattern: /C compiler "([^"]+)" not found/,
    causes: ['CC_UNUSABLE'],
    means: 'a package needs a C compiler, and the one that CC names is not on PATH',
    tells: ['go env CC CGO_ENABLED', env],
  },
  {
    id: 'constraints-exclude',
    pattern: /build constraints exclude all Go files in /,
    causes: ['CGO_OFF', 'TARGET_OTHER'],
    means: 'every file of the package is for another platform, another tag, or needs cgo',
    tells: ['go env GOOS GOARCH CGO_ENABLED', "go list -e -f '{{.IgnoredGoFiles}}' PACKAGE"],
  },
  {
    id: 'workspace',
    pattern:
      /does not contain modules listed in go\.work|is not one of the workspace modules listed in go\.work/,
    causes: ['WORKSPACE_OTHER'],
    means: 'a go.work above is in force, and does not use the module here',
    tells: ['go env GOWORK', 'GOWORK=off go list ./...'],
  },
  {
    id: 'vcs',
    pattern: /^error obtaining VCS status: /,
    causes: ['VCS_REFUSED'],
    means: 'go asks Git for the revision to write into the program, and Git fails',
    tells: ['git status', 'go build -buildvcs=false'],
  },
  {
    id: 'tool-version',
    pattern: /(?:compile|asm|link|cgo): version "([^"]+)" does not match go tool version "([^"]+)"/,
    causes: ['GOROOT_MISMATCH', 'GOROOT_MIXED', 'GOROOT_INCOMPLETE'],
    means: 'the go command and its compiler are of two releases',
    tells: ['go version', '"$(go env GOTOOLDIR)/compile" -V=full'],
  },
  {
    id: 'object-header',
    pattern: /linked object header mismatch|object is \[[^\]]*\] expected \[/,
    causes: ['GOROOT_MISMATCH', 'GOROOT_MIXED', 'CACHE_FOREIGN', 'CACHE_UNMARKED_FOREIGN'],
    means: 'an object of another release is linked: from a mixed GOROOT, or built by hand',
    tells: ['go version', 'go build -a ./...'],
  },
  {
    id: 'fingerprint',
    pattern: /fingerprint mismatch: /,
    causes: ['GOROOT_MISMATCH', 'GOROOT_MIXED', 'CACHE_FOREIGN', 'CACHE_UNMARKED_FOREIGN'],
    means: 'two packages were compiled against different versions of a third',
    tells: ['go version', 'go build -a ./...'],
  },
  {
    id: 'could-not-import',
    pattern: /: could not import (\S+) \(open (?!.*permission denied)/,
    causes: ['CACHE_UNUSABLE', 'DISK_FULL', 'GOROOT_INCOMPLETE'],
    means:
      'the compiled form of an imported package is gone: something removed objects from the build cache or the temporary folder while go was running',
    tells: ['gowarden cache audit', 'go build -a ./...'],
  },
  {
    id: 'relocation',
    pattern: /relocation target (\S+) not defined/,
    causes: ['GOROOT_STOMPED', 'GOROOT_MISMATCH', 'GOROOT_MIXED'],
    means:
      'nothing defines a symbol that the program refers to: a function without a body, assembly of another platform, or a runtime of another release',
    tells: ['gowarden doctor --abi', 'go build -a ./...'],
  },
  {
    id: 'undefined-runtime',
    pattern: /: undefined: runtime\.\w+$/,
    causes: ['GOROOT_STOMPED', 'GOROOT_MISMATCH', 'GOROOT_MIXED', 'GO_TOO_OLD'],
    means:
      'the runtime of this Go has no such name: the code is written for a newer Go, or the name is misspelled',
    tells: ['go version', 'go doc runtime'],
  },
  {
    id: 'newer-go-version',
    pattern:
      /(?:package|file) requires newer Go version go\d|used to build golangci-lint is lower than the targeted Go version/,
    causes: ['TOOL_OLDER'],
    means: 'the program that reads the code was built by an older Go than the code requires',
    tells: ['go version "$(command -v PROGRAM)"', 'go env GOVERSION'],
  },
  {
    id: 'no-such-tool',
    pattern: /no such tool "([^"]+)"/,
    causes: ['TOOL_ON_DEMAND', 'GOROOT_INCOMPLETE', 'GOROOT_NO_TOOLCHAIN'],
    means: 'the program is not in GOROOT, and this go does not build it on demand',
    tells: ['ls "$(go env GOTOOLDIR)"', 'go tool'],
  },
  {
    id: 'redeclared-in-goroot',
    pattern: /^(\S.*\.go):\d+:\d+: \S+ redeclared in this block/,
    isInGoroot: true,
    causes: ['GOROOT_STOMPED', 'GOROOT_MISMATCH', 'GOROOT_MIXED'],
    means:
      'GOROOT holds files of two releases: a new one was unpacked over the old one. Remove it, and install Go again into an empty folder',
    tells: ['cat "$(go env GOROOT)/VERSION"', 'gowarden doctor'],
  },
  {
    id: 'main-module',
    pattern:
      /^go: (?:go\.mod file not found in current directory or any parent directory|cannot find main module)/,
    causes: ['MODULES_OFF'],
    means: 'there is no go.mod here or above',
    fix: () => 'go mod init example.com/NAME',
    tells: ['pwd', 'go env GOMOD'],
  },
  {
    id: 'missing-go-sum',
    pattern: /missing go\.sum entry for (?:module providing package|go\.mod file)/,
    causes: [],
    means: 'go.sum has no line for a module that is needed, and go does not write it by itself',
    fix: () => 'go mod tidy',
    tells: ['gowarden verify', 'go mod tidy -diff'],
  },
  {
    id: 'checksum-mismatch',
    pattern: /verifying \S+: checksum mismatch$/,
    causes: [],
    means:
      'the module that go has is not the one in go.sum: its tag was moved, a proxy has another zip, the module cache was changed, or the line in go.sum was',
    tells: ['gowarden verify', 'git log -p -- go.sum'],
  },
  {
    id: 'inconsistent-vendoring',
    pattern: /^go: inconsistent vendoring in /,
    causes: [],
    means: 'vendor/modules.txt and go.mod disagree',
    fix: () => 'go mod vendor',
    tells: ['gowarden verify', 'go build -mod=mod ./...'],
  },
  {
    id: 'updates-needed',
    pattern: /^go: updates to go\.(mod|work) needed/,
    causes: [],
    means: 'go.mod needs an update, which this command may not make',
    fix: ([file]) => (file === 'work' ? 'go work sync' : 'go mod tidy'),
    tells: ['go mod tidy -diff', 'gowarden verify'],
  },
  {
    id: 'no-required-module',
    pattern: /no required module provides package (\S+?)[;:]/,
    causes: ['WORKSPACE_OTHER'],
    means: 'a package is imported, but go.mod requires no module that has it',
    fix: ([name = '']) => `go get ${name}`,
    tells: ['go env GOMOD GOWORK', 'go mod tidy -diff'],
  },
  {
    id: 'goproxy-off',
    pattern: /: module lookup disabled by GOPROXY=off/,
    causes: [],
    means: 'GOPROXY=off forbids every download, and the module is not in the module cache',
    tells: ['go env GOPROXY GOMODCACHE', env],
  },
  {
    id: 'certificate-early',
    pattern: /x509: certificate has expired or is not yet valid: current time \S+ is before \S+$/,
    causes: ['CLOCK_BEHIND'],
    means:
      "the server's certificate begins later than the time of this machine: most likely its clock is behind",
    tells: ['date', 'go env GOPROXY'],
  },
  {
    id: 'certificate-expired',
    pattern: /x509: certificate has expired or is not yet valid: current time \S+ is after \S+$/,
    causes: [],
    means: "the server's certificate has ended, or the clock of this machine is ahead",
    tells: ['date', 'go env GOPROXY'],
  },
  {
    id: 'certificate-unknown',
    pattern: /x509: certificate signed by unknown authority/,
    causes: [],
    means:
      "nobody whom this machine trusts signed the server's certificate: the package ca-certificates is not installed, or a proxy of your company signs with a certificate of its own (SSL_CERT_FILE names a file with it)",
    tells: ['go env GOPROXY', 'ls /etc/ssl/certs/ca-certificates.crt'],
  },
]

/** `1.99` as a toolchain is called: go1.99.0. */
function withPatch(version: string): string {
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version
}
