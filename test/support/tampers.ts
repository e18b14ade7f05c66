/** The tampers `gowarden verify` must find, each as a change to a copy of a vendoring tree. */
import {chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {git, type TreeName} from './vendored.ts'

/** What a tamper works on: one vendored module of a tree. */
export type Target = {
  tree: TreeName
  /** Where modules.txt and the sums lie. */
  modFile: string
  sumFile: string
  mainFile: string
  module: string
  version: string
  /** A package at the module's root, and files of it. */
  package: string
  goFile: string
  otherFile: string
  licence: string
  /** A package of the module that is not vendored. */
  unvendored: string
}

export const targets: Target[] = [
  {
    tree: 'plain',
    modFile: 'go.mod',
    sumFile: 'go.sum',
    mainFile: 'main.go',
    module: 'github.com/spf13/cobra',
    version: 'v1.8.1',
    package: 'github.com/spf13/cobra',
    goFile: 'vendor/github.com/spf13/cobra/cobra.go',
    otherFile: 'vendor/github.com/spf13/cobra/README.md',
    licence: 'vendor/github.com/spf13/cobra/LICENSE.txt',
    unvendored: 'github.com/spf13/cobra/doc',
  },
  {
    tree: 'replaced',
    modFile: 'go.mod',
    sumFile: 'go.sum',
    mainFile: 'main.go',
    module: 'github.com/docker/go-units',
    version: 'v0.4.0',
    package: 'github.com/docker/go-units',
    goFile: 'vendor/github.com/docker/go-units/duration.go',
    otherFile: 'vendor/github.com/docker/go-units/README.md',
    licence: 'vendor/github.com/docker/go-units/LICENSE',
    unvendored: 'github.com/docker/go-units/nothing',
  },
  {
    tree: 'workspace',
    modFile: 'b/go.mod',
    sumFile: 'b/go.sum',
    mainFile: 'b/b.go',
    module: 'github.com/google/uuid',
    version: 'v1.6.0',
    package: 'github.com/google/uuid',
    goFile: 'vendor/github.com/google/uuid/uuid.go',
    otherFile: 'vendor/github.com/google/uuid/README.md',
    licence: 'vendor/github.com/google/uuid/LICENSE',
    unvendored: 'golang.org/x/text/cases',
  },
]

export type Tamper = {
  name: string
  /** Changes the copy in `directory` and stages what the tamper stages. */
  apply(directory: string, target: Target): void
  /** `CODE file` that must be among the findings of the index; none when the index is in order. */
  expected(target: Target): string[]
  /** Trees it makes no sense for. */
  without?: TreeName[]
  /** Exit codes of go build, go vet, go mod verify: what Go's own commands notice. */
  native: [build: number, vet: number, modVerify: number] | undefined
}

const nothingNoticed: Tamper['native'] = [0, 0, 0]

export const tampers: Tamper[] = [
  {
    name: 'edit-go',
    apply: staged((directory, {goFile}) =>
      edit(directory, goFile, text => `${text}\nfunc init() { println("evil") }\n`),
    ),
    expected: ({goFile}) => [`VENDOR_EDITED ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'gofmt-go',
    apply: staged((directory, {goFile}) => edit(directory, goFile, text => text.replace(/\n\t/, '\n  '))),
    expected: ({goFile}) => [`VENDOR_EDITED ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'edit-nongo',
    apply: staged((directory, {otherFile}) => edit(directory, otherFile, text => `${text} `)),
    expected: ({otherFile}) => [`VENDOR_EDITED ${otherFile}`],
    native: nothingNoticed,
  },
  {
    name: 'add-go',
    apply: staged((directory, target) =>
      put(
        directory,
        `vendor/${target.package}/evil.go`,
        `package ${packageName(directory, target)}\n\nfunc init() {}\n`,
      ),
    ),
    expected: target => [`VENDOR_ADDED vendor/${target.package}/evil.go`],
    native: nothingNoticed,
  },
  {
    name: 'add-nongo',
    apply: staged((directory, target) => put(directory, `vendor/${target.package}/evil.txt`, 'evil\n')),
    expected: target => [`VENDOR_ADDED vendor/${target.package}/evil.txt`],
    native: nothingNoticed,
  },
  {
    name: 'ghost-dir',
    apply: staged((directory, target) =>
      put(directory, `vendor/${target.package}/ghost/ghost.go`, 'package ghost\n'),
    ),
    expected: target => [`VENDOR_GHOST vendor/${target.package}/ghost`],
    native: nothingNoticed,
  },
  {
    name: 'ghost-module',
    apply: staged(directory => put(directory, 'vendor/example.org/ghost/ghost.go', 'package ghost\n')),
    expected: () => ['VENDOR_GHOST vendor/example.org/ghost'],
    native: nothingNoticed,
  },
  {
    name: 'ghost-listed',
    apply: staged((directory, target) => {
      put(directory, `vendor/${target.package}/ghost/ghost.go`, 'package ghost\n')
      edit(directory, 'vendor/modules.txt', text =>
        text.replace(`\n${target.package}\n`, `\n${target.package}\n${target.package}/ghost\n`),
      )
    }),
    expected: target => [
      'VENDOR_PACKAGE_ABSENT vendor/modules.txt',
      `VENDOR_ADDED vendor/${target.package}/ghost/ghost.go`,
    ],
    native: nothingNoticed,
  },
  {
    name: 'explicit-go',
    apply: staged((directory, {module}) =>
      edit(directory, 'vendor/modules.txt', text =>
        text.replace(new RegExp(`(# ${module} [^\\n]*\\n## explicit)[^\\n]*`), '$1; go 1.9'),
      ),
    ),
    expected: () => ['MODULES_TXT_DIFFERS vendor/modules.txt'],
    native: nothingNoticed,
  },
  {
    name: 'modtxt-drop-pkg',
    apply: staged((directory, target) =>
      edit(directory, 'vendor/modules.txt', text => text.replace(`\n${target.package}\n`, '\n')),
    ),
    expected: target => [
      'VENDOR_PACKAGE_MISSING vendor/modules.txt',
      `VENDOR_GHOST vendor/${target.package}`,
    ],
    native: [1, 1, 0],
  },
  {
    name: 'modtxt-delete',
    apply: staged(directory => rmSync(join(directory, 'vendor/modules.txt'))),
    expected: () => ['VENDOR_UNLISTED vendor'],
    native: [1, 1, 0],
  },
  {
    name: 'modtxt-reorder',
    apply: staged(directory =>
      edit(directory, 'vendor/modules.txt', text => {
        const head = text.startsWith('## workspace\n') ? '## workspace\n' : ''
        const modules = text.slice(head.length).split(/^(?=# )/m)
        return head + [modules[1], modules[0], ...modules.slice(2)].join('')
      }),
    ),
    expected: () => ['MODULES_TXT_DIFFERS vendor/modules.txt'],
    native: nothingNoticed,
  },
  {
    name: 'modtxt-link',
    // go follows it.
    apply: staged(directory => {
      put(directory, 'list', readFileSync(join(directory, 'vendor/modules.txt'), 'utf8'))
      rmSync(join(directory, 'vendor/modules.txt'))
      symlinkSync('../list', join(directory, 'vendor/modules.txt'))
    }),
    expected: () => ['VENDOR_MODE vendor/modules.txt'],
    native: undefined,
  },
  {
    name: 'modtxt-exec',
    apply: staged(directory => chmodSync(join(directory, 'vendor/modules.txt'), 0o755)),
    expected: () => ['VENDOR_MODE vendor/modules.txt'],
    native: undefined,
  },
  {
    name: 'modtxt-second-version',
    // Packages from an older version than the required one.
    apply: staged((directory, {module}) =>
      edit(directory, 'vendor/modules.txt', text => {
        const [, head = '', packages = ''] =
          new RegExp(`(# ${module} [^\\n]*\\n##[^\\n]*\\n)((?:[^#\\n]+\\n)*)`).exec(text) ?? []
        return text.replace(head + packages, `# ${module} v0.0.1\n## go 1.9\n${packages}${head}`)
      }),
    ),
    expected: () => ['VENDOR_INCONSISTENT vendor/modules.txt'],
    native: [1, 1, 0],
  },
  {
    name: 'vendor-link',
    apply: (directory, {otherFile}) => {
      const id = git(directory, 'rev-parse', `HEAD:${otherFile}`).trim()
      git(directory, 'rm', '--quiet', '-r', '--cached', 'vendor')
      git(directory, 'update-index', '--add', '--cacheinfo', `120000,${id},vendor`)
    },
    expected: () => ['VENDOR_MODE vendor'],
    native: nothingNoticed,
  },
  {
    name: 'sum-algorithm',
    apply: staged((directory, target) =>
      editSum(directory, target, zipLine(target), line => line.replace('h1:', 'h2:')),
    ),
    expected: ({tree, sumFile}) => [
      tree === 'workspace' ? `SUM_CHANGED ${sumFile}` : `SUM_MISSING ${sumFile}`,
    ],
    native: nothingNoticed,
  },
  {
    name: 'sum-alter',
    apply: staged((directory, target) => editSum(directory, target, zipLine(target), alterHash)),
    expected: ({sumFile}) => [`SUM_CHANGED ${sumFile}`, `SUM_MISMATCH ${sumFile}`],
    native: nothingNoticed,
  },
  {
    name: 'sum-alter-gomod',
    apply: staged((directory, target) => editSum(directory, target, goModLine(target), alterHash)),
    expected: ({sumFile}) => [`SUM_CHANGED ${sumFile}`, `SUM_MISMATCH ${sumFile}`],
    native: undefined,
  },
  {
    name: 'sum-swap',
    // A version nothing vendors and no module cache can hold.
    apply: (directory, target) => {
      edit(directory, target.sumFile, text => `${text}example.org/far v1.0.0 h1:${'A'.repeat(43)}=\n`)
      commitAll(directory)
      edit(directory, target.sumFile, text => text.replace('h1:AAAA', 'h1:BAAA'))
      stageAll(directory)
    },
    expected: ({sumFile}) => [`SUM_CHANGED ${sumFile}`],
    native: nothingNoticed,
  },
  {
    name: 'sum-drop',
    // Of a workspace every sums file must lose it: one member's line serves all.
    apply: staged((directory, target) => {
      const sumFiles = target.tree === 'workspace' ? ['a/go.sum', 'b/go.sum'] : [target.sumFile]
      for (const sumFile of sumFiles) editSum(directory, {...target, sumFile}, zipLine(target), () => '')
    }),
    expected: ({tree, sumFile}) =>
      tree === 'workspace' ? ['SUM_MISSING a/go.sum', 'SUM_MISSING b/go.sum'] : [`SUM_MISSING ${sumFile}`],
    native: nothingNoticed,
  },
  {
    name: 'sum-drop-gomod',
    apply: staged((directory, target) => editSum(directory, target, goModLine(target), () => '')),
    expected: ({sumFile}) => [`SUM_MISSING ${sumFile}`],
    native: nothingNoticed,
  },
  {
    name: 'sum-delete',
    apply: staged((directory, {sumFile}) => rmSync(join(directory, sumFile))),
    expected: ({sumFile}) => [`SUM_MISSING ${sumFile}`],
    native: nothingNoticed,
  },
  {
    name: 'sum-conflict',
    apply: staged((directory, {sumFile}) =>
      edit(directory, sumFile, text => `<<<<<<< HEAD\n${text}=======\n>>>>>>> theirs\n`),
    ),
    expected: ({sumFile}) => [`SUM_CONFLICT ${sumFile}`],
    native: [0, 0, 1],
  },
  {
    name: 'sum-dup',
    apply: staged((directory, target) =>
      editSum(directory, target, zipLine(target), line => `${line}${alterHash(line)}`),
    ),
    expected: ({sumFile}) => [`SUM_TWO_HASHES ${sumFile}`],
    native: nothingNoticed,
  },
  {
    name: 'mod-bump',
    apply: staged((directory, {modFile, module, version}) =>
      edit(directory, modFile, text => text.replace(`${module} ${version}`, `${module} v1.99.0`)),
    ),
    expected: () => ['VENDOR_INCONSISTENT vendor/modules.txt'],
    native: [1, 1, 1],
  },
  {
    name: 'mod-drop',
    apply: staged((directory, {modFile, module, version}) =>
      edit(directory, modFile, text => text.replace(new RegExp(`\\n\\s*${module} ${version}`), '\n')),
    ),
    expected: () => ['VENDOR_INCONSISTENT vendor/modules.txt'],
    native: undefined,
    // Another member of the workspace requires the module too.
    without: ['workspace'],
  },
  {
    name: 'mod-replace',
    apply: staged((directory, {modFile, module}) =>
      edit(directory, modFile, text => `${text}\nreplace ${module} => ${module} v0.0.1\n`),
    ),
    expected: () => ['VENDOR_INCONSISTENT vendor/modules.txt'],
    native: undefined,
  },
  {
    name: 'vendor-delete',
    apply: staged((directory, {goFile}) => rmSync(join(directory, goFile))),
    expected: ({goFile}) => [`VENDOR_MISSING ${goFile}`],
    native: undefined,
  },
  {
    name: 'license-delete',
    apply: staged((directory, {licence}) => rmSync(join(directory, licence))),
    expected: ({licence}) => [`VENDOR_MISSING ${licence}`],
    native: nothingNoticed,
  },
  {
    name: 'pkg-untracked',
    apply: (directory, target) => {
      git(directory, 'rm', '--quiet', '-r', '--cached', `vendor/${target.package}`)
    },
    expected: ({goFile, licence}) => [`VENDOR_MISSING ${goFile}`, `VENDOR_MISSING ${licence}`],
    native: nothingNoticed,
  },
  {
    name: 'pkg-ignored',
    apply: (directory, target) => {
      put(directory, '.gitignore', `/vendor/${target.package}/\n`)
      git(directory, 'rm', '--quiet', '-r', '--cached', `vendor/${target.package}`)
      git(directory, 'add', '--all')
    },
    expected: ({goFile}) => [`VENDOR_MISSING ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'staged-only',
    apply: (directory, {goFile}) => {
      const before = readFileSync(join(directory, goFile))
      edit(directory, goFile, text => `${text}\n// staged\n`)
      stageAll(directory)
      writeFileSync(join(directory, goFile), before)
    },
    expected: ({goFile}) => [`VENDOR_EDITED ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'worktree-only',
    apply: (directory, {goFile}) => edit(directory, goFile, text => `${text}\n// not staged\n`),
    expected: () => [],
    native: nothingNoticed,
  },
  {
    name: 'mode-exec',
    apply: (directory, {goFile}) => {
      chmodSync(join(directory, goFile), 0o755)
      stageAll(directory)
    },
    expected: ({goFile}) => [`VENDOR_MODE ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'symlink',
    apply: staged((directory, {goFile}) => {
      put(directory, 'elsewhere/copy.go.txt', readFileSync(join(directory, goFile), 'utf8'))
      rmSync(join(directory, goFile))
      const up = '../'.repeat(goFile.split('/').length - 1)
      symlinkSync(`${up}elsewhere/copy.go.txt`, join(directory, goFile))
    }),
    expected: ({goFile}) => [`VENDOR_MODE ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'gitlink',
    apply: (directory, {otherFile}) => {
      const head = git(directory, 'rev-parse', 'HEAD').trim()
      git(directory, 'update-index', '--cacheinfo', `160000,${head},${otherFile}`)
    },
    expected: ({otherFile}) => [`VENDOR_MODE ${otherFile}`],
    native: nothingNoticed,
  },
  {
    name: 'crlf-index',
    apply: staged((directory, {goFile}) => edit(directory, goFile, text => text.replaceAll('\n', '\r\n'))),
    expected: ({goFile}) => [`VENDOR_EDITED ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'crlf-attr',
    apply: (directory, {goFile}) => {
      put(directory, '.gitattributes', 'vendor/** text eol=crlf\n')
      git(directory, 'add', '.gitattributes')
      rmSync(join(directory, goFile))
      git(directory, 'checkout', '--', goFile)
    },
    expected: () => [],
    native: nothingNoticed,
  },
  {
    name: 'unmerged',
    apply: (directory, {goFile}) => {
      const id = git(directory, 'rev-parse', `HEAD:${goFile}`).trim()
      git(directory, 'update-index', '--force-remove', goFile)
      indexInfo(
        directory,
        [1, 2, 3].map(stage => `100644 ${id} ${stage}\t${goFile}`),
      )
    },
    expected: ({goFile}) => [`INDEX_UNMERGED ${goFile}`],
    native: nothingNoticed,
  },
  {
    name: 'new-import',
    apply: staged((directory, {mainFile, unvendored}) =>
      put(
        directory,
        join(dirname(mainFile), 'new_plan9.go'),
        `package ${nameOf(directory, mainFile)}\n\nimport _ "${unvendored}"\n`,
      ),
    ),
    expected: () => ['VENDOR_PACKAGE_MISSING vendor/modules.txt'],
    native: nothingNoticed,
  },
  {
    name: 'stale-pkg',
    apply: staged((directory, target) => {
      // A main package that needs nothing: everything vendored is stale.
      put(directory, target.mainFile, `package ${nameOf(directory, target.mainFile)}\n\nvar Name = ""\n`)
    }),
    expected: () => ['VENDOR_PACKAGE_STALE vendor/modules.txt'],
    native: undefined,
  },
]

/** Wraps a change so that everything, ignored files included, is staged after it. */
function staged(change: (directory: string, target: Target) => void): Tamper['apply'] {
  return (directory, target) => {
    change(directory, target)
    stageAll(directory)
  }
}

export function stageAll(directory: string): void {
  git(directory, 'add', '--all', '--force')
}

export function commitAll(directory: string): void {
  stageAll(directory)
  git(directory, 'commit', '--quiet', '--message=next')
}

export function put(directory: string, path: string, content: string): void {
  mkdirSync(dirname(join(directory, path)), {recursive: true})
  writeFileSync(join(directory, path), content)
}

/** Fails when nothing changes: a tamper that does nothing would prove nothing. */
export function edit(directory: string, path: string, change: (text: string) => string): void {
  const before = readFileSync(join(directory, path), 'latin1')
  const after = change(before)
  if (after === before) throw new Error(`the edit of ${path} changes nothing`)
  writeFileSync(join(directory, path), after, 'latin1')
}

function zipLine({module, version}: Target): string {
  return `${module} ${version} `
}

function goModLine({module, version}: Target): string {
  return `${module} ${version}/go.mod `
}

function editSum(
  directory: string,
  {sumFile}: Target,
  prefix: string,
  change: (line: string) => string,
): void {
  edit(directory, sumFile, text =>
    text
      .split(/(?<=\n)/)
      .map(line => (line.startsWith(prefix) ? change(line) : line))
      .join(''),
  )
}

/** Another well-formed hash. */
function alterHash(line: string): string {
  return line.replace(/h1:(.)/, (_, first: string) => `h1:${first === 'A' ? 'B' : 'A'}`)
}

function packageName(directory: string, {goFile}: Target): string {
  return nameOf(directory, goFile)
}

function nameOf(directory: string, goFile: string): string {
  return /^package (\w+)/m.exec(readFileSync(join(directory, goFile), 'utf8'))?.[1] ?? 'main'
}

function indexInfo(directory: string, lines: string[]): void {
  const input = join(directory, '.git', 'index-info')
  writeFileSync(input, lines.map(line => `${line}\n`).join(''))
  git(directory, '-c', 'alias.feed=!git update-index --index-info <', 'feed', '.git/index-info')
}
