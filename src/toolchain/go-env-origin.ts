import type {GoEnv, Goroot} from '../go/command/go-env.ts'
import {orNothing} from '../system/or-nothing.ts'
import type {System} from '../system/system.ts'

/** A value as one source sets it. `place` names it for a person: 'the environment', or `FILE:LINE`. */
export type GoEnvSetting = {value: string; source: 'environment' | 'go env -w' | 'go.env'; place: string}

/** Where go reads its settings from; `GOROOT` is undefined where none is known. */
export type GoEnvFiles = {GOENV: string; GOROOT: Goroot | undefined}

/**
 * The source that sets a go environment variable, in go's order: the environment (a set but empty variable does not count),
 * the file of `go env -w`, GOROOT/go.env; undefined where go's own default counts (cmd/go/internal/cfg Getenv, readEnvFile).
 */
export function goEnvSetting(system: System, env: GoEnvFiles, name: string): GoEnvSetting | undefined {
  const own = system.env[name] ?? ''
  if (own !== '') return {value: own, source: 'environment', place: 'the environment'}
  const user = env.GOENV.startsWith('/') ? settingsIn(system, env.GOENV, name).at(-1) : undefined
  if (user !== undefined) return {...user, source: 'go env -w'}
  // In GOROOT's file no line replaces what is set already, be it by a line above it.
  if (env.GOROOT === undefined) return undefined
  const shipped = settingsIn(system, `${env.GOROOT}/go.env`, name)[0]
  return shipped && {...shipped, source: 'go.env'}
}

/** The file of `go env -w`, which no go has to be asked for; 'off' or '' where there is none (cmd/go/internal/cfg EnvFile, os.UserConfigDir). */
export function goEnvFile({env, platform}: System): string {
  const home = env['HOME'] ?? ''
  if ((env['GOENV'] ?? '') !== '') return env['GOENV'] ?? ''
  if (platform === 'darwin') return home === '' ? '' : `${home}/Library/Application Support/go/env`
  const config = env['XDG_CONFIG_HOME'] || (home === '' ? '' : `${home}/.config`)
  return config === '' ? '' : `${config}/go/env`
}

/** 'environment', the path of the file that sets the variable, or 'default'. */
export function goEnvOrigin(system: System, env: GoEnv, name: string): string {
  const setting = goEnvSetting(system, env, name)
  if (setting === undefined) return 'default'
  return setting.source === 'environment' ? 'environment' : setting.place.replace(/:\d+$/, '')
}

function settingsIn(system: System, file: string, name: string): {value: string; place: string}[] {
  const lines = readOrNothing(system, file).split('\n')
  return lines.flatMap((line, index) =>
    line.startsWith(`${name}=`) ? [{value: line.slice(name.length + 1), place: `${file}:${index + 1}`}] : [],
  )
}

/** What go may not read, or what is a folder, sets nothing: it goes on without a word (cmd/go/internal/cfg readEnvFile). */
function readOrNothing(system: System, file: string): string {
  return orNothing(() => system.files.read(file))?.toString() ?? ''
}
