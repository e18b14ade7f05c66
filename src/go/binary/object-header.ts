/**
 * Reads the first bytes of a cache entry. Package archives begin
 *
 *   !<arch>
 *   __.PKGDEF       0           0     0     644     5518      `
 *   go object linux amd64 go1.26.8 GOAMD64=v1 X:…
 *   build id "…"
 *
 * (cmd/internal/objabi HeaderString). Returns the Go version of the header, undefined for every other kind of entry.
 */
export function objectVersion(head: Uint8Array): string | undefined {
  if (head.length < 8 || Buffer.from(head.buffer, head.byteOffset, 8).toString('latin1') !== '!<arch>\n')
    return undefined
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1')
  return text.match(/\ngo object \S+ \S+ (?:devel )?(\S+)/)?.[1]
}

/** How many bytes of an entry are enough for objectVersion. */
export const objectHeadLength = 256
