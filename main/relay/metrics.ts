/** What the relay tells of itself: /healthz for whoever watches services, /metrics for Prometheus. On an address of its own. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Figures of the relay now. Times in ms since 1970. */
export interface Figures {
  readonly brokerUp: boolean
  readonly listening: boolean
  /** False: the broker did not take the last event that came in. */
  readonly storing: boolean
  readonly events: number
  readonly repeated: number
  readonly quarantined: number
  /** Answered 503, because the broker did not take them. */
  readonly refused: number
  readonly lastEventAt: number | null
  /** Events that are stored and not yet routed; null: this relay does not route, or it is not known. */
  readonly lag: number | null
  readonly attached: number
  readonly attachRefusals: number
  readonly apiCalls: number
}

/** Prometheus' text format. */
export function metricsText(figures: Figures): string {
  const lines: string[] = []
  const add = (name: string, type: 'counter' | 'gauge', help: string, value: number | null) => {
    if (value === null) return
    lines.push(`# HELP rep_tray_relay_${name} ${help}`, `# TYPE rep_tray_relay_${name} ${type}`)
    lines.push(`rep_tray_relay_${name} ${value}`)
  }
  add('broker_up', 'gauge', '1 while the broker is connected.', figures.brokerUp ? 1 : 0)
  add('listening', 'gauge', '1 while events can come in.', figures.listening ? 1 : 0)
  add('storing', 'gauge', '0 after the broker did not take an event, until it takes one.', figures.storing ? 1 : 0)
  add('events_total', 'counter', 'Events stored.', figures.events)
  add('events_repeated_total', 'counter', 'Events that came again.', figures.repeated)
  add('events_quarantined_total', 'counter', 'Bodies that were no event.', figures.quarantined)
  add('events_refused_total', 'counter', 'Events answered 503.', figures.refused)
  const last = figures.lastEventAt === null ? null : figures.lastEventAt / 1000
  add('last_event_timestamp_seconds', 'gauge', 'When the last event came in.', last)
  add('router_lag', 'gauge', 'Events stored and not yet routed.', figures.lag)
  add('attached', 'gauge', 'Workstations that are attached.', figures.attached)
  add('attach_refusals_total', 'counter', 'Requests to attach that were refused.', figures.attachRefusals)
  add('api_calls_total', 'counter', 'Requests to the appliance for workstations.', figures.apiCalls)
  return `${lines.join('\n')}\n`
}

export interface MetricsServer {
  readonly port: number
  close(): Promise<void>
}

/** Serves the figures. @throws Node's error if the address cannot be listened on */
export async function serveMetrics(address: string, port: number, figures: () => Figures): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const now = figures()
    const { method, url } = request
    if (method !== 'GET' || (url !== '/healthz' && url !== '/metrics')) {
      response.writeHead(404).end()
      return
    }
    if (url === '/metrics') {
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metricsText(now))
      return
    }
    const { brokerUp: broker, listening, storing } = now
    const isWell = broker && listening && storing
    const body = { status: isWell ? 'ok' : 'failing', broker, listening, storing }
    response.writeHead(isWell ? 200 : 503, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
  })
  server.requestTimeout = 5_000
  server.headersTimeout = 5_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => resolve())
  })
  server.on('error', () => {})
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
