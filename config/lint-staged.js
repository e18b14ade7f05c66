/**
 * For lint-staged: `import gowarden from 'gowarden/lint-staged'`, and spread it into your own configuration.
 * lint-staged passes file names, and gowarden judges the index as a whole: so the names are dropped. It runs its commands
 * without deleted files; the hook of `gowarden init` sees those too.
 */
export default {
  '**/{*.mod,*.sum,go.work,.gowardenrc.*}': () => 'gowarden verify --staged',
  '**/vendor/**': () => 'gowarden verify --staged',
}
