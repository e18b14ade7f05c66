/** A GOROOT that a case names. */
import {type Goroot, parseGoroot} from '../../src/go/command/go-env.ts'

export function gorootAt(path: string): Goroot {
  const goroot = parseGoroot(path)
  if (goroot === undefined) throw new Error('a GOROOT has a path')
  return goroot
}
