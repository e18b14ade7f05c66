/** What go keeps in its cache of files that it could not open once. */
import {askGo, type Here} from '../go.ts'

export type IndexFacts = {file: string; said: string; isModule: boolean}

/**
 * go keys its index of a folder by the names, sizes and modification times in it (cmd/go/internal/modindex dirHash), and keeps
 * "permission denied" in it: a chmod or chown changes none of them. A file that can be read here, and of which go says so still.
 */
export async function probeIndex(here: Here): Promise<IndexFacts | undefined> {
  const template = '{{with .Error}}{{.Err}}{{end}}'
  const {stdout} = await askGo(here, ['list', '-e', '-f', template, './...'])
  for (const said of stdout.split('\n')) {
    const file = said.match(/open (\/.*): permission denied$/)?.[1]
    if (file === undefined || here.system.files.readHead(file, 1) === undefined) continue
    const anew = await askGo(here, ['list', '-e', '-f', template, './...'], {GODEBUG: withoutIndex(here)})
    if (anew.stdout.includes(file)) continue
    return {file, said: said.trim(), isModule: file.startsWith(`${here.env['GOMODCACHE'] ?? ''}/`)}
  }
  return undefined
}

function withoutIndex({env}: Here): string {
  return [env['GODEBUG'] ?? '', 'goindex=0'].filter(setting => setting !== '').join(',')
}
