/**
 * For lint-staged: `import gowarden from 'gowarden/lint-staged'`, and spread it into your own configuration. The names of files
 * are dropped, for gowarden judges the index as a whole. lint-staged passes deleted files by; the hook of `gowarden init` does not.
 */
const judged = /(^|\/)(vendor\/.*|[^/]*\.(go|mod|sum)|go\.work|\.gowardenrc\.[^/]*)$/

export default {
  '*': files => (files.some(file => judged.test(file)) ? 'gowarden verify --staged' : []),
}
