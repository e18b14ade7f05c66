/**
 * docs/fleet.md on real programs: three hosts with a home each, scraped by Prometheus over HTTP, by node_exporter's file and by way of a
 * Pushgateway. Two of them have toolchains that call themselves by one version, one has a release that has ended, and the cache of
 * one is refused. Every query of the dashboard and every alert finds something there.
 */
import {type ChildProcess, spawn} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {expressionsOf, withVariables} from '../support/prometheus.ts'
import {emptyRepository, machine, makeRig, type Rig, root, runProgram, tiny} from '../support/rig.ts'
import {onPath, withKnownRig} from '../support/shells.ts'
import {suite} from '../support/suite.ts'
import {makeTwin} from '../support/twin.ts'

const found = {
  prometheus: onPath('prometheus'),
  promtool: onPath('promtool'),
  node_exporter: onPath('prometheus-node-exporter') ?? onPath('node_exporter'),
  pushgateway: onPath('prometheus-pushgateway') ?? onPath('pushgateway'),
  curl: onPath('curl'),
}
const missing = Object.entries(found).flatMap(([name, path]) => (path === undefined ? [name] : []))
const notHere = missing.length === 0 ? undefined : `not on PATH: ${missing.join(', ')}`

const docs = readFileSync(join(root, 'docs/fleet.md'), 'utf8')
const commands = [...docs.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, text = '']) =>
  text.trim().split('\n'),
)

/** What is run elsewhere, and where; and what needs a session of systemd's. */
const elsewhere: Record<string, string> = {
  'promtool check rules config/prometheus/gowarden.rules.yml': 'metrics/rules.test.ts',
  'promtool test rules config/prometheus/gowarden.tests.yml config/prometheus/go-releases.tests.yml':
    'metrics/rules.test.ts',
  ...Object.fromEntries(
    commands.filter(line => line.startsWith('gowarden report ')).map(line => [line, 'verbs/report.test.ts']),
  ),
  'systemctl --user enable --now gowarden-metrics.timer': 'nowhere: a test has no session of systemd',
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

type Running = {child: ChildProcess; said(): string}

/** Runs `body` with what `start` started, and ends all of that. */
async function withServices(
  body: (start: (command: string, env: Rig['env'], cwd: string) => Running) => Promise<void>,
): Promise<void> {
  const running: Running[] = []
  const start = (command: string, env: Rig['env'], cwd: string): Running => {
    let said = ''
    const child = spawn('/bin/sh', ['-c', `exec ${command}`], {cwd, env: {...env, PWD: cwd}})
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', chunk => {
        said += chunk
      })
    const one = {child, said: () => said}
    running.push(one)
    return one
  }
  try {
    await body(start)
  } finally {
    for (const {child} of running.toReversed()) {
      const ended = new Promise(resolve => child.once('close', resolve))
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM')) await ended
    }
  }
}

/** Asks until there is an answer that will do; after a minute the last one. */
async function until<T>(ask: () => Promise<T>, willDo: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask()
    if (willDo(answer) || tries > 240) return answer
    await setTimeout(250)
  }
}

async function textAt(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text()
  } catch {
    return ''
  }
}

/** One round of what happens on a host, so that every counter there grows. */
async function work(a: Rig, b: Rig, c: Rig): Promise<void> {
  a.write({'go.mod': `${tiny['go.mod']}// ${Date.now()}\n`})
  assert.is((await a.go(['list', '.'])).code, 0)
  assert.is(
    (await a.go(['list', '.'], {env: {GOWARDEN: 'off', GOWARDEN_REASON: 'the proxy is down'}})).code,
    0,
  )
  assert.is((await a.gowarden(['verify'])).code, 0)
  b.write({'go.mod': `${tiny['go.mod']}// ${Date.now()}\n`})
  const older = await b.go(['list', '.'])
  assert.is(older.code, 0, older.stderr)
  const refused = await c.go(['list', '.'])
  assert.is(refused.code, 1)
  assert.match(refused.stderr, /CACHE_FOREIGN/)
}

suite('metrics/fleet', test => {
  test('every command of docs/fleet.md is known here', () => {
    assert.ok(commands.length > 10)
    for (const command of Object.keys(elsewhere)) assert.ok(commands.includes(command), command)
  })

  test('what the other files run is what the page says', () => {
    const {spec} = parse(readFileSync(join(root, 'config/kubernetes/gowarden-metrics.yaml'), 'utf8'))
    const words: string[] = spec.template.spec.containers[1].command
    assert.equal(words.slice(0, 3), ['gowarden', 'metrics', '--listen'])
    const port = Number(words[3]?.slice(1))
    assert.equal(spec.template.spec.containers[1].ports, [{name: 'metrics', containerPort: port}])
    assert.is(spec.template.metadata.annotations['prometheus.io/port'], String(port))
    const [step] = parse(docs.match(/^```yaml\n([\s\S]*?)^```/m)?.[1] ?? '')
    assert.is(
      step.run.replace('"$PUSHGATEWAY"', 'http://127.0.0.1:9091'),
      commands.find(line => line.includes('--push')),
    )
    for (const unit of ['gowarden-metrics', 'gowarden-exporter']) {
      const text = readFileSync(join(root, `config/systemd/${unit}.service`), 'utf8')
      const [, line = ''] = text.match(/^ExecStart=%h\/\.local\/share\/gowarden\/bin\/(.*)$/m) ?? []
      assert.ok(commands.includes(line), line)
    }
  })

  test.unless(notHere, 'three hosts, three ways, every query and every alert', async () => {
    await withKnownRig(async a => {
      const [b, c] = ['b', 'c'].map(name => makeRig(join(a.folder, name))) as [Rig, Rig]
      const guarded = {...tiny, ...emptyRepository, '.gowardenrc.yaml': 'bypass: reason\n'}
      for (const rig of [a, b, c]) rig.write(guarded)
      // One has a release of Go that has ended, and go without gowarden first on PATH.
      b.env['GOTOOLCHAIN'] = 'go1.24.4'
      const unguarded = {...b.env, PATH: b.env['PATH']?.replace(`${root}/bin:`, '')}
      // One has a twin of the machine's go, and a cache that the machine's go populated.
      c.env['PATH'] = c.env['PATH']?.replace(machine.goroot, makeTwin(join(a.folder, 'twin')))
      assert.is((await a.go(['list', '.'], {env: {GOCACHE: c.cache}})).code, 0)
      assert.is((await a.gowarden(['cache', 'audit'])).code, 0)
      await work(a, b, c)

      const ports = {a: await freePort(), b: await freePort(), c: await freePort()}
      const [prometheus, node, gateway] = [await freePort(), await freePort(), await freePort()]
      const textfiles = join(a.folder, 'textfiles')
      mkdirSync(textfiles)
      const here = (line: string) =>
        line
          .replaceAll('127.0.0.1:9470', `127.0.0.1:${ports.a}`)
          .replaceAll('127.0.0.1:9091', `127.0.0.1:${gateway}`)
          .replaceAll('127.0.0.1:9100', `127.0.0.1:${node}`)
          .replaceAll('/var/lib/prometheus/node-exporter', `'${textfiles}'`)
          .replaceAll('config/prometheus', `'${join(a.folder, 'prometheus')}'`)
          .replaceAll(' config/systemd', ` '${root}/config/systemd'`)
      cpSync(join(root, 'config/prometheus'), join(a.folder, 'prometheus'), {recursive: true})
      const config = join(a.folder, 'prometheus/prometheus.yml')
      writeFileSync(
        config,
        here(readFileSync(config, 'utf8'))
          .replaceAll(/(scrape|evaluation)_interval: 1m/g, '$1_interval: 1s')
          .replace(
            `[127.0.0.1:${ports.a}]`,
            `[127.0.0.1:${ports.a}, 127.0.0.1:${ports.b}, 127.0.0.1:${ports.c}]`,
          ),
      )
      const shell = {
        ...a.env,
        PATH: `${a.env['PATH']}:${process.env['PATH']}`,
        GITHUB_REPOSITORY: 'acme/shop',
      }

      await withServices(async start => {
        start(`'${found.pushgateway}' --web.listen-address=127.0.0.1:${gateway}`, shell, a.folder)
        start(
          `'${found.node_exporter}' --collector.disable-defaults --collector.textfile --collector.textfile.directory='${textfiles}' --web.listen-address=127.0.0.1:${node}`,
          shell,
          a.folder,
        )
        const listen = commands.find(line => line.includes('--listen')) ?? ''
        const services: Record<string, () => Running> = {
          [listen]: () => start(`${here(listen)} --binaries '${machine.goroot}/bin'`, shell, a.work),
          'prometheus --config.file=config/prometheus/prometheus.yml': () =>
            start(
              `prometheus --config.file='${config}' --storage.tsdb.path='${join(a.folder, 'tsdb')}' --web.listen-address=127.0.0.1:${prometheus}`,
              shell,
              a.folder,
            ),
        }
        start(`'${root}/bin/'${here(listen).replace(`:${ports.a}`, `:${ports.b}`)}`, unguarded, b.work)
        start(here(listen).replace(`:${ports.a}`, `:${ports.c}`), c.env, c.work)
        await until(
          () => textAt(`http://127.0.0.1:${gateway}/-/ready`),
          text => text !== '',
        )

        // The page, from its first command to its last.
        for (const line of commands) {
          if (line in elsewhere) continue
          const service = services[line]
          if (service === undefined) {
            const ended = await runProgram('/bin/sh', ['-c', here(line)], {cwd: a.work, env: shell})
            assert.is(ended.code, 0, `${line}\n${ended.stderr}`)
            continue
          }
          const running = service()
          if (line === listen) {
            const url = `http://127.0.0.1:${ports.a}/metrics`
            assert.match(
              await until(
                () => textAt(url),
                text => text !== '',
              ),
              /^gowarden_info/m,
              running.said(),
            )
          }
        }
        assert.ok(existsSync(join(a.env['HOME'] ?? '', '.config/systemd/user/gowarden-metrics.timer')))

        const ask = async (expr: string): Promise<{metric: Record<string, string>}[]> => {
          const url = `http://127.0.0.1:${prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`
          const answer = JSON.parse((await textAt(url)) || '{}')
          if (answer.status === 'error') throw new Error(`${expr}: ${answer.error}`)
          return answer.data?.result ?? []
        }
        // Before the second round everything was scraped: what counts then grows.
        const scraped = await until(
          () => ask('gowarden_info{job="gowarden"}'),
          series => series.length === 3,
        )
        assert.is(scraped.length, 3, JSON.stringify(scraped))
        await work(a, b, c)

        const board = JSON.parse(readFileSync(join(root, 'config/grafana/gowarden.json'), 'utf8'))
        const {groups} = parse(readFileSync(join(root, 'config/prometheus/gowarden.rules.yml'), 'utf8'))
        const rules: {alert?: string; record?: string; expr: string}[] = groups.flatMap(
          (group: {rules: unknown[]}) => group.rules,
        )
        const queries = [
          ...expressionsOf(board).map(expr => withVariables(expr, '1h')),
          ...rules.flatMap(({alert, expr}) => (alert === undefined ? [] : [expr])),
          ...rules.flatMap(({record}) => (record === undefined ? [] : [record])),
        ]
        assert.ok(queries.length > 30, `${queries.length}`)
        const silent: string[] = []
        for (const expr of queries) {
          const answer = await until(
            () => ask(expr),
            series => series.length > 0,
          )
          if (answer.length === 0) silent.push(expr)
        }
        assert.equal(silent, [], 'queries without data')
        const firing = await until(
          () => ask('ALERTS{alertname="GowardenTwinToolchains", alertstate="firing"}'),
          series => series.length > 0,
        )
        assert.equal(
          firing.map(({metric}) => metric['version']),
          [machine.version],
        )
        const ended = await until(
          () => ask('ALERTS{alertname="GowardenToolchainEndOfLife"}'),
          series => series.length > 0,
        )
        assert.equal(
          ended.map(({metric}) => metric['version']),
          ['go1.24.4'],
        )
        // By the other two ways.
        const byFile = await until(
          () => ask('gowarden_info{job="node"}'),
          series => series.length > 0,
        )
        assert.is(byFile.length, 1)
        assert.equal(
          (await ask('node_textfile_scrape_error')).map(
            one => (one as unknown as {value: string[]}).value[1],
          ),
          ['0'],
        )
        const pushed = await until(
          () => ask('gowarden_info{job="build"}'),
          series => series.length > 0,
        )
        assert.equal(
          pushed.map(({metric}) => metric['instance']),
          ['acme/shop'],
        )
      })
    })
  })
})
