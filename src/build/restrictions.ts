/**
 * What a policy file restricts beyond cache and stamp: flags, variables, and the toolchain. Loaded only where there is one
 * that does.
 */

import {commandLine} from '../findings/facts-of-builds.ts'
import type {BuildFound} from '../findings/finding.ts'
import {parseCommandLine} from '../go/command/command-line.ts'
import type {GoEnv} from '../go/command/go-env.ts'
import {goflagsOf} from '../go/command/goflags.ts'
import {findVersionLine} from '../go/module/go-mod-lines.ts'
import {parseVersionRule} from '../go/module/go-version.ts'
import type {PolicyFile, Setting} from '../policy/policy.ts'
import {lookUpOnPath} from '../system/programs.ts'
import type {System} from '../system/system.ts'
import {type AskedVersion, checkProof, checkVersion} from '../toolchain/check-toolchain.ts'
import {goEnvSetting} from '../toolchain/go-env-origin.ts'
import {probeProof} from '../toolchain/proof.ts'
import {checkEnv, checkFlags, type GivenFlag, type GivenValue} from './check-denied.ts'
import {describeChoice} from './choice.ts'
import type {Situation} from './situation.ts'

/** Judges one go command. */
export async function checkRestrictions(
  system: System,
  situation: Situation,
  file: PolicyFile,
): Promise<BuildFound[]> {
  const {words, kind, env} = situation
  const denied = [
    ...checkFlags([...typedFlags(words), ...flagsOfGoflags(system, env)], file.flags),
    ...checkEnv(givenValues(system, env, file), file.env),
  ]
  // What compiles nothing may run under any toolchain.
  if (kind === 'names-cache' || kind === 'other') return denied
  return [...denied, ...(await checkToolchain(system, situation, file))]
}

/** -test.v is -v to go test (cmd/go/internal/test). */
function typedFlags(words: readonly string[]): GivenFlag[] {
  const line = parseCommandLine(words, () => true)
  return line.flags.map(({name, value}) => ({
    name: line.subcommand === 'test' ? name.replace(/^test\./, '') : name,
    value,
    source: commandLine,
  }))
}

function flagsOfGoflags(system: System, env: GoEnv): GivenFlag[] {
  const place = goEnvSetting(system, env, 'GOFLAGS')?.place ?? 'the environment'
  return goflagsOf(env.GOFLAGS).map(({name, value}) => ({
    name,
    value: value ?? 'true',
    source: `GOFLAGS in ${place}`,
  }))
}

function givenValues(system: System, env: GoEnv, file: PolicyFile): GivenValue[] {
  const names = new Set(file.env.map(({value}) => value.name))
  return [...names].flatMap(name => {
    const setting = goEnvSetting(system, env, name)
    return setting === undefined ? [] : [{name, ...setting}]
  })
}

async function checkToolchain(system: System, situation: Situation, file: PolicyFile): Promise<BuildFound[]> {
  const {toolchain, go, env, folder, target} = situation
  const chosen = describeChoice(system, situation)
  const asked = target === undefined ? file.versions : file.versions.filter(({value}) => value !== 'go.mod')
  const findings = checkVersion(
    toolchain,
    chosen,
    asked.flatMap(version => readAsked(system, env, version)),
  )
  if (file.proven?.value !== true) return findings
  const reason = whyUnknowable(system, situation)
  const proof =
    reason === undefined
      ? await probeProof(system, go.path, env, folder, toolchain.hash)
      : {kind: 'unknown' as const, reason}
  return [...findings, ...checkProof(toolchain, chosen, proof, file.proven)]
}

/** A hash proves the tree that was hashed; these run something else, or may. */
function whyUnknowable(
  system: System,
  {target, toolchain, goroot, env, standIns}: Situation,
): string | undefined {
  const [standIn] = standIns
  if (standIn?.kind === 'toolexec') return `-toolexec=${standIn.command} runs in its place`
  if (standIn?.kind === 'overlay') return `-overlay=${standIn.file} replaces files of the build`
  if (standIn?.kind === 'fips') return `GOFIPS140=${standIn.value} compiles a package from the module cache`
  if (target?.isKnown === false) return `nobody can know in advance which toolchain builds ${target.name}`
  const program = goroot.origin.kind === 'chosen' ? lookUpOnPath(system, toolchain.version) : ''
  // go runs a go1.X.Y that it finds on PATH and checks nothing of it (cmd/go/internal/toolchain Exec).
  if (program === '' || system.files.realPath(program) === system.files.realPath(`${env.GOROOT}/bin/go`))
    return undefined
  return `go runs ${program}, a program of its own that it found on PATH`
}

/** The rule of one `toolchain.version`, which policy-file.ts has tried; none for go.mod where no file says anything. */
function readAsked(system: System, env: GoEnv, {value, origin}: Setting<string>): AskedVersion[] {
  const rule = parseVersionRule(value)
  if (rule === undefined) return []
  return rule.kind === 'go.mod' ? readGoMod(system, env, origin) : [{rule, asked: value, origin}]
}

/** Its toolchain line, else its go line: one release, or the patch releases of one where it names none (`go 1.26`). */
function readGoMod(system: System, env: GoEnv, origin: AskedVersion['origin']): AskedVersion[] {
  const path = [env.GOWORK, env.GOMOD].find(name => name.startsWith('/') && name !== '/dev/null')
  const text = path === undefined ? undefined : system.files.read(path)?.toString()
  if (text === undefined) return []
  const toolchain = findVersionLine(text, 'toolchain')
  const line = toolchain?.version === 'default' ? undefined : toolchain
  const found = line ?? findVersionLine(text, 'go')
  const rule = found && parseVersionRule(found.version)
  if (found === undefined || rule === undefined || rule.kind === 'go.mod') return []
  const name = `go${found.version.replace(/^go/, '')}${rule.kind === 'patches' ? '.x' : ''}`
  return [{rule, asked: `${name} (${path}:${found.line})`, origin}]
}
