/** What a dashboard asks of Prometheus. */

export type Panel = {
  type: string
  title?: string
  gridPos?: unknown
  targets?: {expr?: string}[]
  panels?: Panel[]
}

/** The queries of all panels, rows included. */
export function expressionsOf({panels = []}: {panels?: Panel[]}): string[] {
  return panels.flatMap(panel => [
    ...(panel.targets ?? []).flatMap(({expr}) => (expr === undefined ? [] : [expr])),
    ...expressionsOf(panel.panels === undefined ? {} : {panels: panel.panels}),
  ])
}

/** A query as Grafana sends it: every host, a day, and a rate over a time. */
export function withVariables(expr: string, rate: string): string {
  return expr.replaceAll('$instance', '.*').replaceAll('$__range', '1d').replaceAll('$__rate_interval', rate)
}
