import {
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'

/** What may have become of a file of ours that no longer makes sense. The path is that of the file as it was. */
export const corruptions: [name: string, change: (path: string) => void][] = [
  ['empty', path => writeFileSync(path, '')],
  ['cut short by a byte', path => truncateSync(path, statSync(path).size - 1)],
  ['cut short by twenty bytes', path => truncateSync(path, statSync(path).size - 20)],
  ['cut in half', path => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ['cut behind a few bytes', path => truncateSync(path, 30)],
  ['a line of text', path => writeFileSync(path, 'nonsense\n')],
  [
    'half zeros',
    path => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 400), Buffer.alloc(4096)])),
  ],
  ['zeros', path => writeFileSync(path, Buffer.alloc(4096))],
  [
    'bytes that are no text',
    path => writeFileSync(path, Buffer.from(Array.from({length: 4096}, (_, at) => (at * 7) % 256))),
  ],
  [
    'a folder',
    path => {
      unlinkSync(path)
      mkdirSync(path)
    },
  ],
  [
    'a link to itself',
    path => {
      unlinkSync(path)
      symlinkSync(path, path)
    },
  ],
]

/** Writes a JSON file anew with another value. */
export function rewrite(path: string, change: (content: Record<string, unknown>) => unknown): void {
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))))
}
