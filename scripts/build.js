// Bundles what runs: dist/planner.cjs for the launcher (one file, CommonJS: it starts soonest) and dist/cli.js for bin/gowarden.
import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {basename, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import Ajv from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import {build} from 'esbuild'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
// Built beside dist/ and put in its place at the end: a launcher of this clone may be in use while it is built anew.
const made = 'dist.new'
rmSync(made, {recursive: true, force: true})
mkdirSync(made)
mkdirSync('dist', {recursive: true})

// The published schema is the validator: compiled here, so that no build waits for Ajv.
const schema = JSON.parse(readFileSync('config/schema.json', 'utf8'))
const ajv = new Ajv({
  allErrors: true,
  code: {source: true, esm: true},
  verbose: true,
  strict: true,
  allowUnionTypes: true,
})
// The bundles below and tsc find it in dist/; nothing that runs does.
for (const folder of ['dist', made]) {
  writeFileSync(`${folder}/validate-policy.js`, standalone(ajv, ajv.compile(schema)))
  writeFileSync(
    `${folder}/validate-policy.d.ts`,
    "export declare const validate: import('ajv').ValidateFunction\n",
  )
}

const {version} = JSON.parse(readFileSync('package.json', 'utf8'))
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.17',
  legalComments: 'none',
  logLevel: 'warning',
  define: {GOWARDEN_VERSION: JSON.stringify(version)},
}

// What only some plans need, reading a policy file and claiming a cache, is a file of its own beside the planner.
const chunks = ['policy-file', 'policy-levels', 'policy-bypass', 'restrictions', 'cache-lock']

await Promise.all([
  build({
    ...common,
    entryPoints: ['src/planner.ts'],
    format: 'cjs',
    outfile: `${made}/planner.cjs`,
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [besides(...chunks)],
  }),
  ...chunks.map(name =>
    build({...common, entryPoints: [`src/${name}.ts`], format: 'cjs', outfile: `${made}/${name}.cjs`}),
  ),
  // What GOWARDEN=off runs where a policy file may ask for a reason.
  build({
    ...common,
    entryPoints: ['src/bypass.ts'],
    format: 'cjs',
    outfile: `${made}/bypass.cjs`,
    plugins: [besides(...chunks)],
  }),
  // What `go list -json=ToolchainHash` runs in place of go.
  build({...common, entryPoints: ['src/list-json.ts'], format: 'cjs', outfile: `${made}/list-json.cjs`}),
])

const esm = {
  ...common,
  format: 'esm',
  outdir: made,
  entryNames: '[name]',
  minifyWhitespace: true,
  minifySyntax: true,
  // CommonJS dependencies inside an ESM bundle still call require for Node's own modules.
  banner: {
    js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);",
  },
}

// Verbs load what they use. What a commit waits for is in one file each, for a file takes longer to find than to read.
const atOnce = [
  {in: 'src/cli.ts', out: 'cli'},
  {in: 'src/commands/verify.ts', out: 'commands-verify'},
  {in: 'src/policy-verify.ts', out: 'policy-verify'},
]
const later = new Map()
await build({
  ...esm,
  entryPoints: atOnce,
  plugins: [lazily(later)],
})
await build({
  ...esm,
  entryPoints: [
    ...[...later].map(([out, path]) => ({in: path, out})),
    {in: 'src/workers/zip-worker.ts', out: 'zip-worker'},
  ],
  // Beside the entries: what asks for its own place finds the package from there.
  chunkNames: 'chunk-[hash]',
  splitting: true,
})

rmSync('dist.old', {recursive: true, force: true})
renameSync('dist', 'dist.old')
renameSync(made, 'dist')
rmSync('dist.old', {recursive: true, force: true})

/** Leaves `import('./commands/NAME.ts')`, or that of a package, to the time it is reached, and notes what is to be built. */
function lazily(noted) {
  const source = fileURLToPath(new URL('../src/', import.meta.url))
  return {
    name: 'lazily',
    setup(builder) {
      builder.onResolve({filter: /./}, found => {
        if (found.kind !== 'dynamic-import' || found.path.startsWith('node:')) return undefined
        if (!found.path.startsWith('.')) {
          noted.set(found.path, found.path)
          return {path: `./${found.path}.js`, external: true}
        }
        const path = resolve(found.resolveDir, found.path)
        const name = path.slice(source.length, -'.ts'.length).replaceAll('/', '-')
        if (!atOnce.some(({out}) => out === name)) noted.set(name, path)
        return {path: `./${name}.js`, external: true}
      })
    },
  }
}

/** Leaves `import('./NAME.ts')` to the time it is reached: the module is built as dist/NAME.cjs. */
function besides(...names) {
  return {
    name: 'besides',
    setup(builder) {
      builder.onResolve({filter: new RegExp(`/(${names.join('|')})\\.ts$`)}, found =>
        found.kind === 'dynamic-import'
          ? {path: `./${basename(found.path, '.ts')}.cjs`, external: true}
          : undefined,
      )
    },
  }
}
