/** Hashes for tests in which it matters which are the same, and not what they are of. */
import {type H1, parseH1} from '../../src/go/module/h1.ts'
import {parseToolchainHash, type ToolchainHash} from '../../src/go/module/toolchain-module.ts'

/** The text as an h1. Throws where it is none. */
export function h1From(text: string): H1 {
  const h1 = parseH1(text)
  if (h1 === undefined) throw new Error(`not an h1: ${text}`)
  return h1
}

/** The text as a ToolchainHash. Throws where it is none. */
export function hashFrom(text: string): ToolchainHash {
  const toolchain = parseToolchainHash(text)
  if (toolchain === undefined) throw new Error(`not a ToolchainHash: ${text}`)
  return toolchain.hash
}

/** The hash of a toolchain for linux/amd64 with an h1 that begins with `name`, of letters and digits. */
export function hashNamed(version: string, name: string): ToolchainHash {
  return hashFrom(`${version}.linux-amd64@h1:${name.padEnd(43, '0')}=`)
}
