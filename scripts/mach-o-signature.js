// The signature of a macOS executable, without a Mac. Bun signs for arm64, where macOS runs nothing unsigned. For x64 it leaves the
// signature of its own runtime in place, which no longer holds once our program is part of it: macOS kills such a process.
// Formats: Apple's osfmk/kern/cs_blobs.h; cmd/internal/codesign in Go signs in the same way.
import {createHash} from 'node:crypto'

const superBlob = 0xfade0cc0
const codeDirectory = 0xfade0c02
const pageBits = 12
const hashBytes = 32
/** What Go's linker and clang's write: nobody's identity, and signed by the linker. */
const flags = {adHoc: 0x2, linkerSigned: 0x20000}
const identity = 'a.out\0'
const headBytes = 12 + 8 + 88

/**
 * What a 64-bit Mach-O file of one architecture says of itself: 'unsigned'; 'broken' where a page differs from its hash; 'signed'.
 * Throws where it is no such file.
 */
export function signatureState(bytes) {
  const {signature} = placesIn(bytes)
  if (signature === undefined) return 'unsigned'
  const blob = bytes.subarray(signature.offset, signature.offset + signature.size)
  if (blob.readUInt32BE(0) !== superBlob) return 'broken'
  for (let index = 0; index < blob.readUInt32BE(8); index++) {
    if (blob.readUInt32BE(12 + index * 8) !== 0) continue
    const directory = blob.subarray(blob.readUInt32BE(16 + index * 8))
    if (directory.readUInt32BE(0) !== codeDirectory || directory[37] !== 2 || directory[39] !== pageBits)
      return 'broken'
    const [hashesAt, pages, end] = [16, 28, 32].map(at => directory.readUInt32BE(at))
    const found = directory.subarray(hashesAt, hashesAt + pages * hashBytes)
    return end === signature.offset && pageHashes(bytes.subarray(0, end)).equals(found) ? 'signed' : 'broken'
  }
  return 'broken'
}

/** The same file with a signature that holds and names nobody, in place of the one that it has. Throws where it has room for none. */
export function signedAdHoc(bytes) {
  const {signature, signatureCommand, linkEdit, text, arch} = placesIn(bytes)
  if (signature === undefined || linkEdit === undefined || text === undefined)
    throw new Error('a Mach-O file without LC_CODE_SIGNATURE, __LINKEDIT or __TEXT')
  const code = Buffer.from(bytes.subarray(0, signature.offset))
  const pages = Math.ceil(code.length / 2 ** pageBits)
  const size = headBytes + identity.length + pages * hashBytes
  const linkEditSize = signature.offset + size - linkEdit.offset
  const memoryPage = arch === 0x0100000c ? 0x4000 : 0x1000
  code.writeUInt32LE(size, signatureCommand + 12)
  const memory = code.readBigUInt64LE(linkEdit.command + 32)
  const needed = BigInt(Math.ceil(linkEditSize / memoryPage) * memoryPage)
  if (memory < linkEditSize) code.writeBigUInt64LE(needed, linkEdit.command + 32)
  code.writeBigUInt64LE(BigInt(linkEditSize), linkEdit.command + 48)

  const blob = Buffer.alloc(size)
  const words = (at, values) => {
    for (const [index, value] of values.entries()) blob.writeUInt32BE(value, at + index * 4)
  }
  words(0, [superBlob, size, 1, 0, 20])
  const hashesAt = 88 + identity.length
  words(20, [codeDirectory, size - 20, 0x20400, flags.adHoc | flags.linkerSigned, hashesAt, 88, 0, pages])
  words(52, [signature.offset])
  blob.set([hashBytes, 2, 0, pageBits], 56)
  // The part that is code, and that it is a program's.
  blob.writeBigUInt64BE(BigInt(text.offset), 84)
  blob.writeBigUInt64BE(BigInt(text.size), 92)
  blob.writeBigUInt64BE(1n, 100)
  blob.write(identity, 20 + 88, 'latin1')
  pageHashes(code).copy(blob, 20 + hashesAt)
  return Buffer.concat([code, blob])
}

/** SHA-256 of each page of 4096 bytes, one behind the other. */
function pageHashes(code) {
  const hashes = []
  for (let at = 0; at < code.length; at += 2 ** pageBits)
    hashes.push(
      createHash('sha256')
        .update(code.subarray(at, at + 2 ** pageBits))
        .digest(),
    )
  return Buffer.concat(hashes)
}

/** Where in the file the signature and the segments lie that it depends on, and their load commands. */
function placesIn(bytes) {
  if (bytes.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a 64-bit Mach-O file of one architecture')
  const found = {arch: bytes.readUInt32LE(4)}
  let at = 32
  for (let count = bytes.readUInt32LE(16); count > 0; count--) {
    const command = bytes.readUInt32LE(at)
    if (command === 0x1d) {
      found.signatureCommand = at
      found.signature = {offset: bytes.readUInt32LE(at + 8), size: bytes.readUInt32LE(at + 12)}
    } else if (command === 0x19) {
      const name = bytes.toString('latin1', at + 8, at + 24).replace(/\0+$/, '')
      const place = {
        command: at,
        offset: Number(bytes.readBigUInt64LE(at + 40)),
        size: Number(bytes.readBigUInt64LE(at + 48)),
      }
      if (name === '__LINKEDIT') found.linkEdit = place
      if (name === '__TEXT') found.text = place
    }
    at += bytes.readUInt32LE(at + 4)
  }
  return found
}
