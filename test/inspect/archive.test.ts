/** Archives as tar and gzip make them; a file counts here when it begins with GO. */
import {execFileSync} from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {gzipSync} from 'node:zlib'
import * as assert from 'uvu/assert'
import {readArchive} from '../../src/inspect/archive.ts'
import {suite} from '../support/suite.ts'
import {withTemporary} from '../support/temporary.ts'

type Files = Record<string, string>

const layers: Files[] = [
  {
    'bin/app': 'GO 1',
    'bin/gone': 'GO gone',
    'bin/shadowed': 'GO shadowed',
    'dir/a': 'GO a',
    'tree/b/c': 'GO c',
    'opaque/d': 'GO d',
    'file/e': 'GO e',
    text: 'text',
  },
  {
    'bin/app': 'GO 2',
    'bin/.wh.gone': '',
    'bin/shadowed': 'text now',
    'tree/.wh.b': '',
    'opaque/.wh..wh..opq': '',
    'opaque/f': 'GO f',
    file: 'GO file',
  },
]
const seen = ['/bin/app GO 2', '/dir/a GO a', '/file GO file', '/opaque/f GO f']

suite('inspect/archive', test => {
  for (const format of ['gnu', 'pax', 'ustar']) {
    test(`files of an archive in the format ${format}, links and long names`, () =>
      withTemporary(async directory => {
        const long = `${'long name/'.repeat(12)}app`
        const root = put(directory, 'root', {'bin/app': 'GO app', text: 'text', [long]: 'GO long', é: 'GO é'})
        linkSync(join(root, 'bin/app'), join(root, 'hard'))
        symlinkSync('bin/app', join(root, 'soft'))
        const archive = tar(root, join(directory, 'x.tar'), [`--format=${format}`])
        const all = ['bin/app GO app', 'hard GO app', `${long} GO long`, 'é GO é']
        assert.equal(await found(archive), all)
        writeFileSync(join(directory, 'x.tgz'), gzipSync(readFileSync(archive)))
        assert.equal(await found(join(directory, 'x.tgz')), all)
      }))
  }

  test('an image of docker save: upper layers replace and remove', () =>
    withTemporary(async directory => {
      const image = put(directory, 'image', {
        'manifest.json': JSON.stringify([{RepoTags: ['x:1'], Layers: ['0/layer.tar', '1/layer.tar']}]),
      })
      packLayers(directory, (index, bytes) => put(directory, `image/${index}`, {'layer.tar': bytes}))
      assert.equal(await found(tar(image, join(directory, 'image.tar'))), seen)
    }))

  test('a layer that another image has too is a link to it, and two images are told apart', () =>
    withTemporary(async directory => {
      const image = put(directory, 'image', {
        'manifest.json': JSON.stringify([
          {RepoTags: ['x:1'], Layers: ['0/layer.tar']},
          {RepoTags: null, Layers: ['2/layer.tar']},
        ]),
      })
      packLayers(directory, (index, bytes) => put(directory, `image/${index}`, {'layer.tar': bytes}))
      mkdirSync(join(image, '2'))
      symlinkSync('../1/layer.tar', join(image, '2/layer.tar'))
      assert.equal(await found(tar(image, join(directory, 'image.tar'))), [
        ...['bin/app GO 1', 'bin/gone GO gone', 'bin/shadowed GO shadowed', 'dir/a GO a', 'file/e GO e'].map(
          at,
        ),
        ...['opaque/d GO d', 'tree/b/c GO c'].map(at),
        ...['bin/app GO 2', 'file GO file', 'opaque/f GO f'].map(path => `image 2:/${path}`),
      ])
    }))

  test('an OCI layout with packed layers, and an index for platforms', () =>
    withTemporary(async directory => {
      const blobs: Files = {
        index: JSON.stringify({manifests: [{digest: 'sha256:manifest'}]}),
        manifest: JSON.stringify({
          layers: ['0', '1'].map(digest => ({
            mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
            digest: `sha256:${digest}`,
          })),
        }),
      }
      const image = put(directory, 'image', {
        'oci-layout': '{}',
        'index.json': JSON.stringify({manifests: [{digest: 'sha256:index'}]}),
      })
      put(image, 'blobs/sha256', blobs)
      packLayers(directory, (index, bytes) =>
        writeFileSync(join(image, 'blobs/sha256', String(index)), gzipSync(bytes)),
      )
      assert.equal(await found(tar(image, join(directory, 'image.tar'))), seen)
    }))

  test('what is damaged or no archive', () =>
    withTemporary(async directory => {
      const root = put(directory, 'root', {'bin/app': `GO ${'x'.repeat(100_000)}`, b: 'GO b'})
      const archive = tar(root, join(directory, 'x.tar'))
      const packed = gzipSync(readFileSync(archive))
      writeFileSync(join(directory, 'cut.tgz'), packed.subarray(0, packed.length / 2))
      writeFileSync(join(directory, 'text.gz'), gzipSync('text'))
      writeFileSync(join(directory, 'text'), 'text')
      truncateSync(archive, 50_000)
      assert.equal(await answer(archive), {kind: 'corrupt', reason: 'it is cut off'})
      assert.equal(await answer(join(directory, 'cut.tgz')), {
        kind: 'corrupt',
        reason: 'its gzip is damaged or cut off',
      })
      for (const name of ['text.gz', 'text', 'nowhere', '.']) {
        assert.is(await answer(join(directory, name)), undefined, name)
      }
      const image = put(directory, 'image', {'manifest.json': '[{"Layers":["../../x","0/layer.tar"]}]'})
      assert.equal(await answer(tar(image, join(directory, 'image.tar'))), {
        kind: 'corrupt',
        reason: 'its layer ../../x is missing',
      })
    }))
})

function at(path: string): string {
  return `x:1:/${path}`
}

function put(directory: string, folder: string, files: Record<string, string | Buffer>): string {
  const root = join(directory, folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), {recursive: true})
    writeFileSync(join(root, name), content)
  }
  return root
}

function tar(root: string, archive: string, words: string[] = []): string {
  const names = readdirSync(root).sort()
  execFileSync('tar', [...words, '-C', root, '-cf', archive, '--', ...names])
  return archive
}

function packLayers(directory: string, keep: (index: number, bytes: Buffer) => void): void {
  for (const [index, files] of layers.entries()) {
    keep(index, readFileSync(tar(put(directory, `layer ${index}`, files), join(directory, `${index}.tar`))))
  }
}

async function answer(path: string) {
  return await readArchive(path, file => {
    const text = file.read(0, 20).toString()
    return text.startsWith('GO') ? text : undefined
  })
}

async function found(path: string): Promise<string[]> {
  const archive = await answer(path)
  assert.is(archive?.kind, 'archive', JSON.stringify(archive))
  return archive?.kind === 'archive' ? archive.found.map(({path: name, value}) => `${name} ${value}`) : []
}
