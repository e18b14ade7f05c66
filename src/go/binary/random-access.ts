/** A file that is read by position, and never loaded whole. */
export type RandomAccess = {
  size: number
  /** At most `length` bytes from `offset`; fewer where the file ends. */
  read(offset: number, length: number): Buffer
}

/** A run of bytes of a file, as a file of its own; undefined when the file ends before it does. */
export function sliceOf(file: RandomAccess, offset: number, size: number): RandomAccess | undefined {
  if (offset + size > file.size) return undefined
  return {
    size,
    read: (from, length) => file.read(offset + from, Math.max(0, Math.min(length, size - from))),
  }
}
