/** What the probes of `gowarden verify` gather: the facts its checks judge. */
import type {PathBytes} from '../git/path-bytes.ts'
import type {GoSum} from '../go/module/go-sum.ts'
import type {MainModules} from '../go/module/main-modules.ts'
import type {ModuleGraph} from '../go/module/module-graph.ts'
import type {ModuleVersion} from '../go/module/module-path.ts'
import type {Closure} from '../go/vendor/closure.ts'
import type {ModulesTxt} from '../go/vendor/modules-txt.ts'

export type VerifyFacts = {
  /** Paths with a merge conflict that matter here. */
  unmerged: Unmerged[]
  malformedModFiles: {path: PathBytes; line: number | undefined; reason: string}[]
  /** Every judged go.mod and go.work with its `toolchain` line. */
  toolchainLines: {path: PathBytes; toolchain: string | undefined; goVersion: string | undefined}[]
  /** Which go is here, `go1.26.8`; asked where the policy wants toolchain lines. */
  goHere: string | undefined
  /** Directories with a vendor.mod and no go.mod in the work tree. */
  withoutGoMod: readonly PathBytes[]
  sums: SumFacts[]
  /** Hashes the module cache proves, by key of go.sum. */
  cached: Map<string, CachedHash>
  modules: ModuleFacts[]
  roots: RootFacts[]
  /** Vendor directories that hold Go files and no modules.txt. */
  unlistedVendors: VendorDirectory[]
  /** vendor itself or its modules.txt, `path`, as a link, a submodule or a file. */
  otherVendors: (VendorDirectory & {path: PathBytes; mode: string})[]
  /** Members of workspaces that the tree does not hold. */
  unseenMembers: UnseenMember[]
  /** Directories with modules or workspaces that a rule of the policy excludes, by its number. */
  excluded: ReadonlyMap<number, readonly PathBytes[]>
  /** How many files a rule of the policy lets other tools write into vendor/, by its number. */
  vendorExtras: ReadonlyMap<number, number>
  /** Names what the change is compared with: HEAD, or a commit's parent. */
  base: string | undefined
  clone: CloneFacts
  vendorsOfOthers: VendorOfOthers[]
  locks: LockFacts[]
}

/** A gowarden.lock, `text` undefined where it is a link that leads nowhere here, and the files of which it is the nearest lock. */
export type LockFacts = {
  path: PathBytes
  text: string | undefined
  broken: string | undefined
  modFiles: {path: PathBytes; text: string}[]
  workflows: {path: PathBytes; text: string}[]
}

/** A directory that a `use` line names and of which the judged tree holds no go.mod; `use` as written. */
export type UnseenMember = {workFile: PathBytes; use: PathBytes; why: UnseenWhy}

/** Why the judged tree holds nothing of a directory: it lies in another repository, outside of this one, or is not tracked. */
export type UnseenWhy = 'submodule' | 'outside' | 'absent'

/** `isThere`, in the work tree, and read. `marker`: the line of the first conflict marker in it; undefined where none stands there. */
export type Unmerged = {path: PathBytes; isThere: boolean; marker: number | undefined}

export type SumFacts = {
  path: PathBytes
  sum: GoSum
  /** The same file in the tree the change is compared with. */
  base: GoSum | undefined
}

/** `source` says what was hashed: the zip itself, a cached go.mod, or the hash the go command noted beside a zip. */
export type CachedHash = {hash: string; source: 'zip' | 'go.mod' | 'ziphash'}

/** Main modules whose go.sum must be complete. */
export type ModuleFacts = {
  mains: MainModules
  /** go.sum of each member, then go.work.sum; by member for requirements, all together for zips. */
  sums: SumFacts[]
  /** Import paths of the main packages and their tests, with one file that imports each, as text. */
  imports: {path: string; file: string}[]
  /** Import paths of the module's own packages. */
  packages: ReadonlySet<string>
  /** Submodules among its directories: nobody knows what their packages import. */
  submodules: readonly PathBytes[]
  /** Which module a package is vendored from, as modules.txt of this module alone lists it. */
  providers: ReadonlyMap<string, string>
  vendored: boolean
  /** A file for -modfile beside a go.mod: which packages it serves is not known. */
  alternative: boolean
  /** The workspace the module is a member of. Its other members are taken from their directories, and its sums are read as one. */
  workspace: {mains: MainModules; sums: SumFacts[]} | undefined
  graph: ModuleGraph
}

/** What is here and would not be in a clone. */
export type CloneFacts = {
  /** Required modules that a directory outside of the repository replaces. */
  outside: {modFile: PathBytes; module: string; directory: PathBytes}[]
  /** Packages of the repository's own that a rule hides from Git; `files` are relative to the top. */
  ignoredPackages: {
    package: string
    importedBy: string
    directory: PathBytes
    files: PathBytes[]
    rule: string
  }[]
  ignoredSums: {sumFile: PathBytes; rule: string}[]
}

/** A directory named vendor that another tool writes; `breaks` where go takes it for its own and builds nothing. */
export type VendorOfOthers = {
  vendor: PathBytes
  tool: 'Composer' | 'Bundler' | undefined
  breaks: boolean
  holdsGo: boolean
}

export type VendorDirectory = {
  /** `vendor`, or `tools/vendor`. */
  vendor: PathBytes
  /** The go command that writes it anew. */
  anew: string
  /** Whether a rule of Git hides it, so that a plain `git add` takes nothing new from it. */
  isIgnored: boolean
  /** Pathspecs of files that other tools write there as the policy lets them: the go command would delete them with the rest. */
  kept: readonly string[]
  /** Submodules in it that the work tree holds, or the directory itself. */
  submodules: readonly PathBytes[]
}

export type RootFacts = VendorDirectory & {
  modulesTxtPath: PathBytes
  /** As latin1. */
  modulesTxtText: string
  modulesTxt: ModulesTxt
  mains: MainModules
  sums: SumFacts[]
  sources: SourceFacts[]
  /** `go` lines by module path, for modules.txt; 'unknown' where no go.mod is to be had. */
  goVersions: Map<string, {version: string | undefined} | 'unknown'>
  differences: TreeDifference[]
  closure: Closure
  /** Vendored files whose blobs differ from the source by line endings alone, as .gitattributes asks. */
  normalized: PathBytes[]
  /** Files of other tools of which no pathspec can be told, so that no hint may write the directory anew. */
  unkept: PathBytes[]
  /** Files that were left out of the commit and that no build could read. */
  leftOut: {path: PathBytes; rule: string | undefined}[]
}

/** Where a vendored module's files come from, and whether they are proven. */
export type SourceFacts = {
  module: ModuleVersion
  line: number
  /** The module whose zip it is: the replacement, or the module itself. */
  from: ModuleVersion
  state: SourceState
}

export type SourceState =
  | {kind: 'proven'; by: 'zip' | 'directory'; files: number}
  /** By a list of files (go/vendor/proofs.ts). `untold` are .go files of which it cannot say whether go would have vendored them. */
  | {kind: 'proven'; by: 'list'; files: number; untold: PathBytes[]}
  /** No hash in go.sum: reported there. */
  | {kind: 'unhashed'}
  /** The zip's hash is another than that of go.sum: reported there. */
  | {kind: 'mismatched'}
  | {kind: 'absent'; reason: string}
  | {kind: 'outside'; directory: PathBytes; why: UnseenWhy}

/** What makes Git store another content than it is given: `filter=lfs` or `core.autocrlf=input`, and `FILE:LINE` where it is known. */
export type StoredOtherwise = {by: string; where: string | undefined}

export type TreeDifference =
  | {
      kind: 'edited' | 'line-endings'
      path: PathBytes
      module: ModuleVersion
      expected: string
      found: string
      stored: StoredOtherwise | undefined
    }
  /** `isHidden`, by a rule of Git, from every commit. */
  | {kind: 'added'; path: PathBytes; isHidden: boolean}
  | {kind: 'ghost'; directory: PathBytes; files: PathBytes[]}
  | {kind: 'missing'; path: PathBytes; module: ModuleVersion; why: MissingWhy; twin: PathBytes | undefined}
  /** `module` is that of files which should lie behind a link or a submodule. */
  | {kind: 'mode'; path: PathBytes; mode: string; module: ModuleVersion | undefined}
  | {kind: 'package-absent'; line: number; package: string; module: ModuleVersion}

export type MissingWhy =
  | {kind: 'absent'}
  | {kind: 'intent-to-add'}
  | {kind: 'untracked'}
  /** `rule` as git check-ignore prints it: file, line and pattern. */
  | {kind: 'ignored'; rule: string}
