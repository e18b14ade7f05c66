/**
 * What an action ID of the go command is made of. With GODEBUG=gocachehash=1 it prints each text that it hashes, on stderr
 * (cmd/go/internal/cache/hash.go):
 *
 *   HASH[build example.com/m]
 *   HASH[build example.com/m]: "go1.26.8"
 *   HASH[build example.com/m]: "compile\n"
 *   HASH[build example.com/m]: "file main.go sikXdBOXoL_44enFiSDs\n"
 *   HASH[build example.com/m]: 1cfa9b4f14a7358e8efbd7dee9688021c7c7f83c140869bfbfb648ebf28a8974
 *
 * What the texts say: buildActionID, linkActionID and printLinkerConfig of cmd/go/internal/work/exec.go, go1.18 to go1.27.
 */
import {createHash} from 'node:crypto'
import {unquote, unquotePrefix} from '../source/unquote.ts'
import {stampsOf} from './gcflags.ts'

/** One step of a build: a package that is compiled, or a program that is linked. */
export type Action = {
  step: 'build' | 'link'
  /** The import path, with what it is built for: `fmt [example.com/m.test]`. */
  package: string
  /** The first 120 bits, as build IDs write it. */
  id: string
  inputs: ActionInput[]
  /** Whether the inputs hash to the ID, so that none is missing. */
  isComplete: boolean
}

/** `name` is unique in its action; what is off or empty everywhere is none. `import` names the package whose content ID the value is. */
export type ActionInput = {name: string; value: string; import?: string}

export type ActionReader = {
  /** Takes a line of stderr; whether it was one of these. */
  line(text: string): boolean
  /** The actions so far that are closed, by `build PACKAGE` and `link PACKAGE`; of two under one name the last. */
  actions: ReadonlyMap<string, Action>
}

/** Reads the lines as they come: those of several actions stand between one another. */
export function actionReader(): ActionReader {
  const open = new Map<string, Buffer[]>()
  const actions = new Map<string, Action>()
  const line = (text: string): boolean => {
    if (!text.startsWith('HASH')) return false
    const match = text.match(/^HASH\[((build|link) (\S+(?: \[[^\]]*\])?))\](?:: (.*))?$/)
    if (match === null) return /^HASH[ []/.test(text)
    const [, name = '', step = '', path = '', content] = match
    if (content === undefined) {
      open.set(name, [])
      return true
    }
    const texts = open.get(name) ?? []
    if (content.startsWith('"')) {
      // Bytes that are no UTF-8 are escaped; all others stand as they are.
      const bytes = unquote(Buffer.from(content).toString('latin1'), 'latin1')
      if (bytes !== undefined) texts.push(Buffer.from(bytes, 'latin1'))
      return true
    }
    open.delete(name)
    const hash = createHash('sha256')
    for (const bytes of texts) hash.update(bytes)
    actions.set(name, {
      step: step === 'link' ? 'link' : 'build',
      package: path,
      id: Buffer.from(content.slice(0, 30), 'hex').toString('base64url'),
      inputs: inputsOf(texts.map(bytes => bytes.toString())),
      isComplete: hash.digest('hex') === content,
    })
    return true
  }
  return {line, actions}
}

/** The first text is the salt, without a line break; every other one is a line. */
function inputsOf([salt = '', ...lines]: string[]): ActionInput[] {
  const inputs = [
    {name: 'go command', value: salt},
    ...lines.flatMap(line => decoded(line.replace(/\n$/, ''))),
  ]
  const seen = new Map<string, number>()
  return inputs.map(input => {
    const count = (seen.get(input.name) ?? 0) + 1
    seen.set(input.name, count)
    return count === 1 ? input : {...input, name: `${input.name} (${count})`}
  })
}

/** The inputs of one line; a line that is not known stands for itself. */
function decoded(line: string): ActionInput[] {
  for (const [pattern, decode] of lineForms) {
    const match = line.match(pattern)
    const inputs = match && decode(match)
    if (inputs) return inputs
  }
  return [{name: line.split(' ')[0] ?? '', value: line.slice(line.indexOf(' ') + 1)}]
}

type Decode = (match: RegExpMatchArray) => ActionInput[] | undefined

const lineForms: [RegExp, Decode][] = [
  [/^(compile|link|import ".*")$/, () => []],
  [/^dir (.*)$/s, ([, dir = '']) => [{name: 'folder', value: dir}]],
  [/^module (.*)@(.*)$/, ([, path, version]) => [{name: 'module', value: `${path} ${version}`.trim()}]],
  [/^go (.*)$/, ([, version = '']) => [{name: 'go line of its go.mod', value: version}]],
  [
    /^(?:buildmode (\S+) )?goos (\S+) goarch (\S+)$/,
    ([, mode, os = '', arch = '']) => [
      ...(mode === undefined ? [] : [{name: '-buildmode', value: mode}]),
      {name: 'GOOS', value: os},
      {name: 'GOARCH', value: arch},
    ],
  ],
  [
    /^omitdebug (\S+) standard (\S+) local (\S+) prefix (".*")$/,
    ([, omitDebug, standard, local, prefix = '']) =>
      [
        {name: 'omitdebug', value: omitDebug ?? ''},
        {name: 'of the standard library', value: standard ?? ''},
        {name: 'of files on the command line', value: local ?? ''},
        {name: 'local prefix', value: unquote(prefix) ?? prefix},
      ].filter(({value}) => value !== 'false' && value !== ''),
  ],
  [/^trimpath$/, () => [{name: '-trimpath', value: 'true'}]],
  [
    /^(compile|link) (.*?) (\[.*)$/s,
    ([, tool, version = '', rest = '']) => {
      const [forced, behind] = wordList(rest) ?? []
      if (forced === undefined || behind === undefined) return undefined
      const own = {name: tool === 'compile' ? 'compiler' : 'linker', value: version}
      if (tool === 'link')
        return [own, ...forcedFlags(forced), {name: 'kind of program', value: behind.trim()}]
      const [flags] = wordList(behind.trim()) ?? []
      if (flags === undefined) return undefined
      return [own, ...forcedFlags(forced), ...compilerFlags(flags)]
    },
  ],
  [/^linkflags (\[.*\])$/s, ([, list = '']) => [{name: '-ldflags', value: joined(list)}]],
  [
    /^asm (".*)$/s,
    ([, rest = '']) => {
      const tool = unquotePrefix(rest)
      const [, behind = ''] = wordList(rest.slice(tool?.length ?? 0).trim()) ?? []
      if (tool === undefined) return undefined
      return [
        {name: 'assembler', value: tool.value},
        {name: '-asmflags', value: joined(behind.trim())},
      ]
    },
  ],
  [/^cgo (".*")$/, ([, tool = '']) => [{name: 'cgo', value: unquote(tool) ?? tool}]],
  [
    /^(CC|CXX|FC)=(\[.*)$/s,
    ([, name = '', rest = '']) => {
      const values: string[] = []
      for (let left = rest; left !== ''; ) {
        const list = wordList(left)
        if (list === undefined) return undefined
        values.push(list[0].join(' '))
        left = list[1].trim()
      }
      const names = [name, ...(flagsBehind[name] ?? [])]
      return values.map((value, index) => ({name: names[index] ?? `${name} ${index}`, value}))
    },
  ],
  [/^((?:CC|CXX|FC) ID(?: ERROR)?)=(.*)$/s, ([, name = '', id = '']) => [{name, value: unquote(id) ?? id}]],
  [/^magic (\w+)=(.*)$/s, ([, name = '', value = '']) => [{name, value}]],
  [/^defaultgodebug (".*")$/, ([, text = '']) => [{name: 'DefaultGODEBUG', value: unquote(text) ?? text}]],
  [/^modinfo (".*")$/s, ([, text = '']) => buildInfoLines(unquote(text) ?? text)],
  [/^pgofile (.*)$/, ([, hash = '']) => [{name: 'profile (-pgo)', value: hash}]],
  [/^file (.*) (\S+)$/s, ([, file = '', hash = '']) => [{name: `file ${file}`, value: hash}]],
  [/^import (\S+) (\S*)$/, ([, path = '', id = '']) => [imported(path, id)]],
  [/^packagefile ([^=]+)=(.*)$/, ([, path = '', id = '']) => [imported(path, id)]],
  [/^packagemain (.*)$/, ([, id = '']) => [{name: 'build ID of package main', value: id}]],
  [/^([A-Z][A-Z0-9_]*)=(.*)$/s, ([, name = '', value = '']) => [{name, value: unquote(value) ?? value}]],
]

/** Behind CC: CGO_CPPFLAGS and its like, each with what #cgo lines add. */
const flagsBehind: Record<string, string[]> = {
  CC: ['CGO_CPPFLAGS', 'CGO_CFLAGS', 'CGO_LDFLAGS'],
  CXX: ['CGO_CXXFLAGS'],
  FC: ['CGO_FFLAGS'],
}

function imported(path: string, id: string): ActionInput {
  return {name: `import ${path}`, value: id, import: path}
}

function forcedFlags(flags: readonly string[]): ActionInput[] {
  return flags.length === 0 ? [] : [{name: 'flags that go adds', value: flags.join(' ')}]
}

/** -gcflags, and our stamp by itself: go makes both part of the ID alike. */
function compilerFlags(flags: readonly string[]): ActionInput[] {
  const isStamp = (word: string) => stampsOf(word).length > 0
  const stamps = flags.filter(isStamp).flatMap(stampsOf)
  const others = flags.filter(word => !isStamp(word))
  return [
    {name: '-gcflags', value: others.join(' ')},
    ...(stamps.length === 0 ? [] : [{name: 'stamp', value: stamps.join(' ')}]),
  ]
}

/** `["-N" "-l"] …`: the words, and what stands behind the list; undefined for another text. */
function wordList(text: string): [words: string[], behind: string] | undefined {
  if (!text.startsWith('[')) return undefined
  const words: string[] = []
  let at = 1
  while (text[at] !== ']') {
    if (text[at] === ' ') at += 1
    const word = unquotePrefix(text.slice(at))
    if (word === undefined) return undefined
    words.push(word.value)
    at += word.length
  }
  return [words, text.slice(at + 1)]
}

function joined(list: string): string {
  const words = wordList(list)
  return words === undefined ? list : words[0].join(' ')
}

/** The build info of a main package is an input, line by line. */
function buildInfoLines(text: string): ActionInput[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [word = '', first = '', ...rest] = line.split('\t')
      const equals = first.indexOf('=')
      if (word === 'build' && equals > 0)
        return {name: `build info: ${first.slice(0, equals)}`, value: first.slice(equals + 1)}
      if (word === 'path' || word === 'mod')
        return {name: `build info: ${word}`, value: [first, ...rest].join(' ')}
      return {name: `build info: ${word} ${first}`, value: rest.join(' ')}
    })
}
