/** The frame of a page: one file, which loads nothing, and says so to the browser. */
import {createHash} from 'node:crypto'
import {type Html, html, htmlText, ownMarkup, type Value} from './html.ts'
import {hashId, table} from './parts.ts'
import {script, style} from './style.ts'

export type Page = {
  title: string
  /** Beneath the title: of whom, of when. */
  about: Value
  verdict: Value
  figures: Value
  /** The sections in their order, for the contents. */
  contents: readonly (readonly [id: string, heading: string])[]
  body: Value
  footer: Value
}

/** The text of the page. */
export function pageText({title, about, verdict, figures, contents, body, footer}: Page): string {
  return htmlText(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${ownMarkup(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="about">${about}</p>
<p class="verdict">${verdict}</p>
${figures}<nav aria-label="Contents"><ul>${contents.map(([id, heading]) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
</header>
<main>
${body}</main>
<footer>${footer}</footer>
<script>${ownMarkup(script)}</script>
</body>
</html>
`)
}

/** Nothing is loaded, nothing is sent; of style and script there are these two. */
const policy = [
  "default-src 'none'",
  `style-src ${sourceOf(style)}`,
  `script-src ${sourceOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function sourceOf(text: string): string {
  return ["'sha256-", createHash('sha256').update(text).digest('base64'), "'"].join('')
}

/** Where every short hash of a page points to: whole ones, to copy. */
export function hashTable(hashes: readonly string[]): Html {
  return html`<div class="hashes">${table(
    'Each hash in full, to copy',
    [{head: 'ToolchainHash'}],
    [...new Set(hashes)].map(hash => [html`<span id="${hashId(hash)}"><code>${hash}</code></span>`]),
    'no toolchain is known',
  )}</div>`
}
