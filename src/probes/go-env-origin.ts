import type {GoEnv} from '../go/go-env.ts'
import type {System} from '../system.ts'

/**
 * Which source set a go environment value, in go's order: the environment (a set but empty variable does not count), the
 * file of `go env -w`, GOROOT/go.env, else go's own default (cmd/go/internal/cfg EnvOrAndChanged).
 */
export function goEnvOrigin(system: System, env: GoEnv, name: string): string {
  if ((system.env[name] ?? '') !== '') return 'environment'
  for (const file of [env.GOENV, `${env.GOROOT}/go.env`]) {
    if (file.startsWith('/') && isSetIn(system, file, name)) return file
  }
  return 'default'
}

function isSetIn(system: System, file: string, name: string): boolean {
  const lines = system.files.read(file)?.toString().split('\n') ?? []
  return lines.some(line => line.trimStart().startsWith(`${name}=`))
}
