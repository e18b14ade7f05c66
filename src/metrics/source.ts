/** What is asked for metrics again and again: events are counted each time, and the host is looked at now and then. */
import {countEvents} from '../events/counts.ts'
import {readHistory} from '../events/read.ts'
import {storeFolder} from '../store/folder.ts'
import type {System} from '../system/system.ts'
import {type HostFacts, probeHost} from './facts.ts'
import {type Format, metricsText} from './metrics.ts'

/** How old the facts may be before they are looked at again, behind the answer: doctor runs go, and a cache may be large. */
const freshMs = 300_000

/** Looks at the host once, and returns what makes the text. */
export async function metricsSource(
  system: System,
  {binaries, version}: {binaries: readonly string[]; version: string},
): Promise<(format: Format) => Promise<{text: string; type: string}>> {
  const history = () => readHistory(system, storeFolder(system))
  const probe = () => probeHost(system, {binaries, events: history().events})
  let facts: HostFacts = await probe()
  let isProbing = false
  const refresh = async () => {
    isProbing = true
    // What was known stays; its age is a metric.
    facts = await probe().catch(() => facts)
    isProbing = false
  }
  return format => {
    if (!isProbing && system.nowMs() - facts.atMs > freshMs) void refresh()
    const {counts, events} = history()
    return metricsText(facts, countEvents(counts, events), version, format)
  }
}
