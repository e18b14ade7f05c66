/** A pre-commit hook for tests: judges what Git tells a hook to judge, writes the findings, and lets the commit pass. */
import {writeFileSync} from 'node:fs'
import {nodeSystem, pipeChild} from '../../src/system/node.ts'
import {verify} from '../../src/verify/verify.ts'
import {found} from './verify.ts'

const [report = '', store = ''] = process.argv.slice(2)
const system = {...nodeSystem(), pipe: pipeChild}
const result = await verify(
  {...system, env: {...process.env, XDG_CACHE_HOME: store}},
  {judged: undefined, modules: [], offline: true, policy: {levels: {}}, version: 'test'},
)
writeFileSync(report, JSON.stringify(found(result)))
