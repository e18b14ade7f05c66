/** The globs of the policy that say what is not judged, each with what it matched. */
import picomatch from 'picomatch'
import {directoryOf, type PathBytes, pathToUtf8, topDirectory} from '../git/path-bytes.ts'
import {describeOrigin, type Setting} from '../policy/policy.ts'

/** The first of several rules that matches, by its number. */
export type Globs = {
  /** Of a path itself. */
  file(path: PathBytes): number | undefined
  /** Of a directory or one above it; never of the top. */
  directory(path: PathBytes): number | undefined
  /** A rule as written, and where. */
  rule(number: number): {rule: string; origin: string}
}

/** `*` and `?` match names that begin with a dot too. No rule takes back another (`!`), and none is a regular expression. */
const options = {dot: true, nonegate: true, noextglob: true, noquantifiers: true, regex: false}

/** `top` is the top of the repository as text, which origins are told relative to. */
export function readGlobs(settings: readonly Setting<string>[], top: string | undefined): Globs {
  // `tmpl/` and `./tmpl` mean tmpl.
  const rules = settings.map(({value}) =>
    picomatch(value.replace(/^\.\//, '').replace(/(.)\/+$/, '$1'), options),
  )
  const match = (path: PathBytes): number | undefined => {
    if (rules.length === 0) return undefined
    const number = rules.findIndex(matches => matches(pathToUtf8(path)))
    return number < 0 ? undefined : number
  }
  return {
    file: match,
    directory: path => {
      for (let at = path; at !== topDirectory; at = directoryOf(at)) {
        const number = match(at)
        if (number !== undefined) return number
      }
      return undefined
    },
    rule: number => {
      const setting = settings[number]
      const origin = setting === undefined ? '' : describeOrigin(setting.origin)
      const isInside = top !== undefined && origin.startsWith(`${top}/`)
      return {rule: setting?.value ?? '', origin: isInside ? origin.slice(top.length + 1) : origin}
    },
  }
}
