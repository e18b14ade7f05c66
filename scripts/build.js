// Bundles src/ into dist/, and with --engine into one executable too.
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {relative, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import Ajv from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import {build} from 'esbuild'
import {buildEngine, bunHere, bunTarget, defined} from './engine.js'
import {smallerOpenTelemetry} from './smaller-opentelemetry.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
// Built beside dist/ and put in its place at the end: a launcher of this clone may be in use while it is built anew.
const made = 'dist.new'
rmSync(made, {recursive: true, force: true})
mkdirSync(made)
mkdirSync('dist', {recursive: true})

// The published schemas are the validators: compiled here, so that nothing that runs waits for Ajv. Of a policy all that is wrong is
// said; of a report, which is another host's and may be of any size, the first.
const strict = {code: {source: true, esm: true}, strict: true, allowUnionTypes: true}
const validators = [
  ['validate-policy', 'config/schema.json', {...strict, allErrors: true, verbose: true}],
  ['validate-report', 'config/report.schema.json', strict],
]
// The bundles below and tsc find them in dist/; nothing that runs does.
for (const [name, path, options] of validators) {
  const ajv = new Ajv(options)
  const code = standalone(ajv, ajv.compile(JSON.parse(readFileSync(path, 'utf8'))))
  for (const folder of ['dist', made]) {
    writeFileSync(`${folder}/${name}.js`, code)
    writeFileSync(`${folder}/${name}.d.ts`, "export declare const validate: import('ajv').ValidateFunction\n")
  }
}

const {version} = JSON.parse(readFileSync('package.json', 'utf8'))
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.17',
  legalComments: 'none',
  logLevel: 'warning',
  minifyWhitespace: true,
  minifySyntax: true,
  define: defined(version, false),
}

// What a person or bin/go waits for is one CommonJS file each: Node reads that soonest. What it says import() of, policy files or the
// verbs' own work, is loaded when it is reached: pieces in the format that esbuild can share among them.
const later = new Map()
await build({
  ...common,
  format: 'cjs',
  // Under an old Node it is read to its end, and says in one sentence what is wrong. The planner says what bin/go expects too
  // (build/shell-text.ts, refusalText).
  target: 'node12',
  banner: {
    js: `"use strict";
var node = process.versions.node.split('.');
if (node[0] < 20 || (node[0] == 20 && node[1] < 17)) {
  require('fs').writeSync(2, 'gowarden: error: gowarden needs Node 20.17 or newer, this is ' + process.version + '\\n' +
    'gowarden: hint: ' + process.execPath + ' is that Node: install a newer one, and run gowarden enable under it\\n');
  if (/planner.cjs$/.test(__filename)) {
    require('fs').writeSync(2, 'gowarden: hint: run go without gowarden: GOWARDEN=off\\n');
    require('fs').writeSync(1, '# gowarden refused\\n# end');
  }
  process.exit(1);
}
var ownUrl = require('url').pathToFileURL(__filename).href;`,
  },
  define: {...common.define, 'import.meta.url': 'ownUrl'},
  entryPoints: ['planner', 'bypass', 'list-json', 'cli'].map(program => `src/${program}.ts`),
  outdir: made,
  outExtension: {'.js': '.cjs'},
  plugins: [{name: 'later', setup: noteWhatIsLater}],
})
await build({
  ...common,
  format: 'esm',
  splitting: true,
  entryPoints: [
    ...[...later].map(([out, path]) => ({in: path, out})),
    // For scripts/standalone.js.
    {in: 'src/attest/in-toto.ts', out: 'attest/in-toto'},
  ],
  outdir: made,
  chunkNames: 'chunks/[name]-[hash]',
  banner: {
    // CommonJS dependencies inside an ESM bundle still call require for Node's own modules.
    js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);",
  },
})
// What runs beside: threads, each of which would wait for Node's loader of ES modules, and what sends spans in the background, for
// OpenTelemetry is in no other file.
await build({
  ...common,
  format: 'cjs',
  entryPoints: ['zip-worker', 'audit-worker', 'send-traces'].map(program => `src/${program}.ts`),
  outdir: made,
  outExtension: {'.js': '.cjs'},
  minify: true,
  plugins: [smallerOpenTelemetry],
})

// Where npm has brought the bun of this machine: the launcher and bin/gowarden prefer the executable to Node.
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

/** Leaves `import('./ROOM/NAME.ts')`, or that of a package, to the time it is reached, and notes it: it becomes dist/ROOM/NAME.js. */
function noteWhatIsLater({onResolve}) {
  onResolve({filter: /./}, ({kind, path, resolveDir}) => {
    if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined
    const file = path.startsWith('.') ? resolve(resolveDir, path) : path
    const out = path.startsWith('.') ? relative(resolve('src'), file).replace(/\.ts$/, '') : path
    later.set(out, file)
    return {path: `./${out}.js`, external: true}
  })
}
