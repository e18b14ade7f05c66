/** Modules of example.com that no proxy of the world has. */
import {mkdirSync, symlinkSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as assert from 'uvu/assert'
import {machine, type Rig, runProgram, writeFiles} from './rig.ts'

/** A module cache for modules that must not stay, with the toolchains that the machine's own holds. */
export async function moduleCacheWithToolchains(rig: Rig): Promise<string> {
  const fetched = await rig.bareGo(['version'], {env: {GOTOOLCHAIN: 'go1.27.4'}})
  assert.is(fetched.code, 0, fetched.stderr)
  const folder = join(rig.folder, 'modules')
  for (const path of ['golang.org', 'cache/download/golang.org', 'cache/download/sumdb']) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    symlinkSync(join(machine.modules, path), join(folder, path))
  }
  return folder
}

/** A file:// module proxy that holds these modules of example.com; returns its folder. */
export async function publish(rig: Rig, modules: Record<string, Record<string, string>>): Promise<string> {
  const proxy = join(rig.folder, 'proxy')
  for (const [name, files] of Object.entries(modules)) {
    const [path = '', version = ''] = name.split('@')
    const source = join(rig.folder, 'source', name)
    writeFiles(source, files)
    const at = join(proxy, 'example.com', path, '@v')
    writeFiles(at, {
      list: `${version}\n`,
      [`${version}.info`]: JSON.stringify({Version: version}),
      [`${version}.mod`]: files['go.mod'] ?? '',
    })
    const git = async (...words: string[]) => {
      const identity = [
        '-c',
        'user.name=a',
        '-c',
        'user.email=a@example.com',
        '-c',
        'core.hooksPath=/dev/null',
      ]
      const ended = await runProgram('git', [...identity, ...words], {cwd: source, env: rig.env})
      assert.is(ended.code, 0, ended.stderr)
    }
    await git('init', '-q')
    await git('add', '.')
    await git('commit', '-qm', 'publish')
    const zip = join(at, `${version}.zip`)
    await git('archive', '--format=zip', `--prefix=example.com/${path}@${version}/`, '-o', zip, 'HEAD')
  }
  return proxy
}
