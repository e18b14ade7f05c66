import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {machine} from './rig.ts'

export type TwinOptions = {
  from?: string
  /** The compiler's script, given the path of the original. */
  compiler?: (original: string) => string
}

/**
 * A second GOROOT that prints the same version and compiles differently: the string "unset" in a program becomes "PATCH".
 * Its folders, but for bin and pkg, are links to those of the machine's GOROOT, so it is made in no time. Returns its folder.
 */
export function makeTwin(
  folder: string,
  {from = machine.goroot, compiler = patchingCompiler}: TwinOptions = {},
): string {
  mkdirSync(join(folder, 'bin'), {recursive: true})
  for (const entry of readdirSync(from, {withFileTypes: true})) {
    const [at, to] = [join(from, entry.name), join(folder, entry.name)]
    // A file is copied: a case that writes go.env must not write the machine's.
    if (entry.isFile()) cpSync(at, to)
    else if (entry.name !== 'bin' && entry.name !== 'pkg') symlinkSync(at, to)
  }
  cpSync(join(from, 'bin/go'), join(folder, 'bin/go'))
  mkdirSync(join(folder, 'pkg/tool'), {recursive: true})
  symlinkSync(join(from, 'pkg/include'), join(folder, 'pkg/include'))
  for (const platform of readdirSync(join(from, 'pkg/tool'))) {
    const tools = join(folder, 'pkg/tool', platform)
    mkdirSync(tools)
    for (const tool of readdirSync(join(from, 'pkg/tool', platform))) {
      const original = join(from, 'pkg/tool', platform, tool)
      if (tool === 'compile') writeProgram(join(tools, tool), compiler(original))
      else symlinkSync(original, join(tools, tool))
    }
  }
  return folder
}

/** Gives a twin packages of the standard library that are its own, so that they may be changed: copies, where it has links. */
export function ownPackages(twin: string, names: readonly string[]): void {
  const source = join(twin, 'src')
  const from = realpathSync(source)
  rmSync(source)
  mkdirSync(source)
  for (const entry of readdirSync(from)) {
    if (names.includes(entry)) cpSync(join(from, entry), join(source, entry), {recursive: true})
    else symlinkSync(join(from, entry), join(source, entry))
  }
}

/** Writes an executable script. */
export function writeProgram(path: string, text: string): void {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

/** The compiler as a script: sources that hold "unset" are compiled from a changed copy. */
function patchingCompiler(original: string): string {
  return `#!/bin/sh
case "$*" in *-V=full*) exec '${original}' "$@" ;; esac
for word; do
  shift
  case $word in
    *.go)
      if grep -q '"unset"' "$word"; then
        copy=$(mktemp -d)/patched.go
        sed 's/"unset"/"PATCH"/' "$word" >"$copy"
        word=$copy
      fi
      ;;
  esac
  set -- "$@" "$word"
done
exec '${original}' "$@"
`
}
