/** Sends the spans of a queue, in the background: src/traces/hand-over.ts starts it. Whatever happens is said in a file of the store alone. */
import {hostName, nodeSystem} from './system/node.ts'
import {exportSpans} from './traces/export.ts'
import {sendQueue} from './traces/send.ts'

const [store = '', key = ''] = process.argv.slice(2)
const reporter = {version: GOWARDEN_VERSION, host: hostName()}

sendQueue(nodeSystem(), store, key, (spans, settings) => exportSpans(spans, settings, reporter))
  .catch(() => undefined)
  .then(() => process.exit(0))
