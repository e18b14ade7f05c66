/** What is wrong on a host now, from its report: the same for its own page and for that of many. */
import {countOf} from '../text/amounts.ts'
import {shellWord} from '../text/shell-word.ts'
import {hash, type Problem} from './parts.ts'
import type {Report} from './shape.ts'
import {twinsOf} from './twins.ts'

/** `word`: in a few words, for a row among many hosts. */
export type HostProblem = Problem & {word: string}

/** The errors first. */
export function problemsOf(report: Report): HostProblem[] {
  const all = [
    ...guardProblem(report),
    ...report.findings.map(({code, level, headline, details, hints}) => ({
      ...{code, level, headline, details, hints, word: code},
    })),
    ...auditProblems(report),
    ...twinProblems(report),
    ...verifyProblems(report),
    ...binaryProblems(report),
  ]
  return [...all.filter(({level}) => level === 'error'), ...all.filter(({level}) => level === 'warn')]
}

function guardProblem({guard, findings, canBuild}: Report): HostProblem[] {
  const hints = guard.fix === '' ? [] : [guard.fix]
  const because = guard.reason === '' ? '' : `: ${guard.reason}`
  switch (guard.kind) {
    case 'guarded':
      return canBuild || findings.some(({level}) => level === 'error')
        ? []
        : [
            {
              level: 'error',
              headline: 'go build would fail',
              hints: ['gowarden doctor'],
              word: 'cannot build',
            },
          ]
    case 'unguarded':
      return [{level: 'error', headline: `go build is not guarded${because}`, hints, word: 'not guarded'}]
    case 'refused':
      return [{level: 'error', headline: `go build is refused${because}`, hints, word: 'refused'}]
    case 'unknown':
      return [{level: 'error', headline: `no go answers${because}`, hints, word: 'no go'}]
  }
}

/** Of caches that are still there. */
function auditProblems({audits, caches}: Report): HostProblem[] {
  return audits
    .filter(({cache, wrong}) => wrong > 0 && caches.some(({path}) => path === cache))
    .map(({cache, wrong}) => {
      const isCurrent = caches.some(one => one.isCurrent && one.path === cache)
      const where = isCurrent ? '' : `GOCACHE=${shellWord(cache)} `
      return {
        level: 'error',
        headline: `the last audit of ${cache} found ${countOf(wrong, 'wrong object')}`,
        hints: [`${where}gowarden cache audit --quarantine`],
        word: 'wrong objects',
      }
    })
}

/** Of those that are there now. What was replaced is in the table of toolchains. */
function twinProblems({toolchains, host}: Report): HostProblem[] {
  const here = toolchains.filter(({goroots}) => goroots.length > 0)
  return twinsOf(here.map(toolchain => ({...toolchain, host}))).map(({version, platform, hashes}) => ({
    level: 'warn',
    headline: `${hashes.length} different toolchains call themselves ${version} on ${platform}`,
    details: hashes.map(one => [
      here.find(toolchain => toolchain.hash === one.hash)?.goroots[0] ?? '',
      hash(one.hash),
    ]),
    hints: ['let one of them build a repository: gowarden lock'],
    word: `several ${version}`,
  }))
}

/** Of repositories that are still there. */
function verifyProblems({verifies}: Report): HostProblem[] {
  return verifies
    .filter(({lastFailed, isThere}) => lastFailed && isThere)
    .map(({repository}) => ({
      level: 'warn',
      headline: `the last gowarden verify of ${repository} found errors`,
      hints: [`cd ${shellWord(repository)} && gowarden verify`],
      word: 'verify failed',
    }))
}

function binaryProblems({binaries}: Report): HostProblem[] {
  return binaries.flatMap(({directory, counts: {malformed, conflicting}}) => {
    const wrong = malformed + conflicting
    if (wrong === 0) return []
    return [
      {
        level: 'warn' as const,
        headline: `the stamps of ${countOf(wrong, 'binary', 'binaries')} below ${directory} name no one toolchain`,
        hints: [`gowarden inspect ${shellWord(directory)}`],
        word: 'wrong stamps',
      },
    ]
  })
}
