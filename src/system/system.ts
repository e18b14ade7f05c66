/**
 * The world as one value. Everything takes a `System` as its first argument, so a test hands over a plain object instead of
 * mocking modules; node.ts makes the real one.
 */
import type {Happening} from './happening.ts'

/** The numbers that tell whether a file is still the same one. Times are nanoseconds since the epoch. */
export type FileStat = {
  kind: 'file' | 'directory' | 'link' | 'other'
  device: bigint
  inode: bigint
  size: bigint
  mode: number
  owner: number
  mtimeNs: bigint
  ctimeNs: bigint
}

export type DirectoryEntry = {name: string; kind: FileStat['kind']}

export type RunOptions = {
  cwd?: string
  env?: Record<string, string | undefined>
  /** Where the child's stderr goes; 'inherit' when the user should see it as it comes. Default 'pipe'. */
  stderr?: 'pipe' | 'inherit'
  /** Is given each line of a piped stderr as it comes, without its line break. */
  onErrorLine?: (line: string) => void
}

/** How a child ended. `exitCode` is undefined when a signal ended it. */
export type RunResult = {
  exitCode: number | undefined
  signal: string | undefined
  stdout: string
  stderr: string
}

/** A file system as narrow as we use it. Absence (ENOENT, ENOTDIR) is `undefined`; every other failure throws. */
export type Files = {
  read(path: string): Buffer | undefined
  /** The first `length` bytes, or fewer when the file is shorter. */
  readHead(path: string, length: number): Buffer | undefined
  /** Follows links, like stat(2). */
  stat(path: string): FileStat | undefined
  /** The f_type of statfs(2) for the file system that a path lies in. */
  fileSystemType(path: string): number | undefined
  list(directory: string): DirectoryEntry[] | undefined
  /** What a symbolic link names; undefined for anything else. */
  linkTarget(path: string): string | undefined
  /** The path with every link resolved. */
  realPath(path: string): string | undefined
  isExecutable(path: string): boolean
  isWritable(path: string): boolean
  /** What is left for us on the disk that holds a path; undefined where that cannot be asked. */
  space(path: string): {bytes: number; files: number} | undefined
  makeDirectory(path: string, mode: number): void
  /**
   * Writes beside the target and renames over it: a reader sees the old bytes or the new ones, never a mixture. The umask cuts
   * the mode, unless that is exact: of a file that was there already.
   */
  replace(path: string, content: string | Uint8Array, mode: number, isModeExact?: boolean): void
  /**
   * Writes at the end of a file, with one call of the system, so that of many writers at once each has its bytes together; `mode`
   * is for a file that is not there yet. Returns the size of the file then. Throws ENOENT where the folder is missing.
   */
  append(path: string, content: string, mode: number): number
  /** Writes a file that is not there yet; the umask cuts the mode. Not by rename: for a folder that nobody knows yet. */
  create(path: string, content: Uint8Array, mode: number): void
  changeMode(path: string, mode: number): void
  /** Renames a file or folder, making the folders above its new place. */
  move(from: string, to: string): void
  /** A symbolic link, in the place of what stood there. */
  link(target: string, path: string): void
  remove(path: string): void
}

export type System = {
  env: Readonly<Record<string, string | undefined>>
  /** As Go sees it: $PWD when that names the working directory, else the resolved path. */
  cwd: string
  platform: NodeJS.Platform
  architecture: NodeJS.Architecture
  /** Effective user, or undefined where the platform has none. */
  user: number | undefined
  pid: number
  nowMs(): number
  files: Files
  /**
   * Runs a program by path, or by name in an absolute entry of PATH, with an argument list; never a shell. Rejects only when
   * it cannot start.
   */
  run(file: string, args: readonly string[], options?: RunOptions): Promise<RunResult>
  /** Everything on standard input; '' when there is none. */
  stdin(): string
  /** Bytes are those of a program that we ran for somebody, and go on as they came. */
  stdout(text: string | Uint8Array): void
  stderr(text: string | Uint8Array): void
  /** Told of what keeps a person waiting, and of what is over; what becomes of it is for the doors to say. */
  tell(happening: Happening): void
  /** Whether stderr is a terminal that can rewrite a line. */
  stderrIsTerminal(): boolean
  /** Whether somebody types what stdin() reads. */
  stdinIsTerminal(): boolean
  /** The width of the terminal that stdout is; undefined where it is none. */
  stdoutColumns(): number | undefined
}

/** How a child that spoke in bytes ended. `exitCode` is undefined when a signal ended it. */
export type PipeResult = {
  exitCode: number | undefined
  signal: string | undefined
  stdout: Buffer
  stderr: string
}

export type PipeOptions = RunOptions & {input?: Uint8Array}

/** Runs a program as System.run does, with bytes in and bytes out, for Git paths are no text. */
export type Pipe = (file: string, args: readonly string[], options?: PipeOptions) => Promise<PipeResult>
