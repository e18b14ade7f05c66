/** Whether what is built here runs here, and is built whole. */

import {goDefault, type Sourced} from '../../findings/facts-of-doctor.ts'
import type {DoctorFound} from '../../findings/finding.ts'
import type {TargetFacts} from '../probes/target.ts'

export function checkTarget(facts: TargetFacts): DoctorFound[] {
  return [...checkPlatform(facts), ...checkProcessor(facts), ...checkCgo(facts), ...checkCompiler(facts)]
}

/** A GOOS or GOARCH left over from a cross-compile; go's own default never names another machine. */
function checkPlatform({os, arch, host}: TargetFacts): DoctorFound[] {
  if (os.value === host.os && arch.value === host.arch) return []
  const settings = [os, arch].filter(({source}) => source !== goDefault)
  if (settings.length === 0) return []
  const facts = {
    target: `${os.value}/${arch.value}`,
    host: `${host.os}/${host.arch}`,
    settings,
    why: 'platform' as const,
    missing: [],
  }
  return [{code: 'TARGET_OTHER', facts}]
}

/** What each level of GOAMD64 asks of a processor, by the names in /proc/cpuinfo (go.dev/wiki/MinimumRequirements#amd64). */
const levelsOfAmd64: Record<string, string[]> = {
  v2: ['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3'],
  v3: ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'],
  v4: ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'],
}

/** Since Go 1.22 a level that there is not is no error: go compiles for v1, and writes the other name into the binary. */
function checkProcessor({amd64, arch, os, host, processor}: TargetFacts): DoctorFound[] {
  if (arch.value !== 'amd64') return []
  if (!['', 'v1', ...Object.keys(levelsOfAmd64)].includes(amd64.value)) {
    const target = `${os.value}/${arch.value}`
    const facts = {
      target,
      host: `${host.os}/${host.arch}`,
      settings: [amd64],
      why: 'level' as const,
      missing: [],
    }
    return [{code: 'TARGET_OTHER', facts}]
  }
  if (processor === undefined) return []
  const asked = Object.entries(levelsOfAmd64).filter(([level]) => level <= amd64.value)
  const missing = asked.flatMap(([, names]) => names).filter(name => !processor.has(name))
  if (missing.length === 0) return []
  const facts = {
    target: `${os.value}/${arch.value} ${amd64.value}`,
    host: `${host.os}/${host.arch}`,
    settings: [amd64],
    why: 'processor' as const,
    missing,
  }
  return [{code: 'TARGET_OTHER', facts}]
}

function checkCgo({cgo, cgoPackages, os, arch, host, found, compiler}: TargetFacts): DoctorFound[] {
  if (cgo.value !== '0' || cgoPackages.length === 0) return []
  const isOther = os.value !== host.os || arch.value !== host.arch
  const why = whyOff(cgo, isOther, found === undefined, compiler)
  return [{code: 'CGO_OFF', facts: {why, source: cgo.source, packages: cgoPackages}}]
}

function whyOff(cgo: Sourced, isOther: boolean, isMissing: boolean, compiler: Sourced): string {
  if (cgo.source !== goDefault) return 'CGO_ENABLED=0'
  if (isOther) return 'go turns cgo off when it compiles for another machine'
  return isMissing ? `there is no C compiler: ${compiler.value} is not on PATH` : 'go turns cgo off here'
}

function checkCompiler({cgo, compiler, found, needsCompiler, os, arch}: TargetFacts): DoctorFound[] {
  if (cgo.value !== '1' || !needsCompiler) return []
  const target = `${os.value}/${arch.value}`
  if (found === undefined) return [{code: 'CC_UNUSABLE', facts: {...compiler, target, found: undefined}}]
  if (found.for === '' || compilesFor(found.for, os.value, arch.value)) return []
  return [{code: 'CC_UNUSABLE', facts: {...compiler, target, found: found.for}}]
}

const machines: Record<string, string[]> = {
  '386': ['i386', 'i486', 'i586', 'i686', 'x86_64'],
  amd64: ['x86_64', 'amd64', 'i386', 'i686'],
  arm: ['arm', 'armv6l', 'armv7l', 'armv7a', 'armv5te', 'aarch64', 'arm64'],
  arm64: ['aarch64', 'arm64'],
}

const systems: Record<string, RegExp> = {
  linux: /linux/,
  darwin: /darwin|apple|macos/,
  windows: /mingw|windows|cygwin|msys/,
  freebsd: /freebsd/,
}

/** Whether a compiler's triple (`x86_64-linux-gnu`) can be for this target; where that is not known here, it can. */
function compilesFor(triple: string, os: string, arch: string): boolean {
  const machine = triple.split('-')[0] ?? ''
  const known = machines[arch]
  const isKnownMachine = Object.values(machines).some(names => names.includes(machine))
  const isArch = known === undefined || !isKnownMachine || known.includes(machine)
  const namesSystem = Object.values(systems).some(pattern => pattern.test(triple))
  const isSystem = systems[os] === undefined || !namesSystem || systems[os].test(triple)
  return isArch && isSystem
}
