/**
 * Which compiler, assembler and linker flags a binary may ask for. They are text that anybody can write into a binary, and some of them
 * write files (-o, -cpuprofile) or run programs (-extld): what is not named here is not passed on.
 */
import {splitQuoted} from '../go/command/quoted.ts'

export type FlagKind = '-gcflags' | '-asmflags' | '-ldflags'

/** `bare`: flags alone. `valued`: those with a number, a name or a text that no tool takes for a file. */
const allowed: Record<FlagKind, {bare: string; valued: string}> = {
  '-gcflags': {
    bare: 'B N dwarf dwarfbasentries dwarflocationlists dynlink e l shared smallframes spectre wb',
    valued: 'c d dwarf dwarfbasentries dwarflocationlists env I l lang spectre wb',
  },
  '-asmflags': {bare: 'dynlink e shared spectre', valued: 'D d spectre'},
  '-ldflags': {
    bare: 'aslr asan bindnow checklinkname compressdwarf debugtramp f g msan n race s strictdups w',
    valued:
      'aslr B bindnow buildid buildmode checklinkname compressdwarf funcalign H linkmode R randlayout s strictdups T w X',
  },
}

/**
 * Whether one setting of -d is a name with a number or none, `checkptr=0`, `ssa/prove/debug=1`. Some that take a text write to the file of
 * that name (dumpinlfuncprops=FILE), and ssa/PHASE/dump to one in the working directory (cmd/compile/internal/base/debug.go).
 */
function isHarmlessDebug(setting: string): boolean {
  return !/dump/i.test(setting) && /^(ssa\/[\w+-]+\/)?[a-z_]*([=:]-?\d+)?$/.test(setting)
}

/**
 * The first word of a flag value that a binary does not get to choose; undefined where all are harmless. `hasCgo`: whether running
 * the C compiler was allowed, which -linkmode=external does. The value is `[pattern=]flags` for packages, plain flags for the linker.
 */
export function refusedFlag(kind: FlagKind, value: string, hasCgo: boolean): string | undefined {
  const words = splitQuoted(kind === '-ldflags' ? value : value.replace(/^[^-\s'"=]+=/, ''))
  if (words === undefined) return value
  const bare = allowed[kind].bare.split(' ')
  const valued = allowed[kind].valued.split(' ')
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const [, name = '', joined] = word.match(/^--?([A-Za-z]+)(?:=([\s\S]*))?$/) ?? []
    if (joined === undefined && bare.includes(name)) continue
    if (!valued.includes(name)) return word
    // A value may stand in the next word.
    const text = joined ?? words[++at] ?? ''
    if (name === 'linkmode' && text === 'external' && !hasCgo) return '-linkmode=external'
    if (name === 'd' && !text.split(',').every(isHarmlessDebug))
      return joined === undefined ? `${word} ${text}` : word
    // -I names a folder that is read, and is the stamp of an old toolchain.
    if ((name === 'env' || name === 'I') && !text.startsWith('ToolchainHash=')) return word
  }
  return undefined
}
