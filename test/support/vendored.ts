/**
 * Real vendoring trees made from public modules, each with other habits. They are made by `go mod vendor` and `go work
 * vendor` themselves, once per test file, and copied for each case.
 */
import {execFileSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {directoryOfProcess} from './temporary.ts'

export type TreeSpec = {
  files: Record<string, string>
  /** go commands in their directories, in order. */
  commands: {directory: string; words: string[]}[]
  /** Removed before the commit: the go command wants a go.mod beside a vendor.mod, the repository has none. */
  dropped?: string[]
}

const goEnv = {
  GOFLAGS: '',
  GOTOOLCHAIN: 'local',
  GOWARDEN: 'off',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
}

/** Who commits in tests. */
export const gitAuthor = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
}

/** What every child of a tree sees: no settings of the machine's owner. */
export function treeEnv(extra: Record<string, string> = {}): Record<string, string | undefined> {
  return {
    ...process.env,
    ...goEnv,
    ...gitAuthor,
    ...extra,
  }
}

const vendorModule = [
  {directory: '.', words: ['mod', 'tidy']},
  {directory: '.', words: ['mod', 'vendor']},
]

export const trees = {
  /** cgo, embeds, files never built, licences above packages, modules without packages. */
  plain: {
    files: {
      'go.mod': `module example.com/plain

go 1.24

require (
	github.com/mattn/go-sqlite3 v1.14.22
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.1
	github.com/sirupsen/logrus v1.9.3
	github.com/spf13/cobra v1.8.1
	golang.org/x/sys v0.28.0
	gopkg.in/yaml.v3 v3.0.1
)
`,
      'main.go': `package main

import (
	"fmt"

	_ "github.com/mattn/go-sqlite3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	"gopkg.in/yaml.v3"
)

func main() {
	out, _ := yaml.Marshal(map[string]int{"pid": unix.Getpid()})
	logrus.Info(string(out), jsonschema.NewCompiler(), cobra.Command{}.Use)
	fmt.Println()
}
`,
      'inner/inner_test.go': `package inner

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInner(t *testing.T) { assert.True(t, true) }
`,
      'testdata/fixture/go.mod': 'this is no go.mod\n',
    },
    commands: vendorModule,
  },

  /** Replacements by path, by version, by another module, unused; a second vendor directory; a dependency without a go line. */
  replaced: {
    files: {
      'go.mod': `module example.com/replaced

go 1.23

require (
	example.com/lib v0.0.0
	github.com/dgrijalva/jwt-go v3.2.0+incompatible
	github.com/docker/go-units v0.4.0
	github.com/pkg/errors v0.9.0
)

replace (
	example.com/lib => ./lib
	example.com/unused => ../unused
	example.com/wild v1.2.3 => github.com/pkg/errors v0.8.1
	github.com/dgrijalva/jwt-go => github.com/golang-jwt/jwt v3.2.1+incompatible
	github.com/pkg/errors => github.com/pkg/errors v0.9.1
)
`,
      'main.go': `package main

import (
	"fmt"

	"example.com/lib"
	"example.com/lib/deep"
	"github.com/dgrijalva/jwt-go"
	"github.com/docker/go-units"
	"github.com/pkg/errors"
)

func main() { fmt.Println(lib.Name, deep.Name, jwt.SigningMethodHS256, units.KB, errors.New("x")) }
`,
      'lib/go.mod': 'module example.com/lib\n\ngo 1.20\n',
      'lib/lib.go': 'package lib\n\nconst Name = "lib"\n',
      'lib/LICENSE': 'do as you like\n',
      'lib/deep/deep.go':
        'package deep\n\nimport "embed"\n\n//go:embed all:files "name with space.txt"\nvar Files embed.FS\n\nconst Name = "deep"\n',
      'lib/deep/deep_test.go': 'package deep\n',
      'lib/deep/files/.hidden': 'hidden\n',
      'lib/deep/files/shown.txt': 'shown\n',
      'lib/deep/name with space.txt': 'space\n',
      'lib/nested/go.mod': 'module example.com/lib/nested\n',
      'lib/nested/nested.go': 'package nested\n',
      'tools/go.mod':
        'module example.com/replaced/tools\n\ngo 1.21\n\nrequire github.com/russross/blackfriday/v2 v2.1.0\n',
      'tools/tools.go': 'package tools\n\nimport _ "github.com/russross/blackfriday/v2"\n',
    },
    commands: [
      ...vendorModule,
      {directory: 'tools', words: ['mod', 'tidy']},
      {directory: 'tools', words: ['mod', 'vendor']},
    ],
  },

  /** A workspace whose members use each other and other versions of one module. */
  workspace: {
    files: {
      'go.work':
        'go 1.24\n\nuse (\n\t./a\n\t./b\n)\n\nreplace github.com/pkg/errors => github.com/pkg/errors v0.9.1\n',
      'a/go.mod': `module example.com/a

go 1.23

require (
	example.com/b v1.0.0
	github.com/google/uuid v1.5.0
	golang.org/x/text v0.14.0
)

replace example.com/b v1.0.0 => ../b
`,
      'a/a.go':
        'package a\n\nimport (\n\t"example.com/b"\n\t"github.com/google/uuid"\n\t"golang.org/x/text/language"\n)\n\nvar Name = b.Name + uuid.NewString() + language.English.String()\n',
      'b/go.mod': `module example.com/b

go 1.22

require (
	github.com/google/uuid v1.6.0
	github.com/pkg/errors v0.8.0
	golang.org/x/text v0.15.0
)
`,
      'b/b.go':
        'package b\n\nimport (\n\t"github.com/google/uuid"\n\t"github.com/pkg/errors"\n\t"golang.org/x/text/width"\n)\n\nvar Name = uuid.NewString() + width.Fold.String("x")\n\nvar Err = errors.New("x")\n',
    },
    commands: [
      {directory: 'b', words: ['mod', 'tidy']},
      {directory: 'a', words: ['mod', 'tidy']},
      {directory: '.', words: ['work', 'vendor']},
    ],
  },

  /** vendor.mod and vendor.sum instead of go.mod and go.sum. */
  'vendor.mod': {
    files: {
      'go.mod': 'module example.com/other\n',
      'vendor.mod':
        'module example.com/other\n\ngo 1.22\n\nrequire (\n\tgithub.com/pkg/errors v0.9.1\n\tgithub.com/spf13/pflag v1.0.5\n)\n',
      'main.go':
        'package main\n\nimport (\n\t"github.com/pkg/errors"\n\t"github.com/spf13/pflag"\n)\n\nfunc main() { pflag.Parse(); panic(errors.New("x")) }\n',
    },
    commands: [
      {directory: '.', words: ['mod', 'tidy', '-modfile=vendor.mod']},
      {directory: '.', words: ['mod', 'vendor', '-modfile=vendor.mod']},
    ],
    dropped: ['go.mod'],
  },

  /** Vendored .gitattributes that make a neighbour CRLF, a vendored .gitignore that hides its neighbours. */
  attributes: {
    files: {
      'go.mod': `module example.com/attributes

go 1.24

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0
	go.yaml.in/yaml/v4 v4.0.0-rc.5
)
`,
      'main.go':
        'package main\n\nimport (\n\t"github.com/apapsch/go-jsonmerge/v2"\n\t"go.yaml.in/yaml/v4"\n)\n\nfunc main() { _, _ = yaml.Marshal(jsonmerge.Merger{}) }\n',
    },
    commands: vendorModule,
  },

  /** Before 1.17: go.mod files are vendored and modules.txt has no go lines; before 1.22: so is what tests embed. */
  old: {
    files: {
      'go.mod':
        'module example.com/old\n\ngo 1.16\n\nrequire (\n\texample.com/lib v0.0.0\n\tgithub.com/spf13/cobra v1.1.3\n)\n\nreplace example.com/lib => ./lib\n',
      'main.go':
        'package main\n\nimport (\n\t"example.com/lib"\n\t"github.com/spf13/cobra"\n)\n\nfunc main() { println(lib.Name, cobra.Command{}.Use) }\n',
      'lib/go.mod': 'module example.com/lib\n\ngo 1.16\n',
      'lib/lib.go': 'package lib\n\nconst Name = "lib"\n',
      'lib/lib_test.go': 'package lib\n\nimport _ "embed"\n\n//go:embed golden/a.txt\nvar golden string\n',
      'lib/golden/a.txt': 'golden\n',
    },
    commands: vendorModule,
  },
} satisfies Record<string, TreeSpec>

export type TreeName = keyof typeof trees

export type MadeTree = {directory: string}

/**
 * Makes the trees, or says why this machine cannot: without Go's module proxy and without the modules in its module cache.
 * Synchronous, so that a test file can ask before it defines its cases.
 */
export function makeTrees(names: readonly TreeName[]): {base: string; unavailable: string | undefined} {
  const base = directoryOfProcess('gowarden trees ')
  for (const name of names) {
    const directory = join(base, name)
    const {files, commands, dropped = []}: TreeSpec = trees[name]
    writeFiles(directory, files)
    try {
      for (const {directory: at, words} of commands) {
        execFileSync('go', words, {cwd: join(directory, at), env: treeEnv(), stdio: 'pipe'})
      }
    } catch (error) {
      const reason =
        error instanceof Error ? (error.message.split('\n').at(-2) ?? error.message) : String(error)
      return {base, unavailable: `the modules of tree ${name} are not to be had: ${reason}`}
    }
    for (const path of dropped) rmSync(join(directory, path))
    git(directory, 'init', '--quiet', '--initial-branch=main')
    git(directory, 'add', '--all', '--force')
    git(directory, 'commit', '--quiet', '--message=first')
  }
  return {base, unavailable: undefined}
}

export function writeFiles(directory: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), {recursive: true})
    writeFileSync(join(directory, path), content)
  }
}

export function git(directory: string, ...words: string[]): string {
  return execFileSync('git', words, {
    cwd: directory,
    env: treeEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
}

/**
 * Runs `body` with a tree, in a directory whose name holds a space and a quote. There is one copy of each tree, put back to
 * its first commit after every use: copying takes longer than all else.
 */
export async function withTree<T>(
  base: string,
  name: TreeName,
  body: (directory: string) => T | Promise<T>,
): Promise<T> {
  const directory = join(base, "copy of 'it'", name)
  if (!existsSync(directory)) {
    cpSync(join(base, name), directory, {recursive: true, preserveTimestamps: true})
    git(directory, 'tag', 'pristine')
  }
  try {
    return await body(directory)
  } finally {
    rmSync(join(directory, '.git', 'info', 'attributes'), {force: true})
    git(directory, 'checkout', '--quiet', '--force', '-B', 'main', 'pristine')
    git(directory, 'reset', '--quiet', '--hard')
    git(directory, 'clean', '--quiet', '-ffdx')
  }
}
