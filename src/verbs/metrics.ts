/** `gowarden metrics`: this host for Prometheus, in a file, over HTTP, or pushed. */
import type {Command} from 'commander'
import type {Format} from '../metrics/metrics.ts'
import {reasonOf} from '../store/folder.ts'
import {UsageError, WorldError} from '../system/errors.ts'
import type {System} from '../system/system.ts'
import {oneLine} from '../text/one-line.ts'
import {absolute, type VerbContext} from './context.ts'

type Flags = {
  textfile?: string
  listen?: string
  push?: string
  job: string
  instance?: string
  binaries?: string[]
}

export function registerMetrics(program: Command, {system, version}: VerbContext): void {
  program
    .command('metrics')
    .option(
      '--textfile <path>',
      'write a file for the textfile collector of node_exporter: a name that ends in .prom',
    )
    .option('--listen <address>', 'serve /metrics until SIGTERM: a port on 127.0.0.1, or ADDRESS:PORT')
    .option('--push <url>', 'push to a Pushgateway')
    .option('--job <name>', 'with --push: the job', 'gowarden')
    .option('--instance <name>', 'with --push: the instance (the default is the name of this host)')
    .option('--binaries <dir...>', 'count the binaries below these folders by the state of their stamp')
    .description('show toolchains, caches, refusals, bypasses and audits of this host for Prometheus')
    .addHelpText('after', helpAfter)
    .action(async (flags: Flags) => {
      if (flags.listen !== undefined && (flags.textfile ?? flags.push) !== undefined)
        throw new UsageError('--listen excludes --textfile and --push')
      const {metricsSource} = await import('../metrics/source.ts')
      const binaries = (flags.binaries ?? []).map(directory => absolute(system, directory))
      const metrics = await metricsSource(quiet(system), {binaries, version})
      if (flags.listen !== undefined) {
        await listen(system, flags.listen, metrics)
        return
      }
      const {text, type} = await metrics('text')
      if (flags.textfile !== undefined) writeTextfile(system, absolute(system, flags.textfile), text)
      if (flags.push !== undefined) {
        const {push} = await import('../metrics/push.ts')
        const {hostName} = await import('../system/node.ts')
        await push(flags.push, {job: flags.job, instance: flags.instance ?? hostName()}, text, type)
      }
      if (flags.textfile === undefined && flags.push === undefined) system.stdout(text)
    })
}

/** A timer or a scrape looks at the host, and nobody waits: nothing is said of what takes long. */
function quiet(system: System): System {
  return {...system, tell: () => undefined}
}

/** By rename, so that the collector never reads a half, and readable by it, whatever the umask says. */
function writeTextfile(system: System, path: string, text: string): void {
  if (!path.endsWith('.prom'))
    throw new UsageError(`--textfile ${path}: node_exporter reads only names that end in .prom`)
  try {
    system.files.replace(path, text, 0o644, true)
  } catch (error) {
    throw new WorldError(`writing ${path}: ${reasonOf(error)}`, {cause: error})
  }
}

async function listen(
  system: System,
  address: string,
  metrics: (format: Format) => Promise<{text: string; type: string}>,
): Promise<void> {
  const {parseAddress, serve} = await import('../metrics/serve.ts')
  const {askedToEnd} = await import('../system/node.ts')
  const ended = askedToEnd()
  const serving = await serve(parseAddress(address), metrics)
  system.stderr(`gowarden: listening on ${oneLine(serving.url)}\n`)
  await ended
  await serving.close()
}

const helpAfter = `
Without an option the metrics are printed. Toolchains, caches and binaries are looked at once, with --listen again every five minutes;
what was planned, refused, verified and audited is counted from gowarden events. Run it as the user who builds.

examples:
  gowarden metrics
  gowarden metrics --textfile /var/lib/prometheus/node-exporter/gowarden.prom
  gowarden metrics --listen 9470
  gowarden metrics --push http://pushgateway.example:9091 --job build --instance shop
`
