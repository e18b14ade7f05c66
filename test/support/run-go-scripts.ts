/**
 * npm run test:go-scripts -- [--long] [--go go1.25.3] [PATTERN]
 * Runs Go's script tests of the go command through the launcher, and those that did not pass by bare go too. Exits 1 when
 * one differs that is not known to, by design. Without --long the scripts run in Go's short mode.
 */
import {writeFileSync} from 'node:fs'
import {parseArgs} from 'node:util'
import {differingScripts, gorootOfVersion, prepareScripts, runScripts} from './go-scripts.ts'
import {machine} from './rig.ts'
import {directoryOfProcess} from './temporary.ts'

const {values, positionals} = parseArgs({
  options: {long: {type: 'boolean', default: false}, go: {type: 'string'}, output: {type: 'string'}},
  allowPositionals: true,
})
const version = values.go ?? machine.version
const isShort = !values.long

// Some of Go's scripts fail where a path has a space in it.
const folder = directoryOfProcess('gowarden-scripts-')
console.log(`${version}: compiling the tests of cmd/go`)
const scripts = prepareScripts(folder, gorootOfVersion(version))
const launched = await runScripts(scripts, 'launcher', positionals[0] ?? '.', {isShort})
if (values.output !== undefined) writeFileSync(values.output, launched.output)
const count = (end: string) => [...launched.ends.values()].filter(found => found === end).length
console.log(
  `through the launcher: ${count('PASS')} pass, ${count('FAIL')} fail, ${count('SKIP')} skipped by Go itself`,
)

const failed = [...launched.ends].filter(([, end]) => end === 'FAIL').map(([name]) => name)
const bare =
  failed.length === 0 ? undefined : await runScripts(scripts, 'bare', `^(${failed.join('|')})$`, {isShort})
const alike = failed.filter(name => bare?.ends.get(name) === 'FAIL')
const differing = failed.filter(name => !alike.includes(name))
for (const name of alike) console.log(`${name}: fails with bare go too`)
for (const name of differing) {
  const known = differingScripts[name]
  console.log(
    `${name}: ${known === undefined ? 'DIFFERS' : 'differs by design'}: ${known ?? launched.reasons.get(name) ?? 'see --output'}`,
  )
}
const unknown = differing.filter(name => differingScripts[name] === undefined)
console.log(`${differing.length} differ, ${differing.length - unknown.length} of them by design`)
process.exitCode = unknown.length === 0 && launched.ends.size > 0 ? 0 : 1
