// Makes the archives of dist/standalone/: gowarden for machines without Node, one file a platform, with what proves them.
//   npm run standalone                          every platform; fetches the bun of each by npm
//   npm run standalone -- linux-x64 linux-arm64 only these
// The same sources give the same bytes: nothing of the time, the folder, the user or the machine gets in.
import {execFileSync, spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import {buildEngine, bunFrom, bunHere} from './engine.js'
import {manPage} from './man-page.js'
import {licenceNotes} from './notices.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
// Of the bundle that `npm run standalone` has just made: gowarden attest writes the same kind of statement.
const {provenanceStatement} = await import(new URL('../dist/attest/in-toto.js', import.meta.url).href)

/** Our name of a platform, the package that has its bun, and bun's own name of it. */
const platforms = [
  {name: 'linux-x64', bun: 'bun-linux-x64', target: 'bun-linux-x64', deb: 'amd64'},
  {name: 'linux-arm64', bun: 'bun-linux-aarch64', target: 'bun-linux-arm64', deb: 'arm64'},
  {name: 'linux-x64-musl', bun: 'bun-linux-x64-musl', target: 'bun-linux-x64-musl'},
  {name: 'linux-arm64-musl', bun: 'bun-linux-aarch64-musl', target: 'bun-linux-arm64-musl'},
  {name: 'macos-x64', bun: 'bun-darwin-x64', target: 'bun-darwin-x64'},
  {name: 'macos-arm64', bun: 'bun-darwin-aarch64', target: 'bun-darwin-arm64'},
]

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
const {version} = lock['']
const bunVersion = lock['node_modules/bun'].version
const out = 'dist/standalone'
/** Seconds since the epoch that stand in the archives: those of the last commit, or SOURCE_DATE_EPOCH. */
const epoch =
  process.env.SOURCE_DATE_EPOCH ?? execFileSync('git', ['log', '-1', '--format=%ct']).toString().trim()
const commit = execFileSync('git', ['rev-parse', 'HEAD']).toString().trim()

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !platforms.some(platform => platform.name === name))
if (unknown.length > 0) {
  console.error(
    `no such platform: ${unknown.join(' ')}; there are ${platforms.map(({name}) => name).join(' ')}`,
  )
  process.exit(2)
}
const bun = bunHere()
if (bun === undefined) {
  console.error('npm has no bun for this machine, and bun is what makes the executables; npm ci brings it')
  process.exit(1)
}

// Not of this project's dist/: a check-out may be in use.
rmSync(out, {recursive: true, force: true})
mkdirSync(out, {recursive: true})
const scratch = mkdtempSync(join(tmpdir(), 'gowarden-standalone-'))
try {
  const common = makeCommon(join(scratch, 'common'))
  for (const platform of platforms.filter(({name}) => asked.length === 0 || asked.includes(name))) {
    const title = `gowarden-${version}-${platform.name}`
    const folder = join(scratch, title)
    cpSync(common, folder, {recursive: true})
    const runtime =
      bunFrom(createRequire(import.meta.url), `@oven/${platform.bun}`, 'bun') ?? fetchBun(platform.bun)
    await buildEngine({bun, runtime, target: platform.target, out: join(folder, 'dist/gowarden'), version})
    writeFileSync(`${out}/${title}.tar.gz`, archive(scratch, title))
    console.log(`${out}/${title}.tar.gz`)
    if (platform.deb !== undefined) makeDeb(folder, platform.deb)
    rmSync(folder, {recursive: true})
  }
  writeFileSync(`${out}/gowarden-${version}.cdx.json`, bill())
  const made = readdirSync(out).sort()
  const sums = made.map(name => ({name, sha256: sha256(readFileSync(`${out}/${name}`))}))
  writeFileSync(`${out}/gowarden-${version}.intoto.json`, statement(sums))
  cpSync('install.sh', `${out}/install.sh`)
  for (const name of [`gowarden-${version}.intoto.json`, 'install.sh'])
    sums.push({name, sha256: sha256(readFileSync(`${out}/${name}`))})
  writeFileSync(`${out}/SHA256SUMS`, sums.map(({name, sha256}) => `${sha256}  ${name}\n`).join(''))
  console.log(`${out}/SHA256SUMS`)
} finally {
  rmSync(scratch, {recursive: true, force: true})
}

/** What is the same on every platform. */
function makeCommon(folder) {
  for (const file of [
    'bin/go',
    'bin/gowarden',
    'bin/gowarden.sh',
    'config/schema.json',
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'install.sh',
  ])
    cpSync(file, join(folder, file))
  for (const name of ['toolchain-changed', 'verify-pushed', 'verify-staged'])
    cpSync(`hooks/${name}`, join(folder, 'hooks', name))
  cpSync('docs', join(folder, 'docs'), {recursive: true})
  mkdirSync(join(folder, 'dist'))
  const gowarden = words => execFileSync(process.execPath, ['bin/gowarden', ...words]).toString()
  const write = (name, text) => {
    mkdirSync(join(folder, name, '..'), {recursive: true})
    writeFileSync(join(folder, name), text)
  }
  write('completions/gowarden.bash', gowarden(['completion', 'bash']))
  write('completions/_gowarden', gowarden(['completion', 'zsh']))
  write('completions/gowarden.fish', gowarden(['completion', 'fish']))
  write('man/gowarden.1', manPage(gowarden, version, new Date(epoch * 1000)))
  write('NOTICES.txt', licenceNotes(bunVersion))
  write('VERSION', `${version}\n${commit}\n`)
  return folder
}

/** bin/bun of a platform that is not this one, from npm; what arrives must have the integrity that is known. */
function fetchBun(name) {
  const into = join(scratch, name)
  mkdirSync(into)
  const [{filename}] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', into, `@oven/${name}@${bunVersion}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  )
  const bytes = readFileSync(join(into, filename))
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  const known = lock[`node_modules/@oven/${name}`]?.integrity
  if (integrity !== known)
    throw new Error(`@oven/${name}@${bunVersion} has the integrity ${integrity}, not ${known}`)
  execFileSync('tar', ['-xzf', join(into, filename), '-C', into])
  chmodSync(join(into, 'package/bin/bun'), 0o755)
  return join(into, 'package/bin/bun')
}

/** A .tar.gz of `title` below `parent`, as bytes. */
function archive(parent, title) {
  const words = [
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
    '--format=ustar',
  ]
  const tar = spawnSync('tar', [...words, `--mtime=@${epoch}`, '-C', parent, '-cf', '-', title], {
    maxBuffer: 2 ** 30,
  })
  if (tar.status !== 0) throw new Error(`tar: ${tar.stderr}`)
  return gzipSync(tar.stdout, {level: 9})
}

/** The same files as a Debian package: below /usr/lib/gowarden, with gowarden and completions where Debian has them. */
function makeDeb(folder, architecture) {
  if (spawnSync('dpkg-deb', ['--version']).status !== 0) {
    console.log(`no .deb for ${architecture}: dpkg-deb is missing`)
    return
  }
  const root = `${folder}.deb`
  const place = (from, to) => cpSync(join(folder, from), join(root, to), {recursive: true})
  cpSync(folder, join(root, 'usr/lib/gowarden'), {recursive: true})
  mkdirSync(join(root, 'usr/bin'), {recursive: true})
  writeFileSync(join(root, 'usr/bin/gowarden'), '#!/bin/sh\nexec /usr/lib/gowarden/bin/gowarden "$@"\n')
  chmodSync(join(root, 'usr/bin/gowarden'), 0o755)
  place('completions/gowarden.bash', 'usr/share/bash-completion/completions/gowarden')
  place('completions/_gowarden', 'usr/share/zsh/vendor-completions/_gowarden')
  place('completions/gowarden.fish', 'usr/share/fish/vendor_completions.d/gowarden.fish')
  mkdirSync(join(root, 'usr/share/man/man1'), {recursive: true})
  writeFileSync(
    join(root, 'usr/share/man/man1/gowarden.1.gz'),
    gzipSync(readFileSync(join(folder, 'man/gowarden.1')), {level: 9}),
  )
  place('NOTICES.txt', 'usr/share/doc/gowarden/copyright')
  mkdirSync(join(root, 'DEBIAN'))
  writeFileSync(
    join(root, 'DEBIAN/control'),
    [
      'Package: gowarden',
      `Version: ${version}`,
      `Architecture: ${architecture}`,
      'Maintainer: the gowarden developers <gowarden@example.invalid>',
      'Section: devel',
      'Priority: optional',
      'Depends: libc6 (>= 2.17)',
      'Suggests: golang-go, git',
      'Description: Git hook and build wrapper for Go',
      ' Stands in front of go: every binary carries the hash of the toolchain that',
      ' compiled it, a build cache of another toolchain is refused, and go.sum and',
      ' vendor/ are verified before a commit.',
      '',
    ].join('\n'),
  )
  const file = `${out}/gowarden_${version}_${architecture}.deb`
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', root, file], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {...process.env, SOURCE_DATE_EPOCH: epoch},
  })
  rmSync(root, {recursive: true})
  console.log(file)
}

/** What is inside, as CycloneDX: npm's own list of the bundled packages, and bun, less the moment and the number of its making. */
function bill() {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only']
  const found = JSON.parse(execFileSync('npm', words, {maxBuffer: 2 ** 26}))
  delete found.serialNumber
  found.metadata.timestamp = new Date(epoch * 1000).toISOString()
  found.metadata.component.name = 'gowarden'
  found.metadata.component.type = 'application'
  for (const component of found.components)
    component.externalReferences = component.externalReferences?.filter(({type}) => type !== 'distribution')
  found.components.push({
    'bom-ref': `bun@${bunVersion}`,
    type: 'framework',
    name: 'bun',
    version: bunVersion,
    scope: 'required',
    purl: `pkg:npm/bun@${bunVersion}`,
    licenses: [{license: {id: 'MIT'}}],
  })
  return `${JSON.stringify(found, null, 2)}\n`
}

/** An in-toto statement, unsigned: which files were made from which commit, with what. */
function statement(sums) {
  const made = provenanceStatement(
    sums.map(({name, sha256}) => ({name, digest: {sha256}})),
    {
      buildType: 'https://gowarden.example.invalid/standalone/v1',
      externalParameters: {command: 'npm run standalone', version},
      resolvedDependencies: [
        {name: 'source', digest: {gitCommit: commit}},
        {name: `bun@${bunVersion}`},
        {name: 'package-lock.json', digest: {sha256: sha256(readFileSync('package-lock.json'))}},
      ],
    },
    {id: 'https://gowarden.example.invalid/builder/unsigned'},
  )
  return `${JSON.stringify(made, null, 2)}\n`
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}
