/**
 * A module proxy of small toolchains with a checksum database of its own, as files (GOPROXY=file://…) and as a server that can be told
 * to lie and to break off.
 */
import {createHash} from 'node:crypto'
import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {dirname, join} from 'node:path'
import type {H1} from '../../src/go/module/h1.ts'
import {hash1} from '../../src/go/module/hash1.ts'
import {makeLog, newSigner} from './log.ts'
import {type Entry, zipOf} from './zip.ts'

/** One toolchain: `platform` as `linux-amd64`, `files` by their names in GOROOT. */
export type Release = {version: string; platform: string; files?: Record<string, string | Buffer>}

export type Mirror = {
  folder: string
  /** GOSUMDB for it. */
  key: string
  /** The signed tree head of its database. */
  note: string
  h1(version: string, platform: string): H1
  zip(version: string, platform: string): Buffer
}

/** What a GOROOT has at the least, so that gowarden takes it for one. Its go prints what it is asked. */
export function releaseFiles(version: string, platform: string): Record<string, string> {
  const [os, arch] = platform.split('-')
  return {
    VERSION: `${version}\ntime 2026-08-28T16:20:06Z\n`,
    'go.env': 'GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n',
    'bin/go': `#!/bin/sh\necho "go version ${version} ${os}/${arch}"\n`,
    'bin/gofmt': '#!/bin/sh\n',
    [`pkg/tool/${os}_${arch}/compile`]: '#!/bin/sh\nexit 0\n',
    'pkg/include/textflag.h': '',
    'src/go.mod': 'module std\n',
    'src/cmd/go.mod': 'module cmd\n',
    'src/fmt/print.go': 'package fmt\n',
    'src/runtime/proc.go': 'package runtime\n',
  }
}

/** Publishes toolchains below a folder. The database has other records before and behind theirs, and is signed by `signer`. */
export function makeMirror(
  folder: string,
  releases: readonly Release[],
  {before = 'x v1.0.0 h1:x=\n', behind = [] as string[], signer = newSigner()} = {},
): Mirror {
  const published = new Map(
    releases.map(({version, platform, files}) => {
      const name = `v0.0.1-${version}.${platform}`
      const prefix = `golang.org/toolchain@${name}/`
      const entries: Entry[] = Object.entries(files ?? releaseFiles(version, platform)).map(
        ([path, content]) => ({
          name: prefix + path.replace(/(^|\/)go\.mod$/, '$1_go.mod'),
          content: typeof content === 'string' ? Buffer.from(content) : content,
        }),
      )
      const hashed = entries.map(({name, content = ''}) => ({
        name,
        sha256: createHash('sha256').update(content).digest('hex'),
      }))
      const h1 = hash1(hashed)
      if (h1 === undefined) throw new Error(name)
      return [name, {zip: zipOf(entries), h1}] as const
    }),
  )
  const names = [...published.keys()]
  const records = names.map(
    name =>
      `golang.org/toolchain ${name} ${published.get(name)?.h1}\ngolang.org/toolchain ${name}/go.mod h1:m=\n`,
  )
  const log = makeLog([before, ...records, ...behind], signer)
  const put = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), content)
  }
  const database = 'sumdb/sum.golang.org'
  put(`${database}/supported`, '')
  put('golang.org/toolchain/@v/list', names.map(name => `${name}\n`).join(''))
  for (const [index, name] of names.entries()) {
    put(`golang.org/toolchain/@v/${name}.zip`, published.get(name)?.zip ?? '')
    put(`${database}/lookup/golang.org/toolchain@${name}`, log.lookup(index + 1))
  }
  for (const [path, bytes] of log.tiles) put(`${database}/${path}`, bytes)
  const of = (version: string, platform: string) => {
    const found = published.get(`v0.0.1-${version}.${platform}`)
    if (found === undefined) throw new Error(`${version} ${platform}`)
    return found
  }
  return {
    folder,
    key: log.key,
    note: log.note,
    h1: (version, platform) => of(version, platform).h1,
    zip: (version, platform) => of(version, platform).zip,
  }
}

/** What a server does with one request, if it is to do anything else than to send the file. True: it has answered. */
export type Fault = (
  path: string,
  response: ServerResponse,
  request: IncomingMessage,
  folder: string,
) => boolean

/** `asked` are the paths in the order of their requests. */
export type Served = {url: string; asked: string[]}

/** Serves the files of a folder, whole or from a byte on (Range, with an ETag), for as long as `body` runs. */
export async function withServer<T>(
  folder: string,
  body: (served: Served) => Promise<T>,
  fault: Fault = () => false,
): Promise<T> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1)
    asked.push(path)
    if (fault(path, response, request, folder)) return
    sendFile(join(folder, path), request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  try {
    return await body({url: `http://127.0.0.1:${port}`, asked})
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

/** A whole file or the part that is asked for; 404 where there is none. */
export function sendFile(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  {upTo, hasTag = true}: {upTo?: number; hasTag?: boolean} = {},
): void {
  if (!statSync(path, {throwIfNoEntry: false})?.isFile()) {
    response.writeHead(404).end('not found')
    return
  }
  const whole = readFileSync(path)
  const etag = `"${createHash('sha256').update(whole).digest('hex').slice(0, 16)}"`
  const [, start] = (request.headers.range ?? '').match(/^bytes=(\d+)-$/) ?? []
  const condition = request.headers['if-range']
  const from = start === undefined || (condition !== undefined && condition !== etag) ? 0 : Number(start)
  if (from >= whole.length && from > 0) {
    response.writeHead(416, {'content-range': `bytes */${whole.length}`}).end()
    return
  }
  response.writeHead(from > 0 ? 206 : 200, {
    ...(hasTag ? {etag} : {}),
    'content-length': whole.length - from,
    ...(from > 0 ? {'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}`} : {}),
  })
  if (upTo === undefined) {
    response.end(whole.subarray(from))
    return
  }
  // What has come arrives, and then nothing more.
  response.write(whole.subarray(from, from + upTo), () => setTimeout(() => response.destroy(), 5))
}
