/**
 * The symbols in what the Go compiler and assembler write, since Go 1.20 (cmd/internal/goobj, cmd/internal/archive).
 *
 *   !<arch>\n                                 compile and pack write archives; the assembler writes one object alone
 *   __.PKGDEF/  …  60 bytes of header `\n     what importers read
 *   _go_.o/     …
 *   go object linux amd64 go1.26.8 …\n!\n     and then, in each object,
 *   \0go120ld  fingerprint[8]  flags u32  offsets[19] u32   blocks, by position behind the magic
 *
 * `go tool nm` reads the same, but prints no name for what the compiler calls by number (goobj PkgIdxBuiltin), which is most of the
 * runtime, and is not there to be run since Go 1.25.
 */

/** A name with the calling convention by which it is defined or referred to: 0 the stack's (ABI0), 1 the compiler's own. */
export type ObjectSymbol = {name: string; abi: number}

/** A place in a defined symbol that refers to a runtime symbol by its number in a list that compiler and linker share. */
export type BuiltinReference = {symbol: string; offset: number; builtin: number}

export type ObjectFile = {
  /** `go object linux amd64 go1.26.8 GOAMD64=v1 X:…` */
  header: string
  defined: ObjectSymbol[]
  /** By name: what this object does not define. */
  referred: ObjectSymbol[]
  builtins: BuiltinReference[]
}

/** The objects in an archive, or the one that a file is; undefined where one of them is no Go object that is understood. */
export function readObjects(bytes: Buffer): ObjectFile[] | undefined {
  if (bytes.toString('latin1', 0, archiveMagic.length) !== archiveMagic) {
    const object = readObject(bytes)
    return object && [object]
  }
  const objects: ObjectFile[] = []
  for (let at = archiveMagic.length; at + 60 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 16).trim()
    const size = Number(bytes.toString('latin1', at + 48, at + 58).trim())
    const start = at + 60
    if (!Number.isInteger(size) || size < 0 || start + size > bytes.length) return undefined
    const entry = bytes.subarray(start, start + size)
    at = start + size + (size % 2)
    // A C compiler's object in a cgo package, or the list for its linker.
    if (name === '__.PKGDEF' || !entry.toString('latin1', 0, 10).startsWith('go object ')) continue
    const object = readObject(entry)
    if (object === undefined) return undefined
    objects.push(object)
  }
  return objects
}

const archiveMagic = '!<arch>\n'

/** The first line of an object, which compiler, assembler and linker compare whole; undefined for anything else. */
export function objectHeader(bytes: Buffer): string | undefined {
  return bytes.toString('latin1', 0, 1024).match(/(?:^|\n)(go object [^\n]*)\n/)?.[1]
}

const magic = '\0go120ld'
const blocks = {
  symdef: 3,
  hashed64def: 4,
  hasheddef: 5,
  nonpkgdef: 6,
  nonpkgref: 7,
  relocIdx: 11,
  reloc: 14,
  refName: 17,
}
const symbolSize = 21
const relocSize = 23
const refNameSize = 16
const builtinPackage = 0x7ffffffc

function readObject(bytes: Buffer): ObjectFile | undefined {
  const header = objectHeader(bytes)
  const start = bytes.indexOf(`\n!\n${magic}`, 0, 'latin1')
  if (header === undefined || start < 0) return undefined
  try {
    return readBlocks(bytes.subarray(start + 3), header)
  } catch (error) {
    // A number that leads out of the file.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readBlocks(object: Buffer, header: string): ObjectFile {
  const offsetOf = (block: number) => object.readUInt32LE(8 + 8 + 4 + 4 * block)
  const entries = (block: number, size: number): number[] => {
    const [from, to] = [offsetOf(block), offsetOf(block + 1)]
    if (from > to || to > object.length) throw new RangeError('a block that ends behind the file')
    return Array.from({length: Math.floor((to - from) / size)}, (_, index) => from + index * size)
  }
  const text = (at: number): string => {
    const [length, from] = [object.readUInt32LE(at), object.readUInt32LE(at + 4)]
    if (from + length > object.length) throw new RangeError('a text that ends behind the file')
    return object.toString('utf8', from, from + length)
  }
  const symbols = (block: number): ObjectSymbol[] =>
    entries(block, symbolSize).map(at => ({name: text(at), abi: object.readUInt16LE(at + 8)}))

  const {symdef, hashed64def, hasheddef, nonpkgdef} = blocks
  const defined = [symdef, hashed64def, hasheddef, nonpkgdef].flatMap(symbols)
  const relocIdx = offsetOf(blocks.relocIdx)
  const relocs = offsetOf(blocks.reloc)
  const builtins = defined.flatMap(({name}, index) => {
    const [first, end] = [
      object.readUInt32LE(relocIdx + 4 * index),
      object.readUInt32LE(relocIdx + 4 * index + 4),
    ]
    const found: BuiltinReference[] = []
    for (let reloc = first; reloc < end; reloc++) {
      const at = relocs + reloc * relocSize
      // One of no size is a mark for the linker, of which there may be several at one place.
      if (object.readUInt32LE(at + 15) !== builtinPackage || object.readUInt8(at + 4) === 0) continue
      found.push({symbol: name, offset: object.readInt32LE(at), builtin: object.readUInt32LE(at + 19)})
    }
    return found
  })
  const named = entries(blocks.refName, refNameSize).map(at => ({name: text(at + 8), abi: anyAbi}))
  return {header, defined, referred: [...symbols(blocks.nonpkgref), ...named], builtins}
}

/** Of what is referred to by package and number an object keeps the name alone. */
export const anyAbi = 0xffff

/**
 * The names behind the numbers, as the compiler has them: `compile -S` prints each reference of the object that it writes.
 *
 *   p.F STEXT size=459 args=0x28 locals=0x60
 *   <tab>rel 129+4 t=R_CALL runtime.growslice+0
 *
 * Key: `SYMBOL OFFSET`.
 */
export function namesInListing(listing: string): Map<string, string> {
  const names = new Map<string, string>()
  let symbol = ''
  for (const line of listing.split('\n')) {
    symbol = line.match(/^(\S.*?) S[A-Z]+\w* /)?.[1] ?? symbol
    const [, offset, name] = line.match(/^\trel (-?\d+)\+[1-9]\d* t=\S+ (.*)\+-?[0-9a-f]+$/) ?? []
    if (offset !== undefined && name !== undefined)
      names.set(`${symbol} ${offset}`, name.replace(/<ABI\w+>$/, ''))
  }
  return names
}

/** The list that the linker has of the same numbers: GOROOT/src/cmd/internal/goobj/builtinlist.go. */
export function parseBuiltinList(source: string): ObjectSymbol[] {
  return [...source.matchAll(/^\t\{"([^"]+)", (\d+)\},$/gm)].map(([, name = '', abi]) => ({
    name,
    abi: Number(abi),
  }))
}
