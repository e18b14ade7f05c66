// Bundles what runs, and with --engine all of it as one executable too: dist/planner.cjs for the launcher (one file, CommonJS: it starts soonest) and dist/cli.cjs for bin/gowarden.
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import Ajv from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import {build} from 'esbuild'
import {buildEngine, bunHere, bunTarget} from './engine.js'

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
  define: {GOWARDEN_VERSION: JSON.stringify(version), GOWARDEN_STANDALONE: 'false'},
}

// A CommonJS file knows its place by another name.
const knowsItsPlace = {
  define: {...common.define, 'import.meta.url': 'ownUrl'},
  banner: {js: "var ownUrl = require('node:url').pathToFileURL(__filename).href;"},
}

// What bin/go starts is started under whatever Node there is. An old one reads it to its end, for the syntax is as old, and says in
// one sentence what it is, as bin/gowarden does. `last` is what it does then.
const onOldNode = last => ({
  target: 'node12',
  banner: {
    js: `"use strict";
var node = process.versions.node.split('.');
if (node[0] < 20 || (node[0] == 20 && node[1] < 17)) {
  require('fs').writeSync(2, 'gowarden: error: gowarden needs Node 20.17 or newer, this is ' + process.version + '\\n' +
    'gowarden: hint: ' + process.execPath + ' is that Node: install a newer one, and run gowarden enable under it\\n');
  ${last}
  process.exit(1);
}`,
  },
})
const sayOffSwitch = `require('fs').writeSync(2, 'gowarden: hint: run go without gowarden: GOWARDEN=off\\n');`
// build/shell-text.ts: refusalText
const refuse = `require('fs').writeSync(1, '# gowarden refused\\n# end');`

// What only some plans need (reading a policy file or a GOROOT, claiming a cache, telling a finding) is a file of its own beside
// the planner.
const chunks = [
  'policy/file',
  'policy/levels',
  'policy/bypass',
  'build/restrictions',
  'build/locked',
  'build/no-toolchain',
  'build/stand-ins',
  'store/lock',
  'events/rotate',
  'events/words',
  'toolchain/goroot-hash',
  'findings/text',
  'text/end',
]

await Promise.all([
  build({
    ...common,
    ...onOldNode(`${sayOffSwitch} ${refuse}`),
    entryPoints: ['src/planner.ts'],
    format: 'cjs',
    outfile: `${made}/planner.cjs`,
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [besides(chunks)],
  }),
  ...chunks.map(name =>
    build({
      ...common,
      entryPoints: [`src/${name}.ts`],
      format: 'cjs',
      ...knowsItsPlace,
      outfile: `${made}/${outName(name)}.cjs`,
    }),
  ),
  // What GOWARDEN=off runs where a policy file may ask for a reason.
  build({
    ...common,
    ...onOldNode(''),
    entryPoints: ['src/bypass.ts'],
    format: 'cjs',
    outfile: `${made}/bypass.cjs`,
    plugins: [besides(chunks)],
  }),
  // What `go list -json=ToolchainHash` runs in place of go.
  build({...common, entryPoints: ['src/list-json.ts'], format: 'cjs', outfile: `${made}/list-json.cjs`}),
])

// Verbs load what they use. What a commit waits for is one CommonJS file each: Node takes longer to find a file than to read
// it, and longer for an ES module than for both.
const atOnce = new Map([
  ['cli', 'src/cli.ts'],
  ['verbs-program', 'src/verbs/program.ts'],
  ['verify-verify', 'src/verify/verify.ts'],
  ['verify-policy', 'src/verify/policy.ts'],
  ['verify-reports-text', 'src/verify/reports/text.ts'],
  ['verify-probes-code-digest', 'src/verify/probes/code-digest.ts'],
  ['verify-judge', 'src/verify/judge.ts'],
  ['execa', 'execa'],
])
const later = new Map()
await build({
  ...common,
  format: 'cjs',
  entryPoints: [...atOnce].map(([out, path]) => ({in: path, out})),
  outdir: made,
  outExtension: {'.js': '.cjs'},
  minifyWhitespace: true,
  minifySyntax: true,
  ...knowsItsPlace,
  plugins: [lazily(later)],
})
await build({
  ...common,
  format: 'esm',
  entryPoints: [
    ...[...later].map(([out, path]) => ({in: path, out})),
    {in: 'src/zip-worker.ts', out: 'zip-worker'},
    {in: 'src/audit-worker.ts', out: 'audit-worker'},
    // For scripts/standalone.js.
    {in: 'src/attest/in-toto.ts', out: 'attest-in-toto'},
  ],
  outdir: made,
  entryNames: '[name]',
  // Beside the entries: what asks for its own place finds the package from there.
  chunkNames: 'chunk-[hash]',
  splitting: true,
  minifyWhitespace: true,
  minifySyntax: true,
  banner: {
    // CommonJS dependencies inside an ESM bundle still call require for Node's own modules.
    js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);",
  },
})

// With --engine, where npm has brought the bun of this machine: the launcher and bin/gowarden prefer it to Node.
const bun = process.argv.includes('--engine') ? bunHere() : undefined
if (bun !== undefined) {
  const target = bunTarget(process.platform, process.arch)
  await buildEngine({bun, runtime: bun, target, out: `${made}/gowarden`, version})
}

// The archives of `npm run standalone` stay.
if (existsSync('dist/standalone')) renameSync('dist/standalone', `${made}/standalone`)
rmSync('dist.old', {recursive: true, force: true})
renameSync('dist', 'dist.old')
renameSync(made, 'dist')
rmSync('dist.old', {recursive: true, force: true})

/** The name in dist/ of a file of src/: its rooms and itself, since two rooms may hold files of the same name. */
function outName(path) {
  return path.replaceAll('/', '-')
}

/**
 * Leaves `import('./ROOM/NAME.ts')`, or that of a package, to the time it is reached. What is built at once is required
 * then, for import() would start the loader of ES modules; the rest is noted, and imported.
 */
function lazily(noted) {
  const source = fileURLToPath(new URL('../src/', import.meta.url))
  return {
    name: 'lazily',
    setup(builder) {
      builder.onResolve({filter: /./}, found => {
        if (found.kind !== 'dynamic-import' || found.path.startsWith('node:')) return undefined
        if (atOnce.has(found.path)) return {path: found.path, namespace: 'at-once'}
        if (!found.path.startsWith('.')) {
          noted.set(found.path, found.path)
          return {path: `./${found.path}.js`, external: true}
        }
        const path = resolve(found.resolveDir, found.path)
        const name = outName(path.slice(source.length, -'.ts'.length))
        if (atOnce.has(name)) return {path: name, namespace: 'at-once'}
        noted.set(name, path)
        return {path: `./${name}.js`, external: true}
      })
      builder.onResolve({filter: /./, namespace: 'at-once'}, ({path}) => ({path, external: true}))
      builder.onLoad({filter: /./, namespace: 'at-once'}, ({path}) => ({
        contents: `module.exports = require('./${path}.cjs')`,
      }))
    },
  }
}

/** Leaves `import('./ROOM/NAME.ts')` to the time it is reached: the module is built as dist/ROOM-NAME.cjs. */
function besides(paths) {
  const source = fileURLToPath(new URL('../src/', import.meta.url))
  return {
    name: 'besides',
    setup(builder) {
      builder.onResolve({filter: /\.ts$/}, found => {
        if (found.kind !== 'dynamic-import') return undefined
        const path = resolve(found.resolveDir, found.path).slice(source.length, -'.ts'.length)
        return paths.includes(path) ? {path: `./${outName(path)}.cjs`, external: true} : undefined
      })
    },
  }
}
