/**
 * The words after `go`, read as the go command reads them (cmd/go/main.go handleChdirFlag, flag.Parse, and
 * cmd/go/internal/test/testflag.go for `go test`). Positions count from 1, as "${1}" does in sh.
 */

export type Word = {at: number; text: string}

/** A flag's value: `-gcflags=V` has its value behind a prefix of the same word, `-gcflags V` in a word of its own. */
export type FlagValue = {name: string; at: number; prefix: string; value: string}

export type CommandLine = {
  /** undefined: no subcommand was typed, or a flag that is not -C stands in its place. */
  subcommand: string | undefined
  /** The value of -C, when it stands where the go command looks for it. */
  directory: string | undefined
  /** How many words come before the place where a build flag may be inserted: the subcommand and its -C. */
  head: number
  /** Flags that matter to a plan, in order. A bare boolean flag stands with the value 'true'. */
  flags: FlagValue[]
  /** The words after the flags: packages or files, and for `go run` the program's own arguments behind the first. */
  operands: Word[]
}

/** -gcflags, -compiler, -toolexec and -overlay decide a command's stamp; -pgo names a profile; -f, -json and -m say what `go list` prints. */
const ofPlans = new Set(['gcflags', 'compiler', 'toolexec', 'overlay', 'pgo', 'f', 'json', 'm'])

/** Whether a flag is looked for, by its name without dashes. */
type IsWanted = (name: string) => boolean

/**
 * Reads the words of one go command; of its flags those that are wanted, by default those that matter to a plan. Of a flag
 * that nobody here knows the next word is given as its value, for it may be one. Never fails: what go itself would refuse is
 * left for go to refuse.
 */
export function parseCommandLine(
  words: readonly string[],
  isWanted: IsWanted = name => ofPlans.has(name),
): CommandLine {
  const before = readDirectory(words, 0)
  const subcommand = words[before.next]
  const none = {directory: before.directory, head: 0, flags: [], operands: []}
  if (subcommand === undefined || subcommand.startsWith('-')) return {...none, subcommand: undefined}
  const behind = (at: number) =>
    before.directory === undefined ? readDirectory(words, at) : {directory: undefined, next: at}
  const after = behind(before.next + 1)
  if (hasSubcommands.has(subcommand) && /^[a-z]/.test(words[after.next] ?? '')) {
    // `go mod tidy -C d` and `go mod -C d tidy` are the same.
    const last = after.directory === undefined ? behind(after.next + 1) : {...after, next: after.next + 1}
    return {
      subcommand,
      directory: before.directory ?? last.directory,
      head: last.next,
      ...readFlags(words, last.next, isWanted, allFlags),
    }
  }
  const read = subcommand === 'test' ? readTestFlags : readFlags
  const known = isVetted.has(subcommand) ? buildFlags : allFlags
  return {
    subcommand,
    directory: before.directory ?? after.directory,
    head: after.next,
    ...read(words, after.next, isWanted, known),
  }
}

/** Behind the flags of a build these take what their tool says that it takes, as `go vet -c 2`, where -c is no flag of `go test`. */
const isVetted = new Set(['vet', 'fix'])

/** `go mod tidy`, `go work use`: flags stand behind the second word. */
const hasSubcommands = new Set(['mod', 'work'])

function readDirectory(words: readonly string[], at: number): {directory: string | undefined; next: number} {
  const word = words[at]
  if (word === '-C' || word === '--C') {
    const directory = words[at + 1]
    return directory === undefined ? {directory: undefined, next: at} : {directory, next: at + 2}
  }
  const value = word?.match(/^--?C=([\s\S]*)$/)?.[1]
  return value === undefined ? {directory: undefined, next: at} : {directory: value, next: at + 1}
}

/** package flag: flags come first and end at the first word that is not one, or behind "--". */
function readFlags(
  words: readonly string[],
  start: number,
  isWanted: IsWanted,
  known: KnownFlags,
): Pick<CommandLine, 'flags' | 'operands'> {
  const flags: FlagValue[] = []
  let at = start
  let maybeValue = false
  for (; at < words.length; ) {
    const flag = parseFlag(words, at, known)
    if (flag === 'terminator') {
      at += 1
      break
    }
    if (flag === undefined) {
      if (!maybeValue) break
      maybeValue = false
      at += 1
      continue
    }
    if (flag.value !== undefined && isWanted(flag.name)) flags.push(flag.value)
    maybeValue = flag.kind === 'unknown'
    at = flag.next
  }
  return {flags, operands: wordsFrom(words, at)}
}

/** go test: known flags count before and behind the package list; -args or a word that cannot be a value ends them. */
function readTestFlags(
  words: readonly string[],
  start: number,
  isWanted: IsWanted,
  known: KnownFlags,
): Pick<CommandLine, 'flags' | 'operands'> {
  const flags: FlagValue[] = []
  const operands: Word[] = []
  let listed = false
  let inList = false
  let maybeValue = false
  for (let at = start; at < words.length; ) {
    const flag = parseFlag(words, at, known)
    if (flag === 'terminator') break
    if (flag === undefined) {
      if (!inList && listed) {
        if (!maybeValue) break
        maybeValue = false
      } else {
        inList = true
        listed = true
        operands.push({at: at + 1, text: words[at] ?? ''})
      }
      at += 1
      continue
    }
    inList = false
    if (flag.kind === 'unknown') {
      if (flag.name === 'args') break
      listed = true
    }
    maybeValue = flag.kind === 'unknown'
    if (flag.value !== undefined && isWanted(flag.name)) flags.push(flag.value)
    at = flag.next
  }
  return {flags, operands}
}

type Flag = {name: string; kind: 'boolean' | 'valued' | 'unknown'; value: FlagValue | undefined; next: number}

/** undefined: not a flag. 'terminator': the word "--". */
function parseFlag(
  words: readonly string[],
  index: number,
  known: KnownFlags,
): Flag | 'terminator' | undefined {
  const word = words[index] ?? ''
  if (word === '--') return 'terminator'
  const match = word.match(/^(--?)([^-=][^=]*)(=[\s\S]*)?$/)
  if (!match) return undefined
  const [, dashes = '', name = '', assigned] = match
  const at = index + 1
  if (assigned !== undefined) {
    const prefix = `${dashes}${name}=`
    return {name, kind: 'boolean', value: {name, at, prefix, value: assigned.slice(1)}, next: index + 1}
  }
  if (!known.valued.has(testless(name))) {
    const isBoolean = known.boolean.has(testless(name))
    const value = isBoolean ? 'true' : (words[index + 1] ?? '')
    return {
      name,
      kind: isBoolean ? 'boolean' : 'unknown',
      value: {name, at, prefix: '', value},
      next: index + 1,
    }
  }
  const value = words[index + 1]
  return {
    name,
    kind: 'valued',
    value: value === undefined ? undefined : {name, at: at + 1, prefix: '', value},
    next: index + 2,
  }
}

/** Test flags may be written -test.run as well as -run. */
function testless(name: string): string {
  return name.startsWith('test.') ? name.slice('test.'.length) : name
}

function wordsFrom(words: readonly string[], start: number): Word[] {
  return words.slice(start).map((text, offset) => ({at: start + offset + 1, text}))
}

/** `boolean` never take the next word, `valued` take it when they carry no "=". Of any other it may be the value. */
type KnownFlags = {boolean: ReadonlySet<string>; valued: ReadonlySet<string>}

/** `go help build`. */
const booleanOfBuild = 'a n race msan asan cover linkshared modcacherw trimpath v work x buildvcs'
const valuedOfBuild =
  'C p covermode coverpkg asmflags buildmode compiler gccgoflags gcflags installsuffix ldflags mod modfile overlay ' +
  'pgo pkgdir tags toolexec debug-actiongraph debug-runtime-trace debug-trace vettool'

/** `go help list`, `go help get`, `go help testflag`. */
const booleanOfOthers =
  'i json compiled deps e export find m retracted test u versions c artifacts benchmem failfast fullpath short diff fix h help'
const valuedOfOthers =
  'o exec f reuse bench benchtime blockprofile blockprofilerate count coverprofile cpu cpuprofile fuzz fuzzcachedir ' +
  'fuzzminimizetime fuzztime list memprofile memprofilerate mutexprofile mutexprofilefraction outputdir parallel run shuffle ' +
  'skip timeout trace vet'

function flagsOf(boolean: string, valued: string): KnownFlags {
  return {boolean: new Set(boolean.split(' ')), valued: new Set(valued.split(' '))}
}

const buildFlags = flagsOf(booleanOfBuild, valuedOfBuild)
const allFlags = flagsOf(`${booleanOfBuild} ${booleanOfOthers}`, `${valuedOfBuild} ${valuedOfOthers}`)
