/** Paths of the index with a merge conflict. */
import type {VerifyFound} from '../../findings/finding.ts'
import {
  baseName,
  directoryOf,
  isBelow,
  joinPath,
  type PathBytes,
  pathFromUtf8,
  pathToUtf8,
} from '../../git/path-bytes.ts'
import type {Unmerged, VerifyFacts} from '../facts.ts'
import {add, keepLines, modFileOf, tidy, vendorAnew} from './mends.ts'

export function checkUnmerged(facts: VerifyFacts): VerifyFound[] {
  return facts.unmerged.map(
    (one): VerifyFound => ({
      code: 'INDEX_UNMERGED',
      facts: {
        file: pathToUtf8(one.path),
        line: one.marker,
        module: undefined,
        mend: mendUnmerged(one, facts),
      },
    }),
  )
}

/**
 * `git add` is what resolves a conflict, and so only offered where none stands in the file any more. What go writes, go writes anew; of any
 * other file a person has to choose.
 */
function mendUnmerged({path, isThere, marker}: Unmerged, {unmerged, roots}: VerifyFacts): string | undefined {
  if (marker === undefined) return isThere ? add([path]) : undefined
  const isInDoubt = (file: PathBytes) => unmerged.some(one => one.path === file && one.marker !== undefined)
  if (isSumFile(path)) {
    const beside = baseName(path) === goWorkSum ? goWork : baseName(modFileOf(path))
    return isInDoubt(joinPath(directoryOf(path), beside))
      ? undefined
      : `${keepLines(path, unmarkedLines)} && ${tidy(path)}`
  }
  const root = roots.find(({vendor}) => isBelow(path, vendor))
  const modFiles = root?.mains.members.flatMap(({modFile, sumFile}) => [modFile, sumFile]) ?? []
  return root === undefined || modFiles.some(isInDoubt) ? undefined : vendorAnew(root)
}

/** For awk: every line but those that Git marks a conflict with, and of both sides each once. */
const unmarkedLines = '!/^(<<<<<<<|[|][|][|][|][|][|][|]|=======|>>>>>>>)/ && !seen[$0]++'

const [goWork, goWorkSum] = [pathFromUtf8('go.work'), pathFromUtf8('go.work.sum')]
const sumNames = ['go.sum', 'vendor.sum'].map(pathFromUtf8)

function isSumFile(path: PathBytes): boolean {
  const name = baseName(path)
  return name === goWorkSum || sumNames.includes(name)
}
