// lint-staged for this repository's own TypeScript.
export default {
  '*.{ts,js,json}': 'biome check --write --no-errors-on-unmatched',
}
