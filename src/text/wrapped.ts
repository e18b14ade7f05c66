/**
 * Text of Markdown for a terminal of that many columns: lines are broken at blanks, what continues a line of a list is below its
 * text. Code blocks, and words longer than a line, stay whole. Without columns the text as it is.
 */
export function wrapped(text: string, columns: number | undefined): string {
  if (columns === undefined) return text
  let isCode = false
  return paragraphs(text)
    .map(line => {
      const isFence = line.startsWith('```')
      if (isFence) isCode = !isCode
      return isCode || isFence ? line : wrapLine(line, columns)
    })
    .join('\n')
}

/** The lines of a text, those of one paragraph or item joined: the page is broken for a wider screen. */
function paragraphs(text: string): string[] {
  const joined: string[] = []
  let isOpen = false
  let isCode = false
  for (const line of text.split('\n')) {
    const isFence = line.startsWith('```')
    if (isFence) isCode = !isCode
    const isPlain = !isCode && !isFence && line !== '' && !/^(#|\||- |\d+\. | {4})/.test(line)
    const before = joined.at(-1)
    if (isPlain && isOpen && before !== undefined) joined[joined.length - 1] = `${before} ${line.trim()}`
    else joined.push(line)
    isOpen = !isCode && !isFence && line !== '' && !/^(#|\|| {4})/.test(line)
  }
  return joined
}

function wrapLine(line: string, columns: number): string {
  if (line.startsWith('|')) return line
  const indent = line.match(/^(- |\d+\. | *)/)?.[0].length ?? 0
  const lines: string[] = []
  let current = line.slice(0, indent)
  let isEmpty = true
  for (const word of line.slice(indent).split(' ')) {
    if (!isEmpty && current.length + 1 + word.length > columns) {
      lines.push(current)
      current = ' '.repeat(indent) + word
    } else current += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, current].join('\n')
}
