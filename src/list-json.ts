/**
 * Runs `go list -json=ToolchainHash,…` for the launcher and gives each package that go prints the field that was asked for.
 * The words are the ToolchainHash, the real go and its words. Standard input and error are go's own; signals are passed on,
 * and the end is go's end.
 */
import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {listedPackages} from './go/command/list-json.ts'
import {runtimeVariables} from './system/runtime-variables.ts'

function main(): void {
  const [hash = '', go = '', ...words] = process.argv.slice(2)
  const child = spawn(go, words, {
    env: callersEnvironment(process.env),
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  child.on('error', error => {
    process.stderr.write(`gowarden: error: running ${go}: ${error.message}\n`)
    process.exit(126)
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => child.kill(signal))
  }
  // Who reads our output has gone: go would get SIGPIPE, and end by it.
  process.stdout.on('error', () => child.kill('SIGPIPE'))
  const filtered = listedPackages(hash)
  child.stdout.on('data', (chunk: Buffer) => {
    if (!process.stdout.write(filtered(chunk))) {
      child.stdout.pause()
      process.stdout.once('drain', () => child.stdout.resume())
    }
  })
  child.stdout.on('end', () => process.stdout.write(filtered('end')))
  child.on('close', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
    process.exitCode = 128 + constants.signals[signal]
  })
}

/** The environment as the caller has it: the plan kept the runtime's variables under names with GOWARDEN_ in front. */
function callersEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = {...env}
  for (const name of runtimeVariables) {
    kept[name] = env[`GOWARDEN_${name}`] || undefined
    delete kept[`GOWARDEN_${name}`]
  }
  return kept
}

main()
