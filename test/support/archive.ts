/** What a person installs gowarden from, made of what was built here. */
import {execFileSync, spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {root, writeFiles} from './rig.ts'

export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** A folder with a folder on PATH that holds Node alone, or npm too. */
export function withNode(folder: string, ...more: string[]): string {
  const bin = join(folder, 'node')
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, 'node'))
  for (const name of more)
    symlinkSync(execFileSync('which', [name], {encoding: 'utf8'}).trim(), join(bin, name))
  return bin
}

/** An archive of what was built here, run by Node, and its SHA256SUMS. */
export function archiveOfThis(folder: string): string {
  const from = join(folder, 'release')
  // As install.sh names this machine.
  const said = spawnSync('sh', [join(root, 'install.sh'), '--from', emptyRelease(folder)], {
    env: {...process.env, HOME: folder},
    encoding: 'utf8',
  })
  const [, platform = ''] = said.stderr.match(/for (\S+) is in SHA256SUMS/) ?? []
  const title = `gowarden-0.0.1-${platform}`
  for (const name of ['bin', 'config', 'dist', 'package.json', 'docs'])
    cpSync(join(root, name), join(folder, title, name), {
      recursive: true,
      filter: path => !/dist\/(standalone|gowarden)/.test(path),
    })
  mkdirSync(from)
  execFileSync('tar', ['-czf', join(from, `${title}.tar.gz`), '-C', folder, title])
  const sum = sha256Of(join(from, `${title}.tar.gz`))
  writeFileSync(join(from, 'SHA256SUMS'), `${sum}  ${title}.tar.gz\n`)
  return from
}

function emptyRelease(folder: string): string {
  writeFiles(join(folder, 'empty'), {SHA256SUMS: ''})
  return join(folder, 'empty')
}
