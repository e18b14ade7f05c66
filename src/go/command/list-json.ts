/**
 * The JSON that `go list` prints: one object after another, indented by tabs (cmd/go/internal/list: json.MarshalIndent). A
 * string holds no line break there, so a line that is nothing but `{` opens a package, and `{}` is a package without fields.
 */

/**
 * A function from each piece of go's output to the same bytes with a field `ToolchainHash` first in every package; at the
 * end it gives back a line that was never finished.
 */
export function listedPackages(hash: string): (chunk: Buffer | 'end') => Buffer {
  const field = `\t"ToolchainHash": ${JSON.stringify(hash)}`
  let rest: Buffer = Buffer.alloc(0)
  let isOpened = false
  const withField = (line: Buffer): Buffer => {
    const text = line.length > 3 ? '' : line.toString('latin1')
    // A package that was opened ends its first field with a comma only where another one follows.
    const before = isOpened ? Buffer.from(text === '}\n' ? `${field}\n` : `${field},\n`) : Buffer.alloc(0)
    isOpened = text === '{\n'
    return text === '{}\n' ? Buffer.from(`{\n${field}\n}\n`) : Buffer.concat([before, line])
  }
  return chunk => {
    if (chunk === 'end') return rest
    const all = Buffer.concat([rest, chunk])
    const out: Buffer[] = []
    let start = 0
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, start)) {
      out.push(withField(all.subarray(start, end + 1)))
      start = end + 1
    }
    rest = all.subarray(start)
    return Buffer.concat(out)
  }
}
