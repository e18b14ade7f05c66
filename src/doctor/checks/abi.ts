/** Whether compiler, assembler, linker and runtime of a GOROOT go together, from what they wrote just now. */

import type {AbiMismatch} from '../../findings/facts-of-doctor.ts'
import {anyAbi, type ObjectSymbol} from '../../go/binary/symbols.ts'
import type {AbiFacts} from '../probes/abi.ts'

/** What does not fit; nothing where all does. */
export function checkAbi(facts: AbiFacts): AbiMismatch {
  return {
    headers: otherHeaders(facts),
    missing: missingSymbols(facts),
    renumbered: renumberedSymbols(facts),
  }
}

/** Objects with a first line that the linker does not take. */
function otherHeaders({headers, runtime}: AbiFacts): AbiMismatch['headers'] {
  const {link} = headers
  if (link === '') return []
  const written = [
    {by: 'compile', header: headers.compile},
    {by: 'asm', header: headers.asm},
    ...(runtime.kind === 'archives' ? runtime.archives.map(({path, header}) => ({by: path, header})) : []),
  ]
  return written.filter(({header}) => header !== '' && header !== link)
}

function missingSymbols({references, runtime}: AbiFacts): AbiMismatch['missing'] {
  const abis = new Map<string, Set<number>>()
  for (const {name, abi} of runtime.defined) abis.set(name, (abis.get(name) ?? new Set()).add(abi))
  const names = new Map<string, AbiMismatch['missing'][number]>()
  for (const {name, abi} of references) {
    const found = abis.get(name)
    if (madeByLinker.has(name) || (name.startsWith('type:') && runtime.kind === 'sources')) continue
    if (found === undefined) names.set(name, {name, otherAbi: false})
    else if (abi !== anyAbi && !found.has(abi) && !found.has(anyAbi)) names.set(name, {name, otherAbi: true})
  }
  return [...names.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** In no archive: the linker lays out what they stand for. */
const madeByLinker: ReadonlySet<string> = new Set(['runtime.tlsg'])

/** The linker would take another symbol for the number that the compiler wrote, without a word. */
function renumberedSymbols({references, builtins}: AbiFacts): AbiMismatch['renumbered'] {
  if (builtins.length === 0) return []
  return references.flatMap(({name, builtin}) => {
    if (builtin === undefined) return []
    const linked: ObjectSymbol | undefined = builtins[builtin]
    return linked?.name === name ? [] : [{number: builtin, compiler: name, linker: linked?.name ?? ''}]
  })
}
