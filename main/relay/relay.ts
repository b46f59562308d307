/**
 * The relay put together: the application's listener with the broker in the journal's place, the router, and the
 * services for workstations. It keeps nothing itself: what it has said 200 to is in the broker.
 */
import type { BlockList } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { ApplianceClient } from '../appliance/client.ts'
import { createListener } from '../events/listener.ts'
import { createListening } from '../events/listening.ts'
import { createAttach } from './attach.ts'
import { openBroker, readSeed, type Broker } from './broker.ts'
import type { RelayConfig } from './config.ts'
import { createEntitlements } from './entitlements.ts'
import { createGateway } from './gateway.ts'
import { createLeases } from './leases.ts'
import { serveMetrics, type Figures } from './metrics.ts'
import { createPublisher } from './publisher.ts'
import { createRouter, type Router } from './router.ts'
import { serve } from './services.ts'
import { ensureStreams } from './streams.ts'
import { createWorkstations } from './workstations.ts'

/** The table of workstations is looked at this often (ms), so that a revocation takes effect at once. */
const LOOK_EACH = 1_000
/** A router that failed starts anew after this (ms); it goes on where it was. */
const ROUTE_AGAIN = 1_000

export interface RelayOptions {
  readonly config: RelayConfig
  /** Hash of the token in the recipient's URL. */
  readonly tokenHash: Uint8Array
  readonly names: ReadonlySet<string>
  readonly allow: BlockList | null
  /** The appliance's client; null: workstations have to do without its API. */
  readonly client: ApplianceClient | null
  readonly now: () => number
  /** One line, without contents of events and without secrets. */
  readonly log: (line: string) => void
}

export interface Relay {
  /** `address:port` of each socket that takes events. */
  addresses(): readonly string[]
  figures(): Figures
  metricsPort(): number | null
  stop(): Promise<void>
}

const nameOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown')

/** Starts a relay. @throws if the broker cannot be reached, or does not take the streams */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { config, log } = options
  const broker = await openBroker({
    servers: config.broker.servers,
    seed: readSeed(config.broker.seedFile),
    caFile: config.broker.caFile,
    name: `rep-tray-relay ${config.site}`,
    log,
    // A broker that was away may have forgotten who reads; a router that is begun anew reads on where it was.
    onLink: (up) => up && restart(),
  })
  let restart = () => {}
  try {
    await ensureStreams(broker.manager, config.streams)
    return await start(broker, options, (again) => {
      restart = again
    })
  } catch (error) {
    await broker.close()
    throw error
  }
}

async function start(broker: Broker, options: RelayOptions, onRestart: (restart: () => void) => void): Promise<Relay> {
  const { config, client, now, log } = options
  const { site } = config
  const counts = { events: 0, repeated: 0, quarantined: 0, refused: 0, attachRefusals: 0 }
  let addresses: readonly string[] = []
  let lastEventAt: number | null = null
  let lastStored = 0
  let routed: { readonly through: number; readonly pending: number } | null = null
  let stopped = false
  let router: Router | null = null

  const failed = (what: string) => (error: unknown) => log(`${what}: ${nameOf(error)}`)
  const workstations = createWorkstations({
    file: config.workstationsFile,
    onChange: () => void attach.refresh().catch(failed('attach')),
    onFailure: failed('table of workstations'),
  })
  const leases = createLeases(now)
  const entitlements = createEntitlements({
    workstations,
    fixed: config.teams,
    ask: client === null ? null : () => client.getSupportTeams({ members: true }),
    onChange: () => void attach.refresh().catch(failed('attach')),
    onFailure: failed('teams'),
  })
  const attach = createAttach({
    manager: () => broker.manager,
    site,
    leases,
    entitlement: (workstation) => entitlements.of(workstation),
  })
  const gateway =
    client === null
      ? null
      : createGateway({
          client,
          entitlement: (workstation) => entitlements.of(workstation),
          session: (lsid) => router?.session(lsid) ?? null,
        })
  const { issuerFile, account } = config.broker
  serve({
    connection: broker.connection,
    access:
      issuerFile === null
        ? null
        : {
            issuerSeed: readSeed(issuerFile),
            account,
            workstationOf: (nkey) => workstations.byKey(nkey),
            now: () => now() / 1000,
          },
    attach,
    gateway,
    now,
    onRefused: () => {
      counts.attachRefusals += 1
    },
    onFailure: failed('service'),
  })

  const publisher = createPublisher(() => broker.client(), site)
  const listening = createListening({
    createListener: () =>
      createListener({
        journal: () => publisher,
        tokens: () => [options.tokenHash],
        names: () => options.names,
        allow: () => options.allow,
        now,
        onEvent: ({ appended, receivedAt }) => {
          lastEventAt = receivedAt
          lastStored = Math.max(lastStored, appended.seq)
          counts[appended.repeated ? 'repeated' : 'events'] += 1
        },
        onQuarantine: (reason, repeated) => {
          if (repeated) return
          counts.quarantined += 1
          log(`quarantine: ${reason}`)
        },
        onStoreFailure: (error) => {
          counts.refused += 1
          log(`event not stored: ${nameOf(error)}`)
        },
        onRefused: (reason) => log(`refused by ${reason}`),
        onProcessingFailure: failed('after an event'),
        onToken: () => undefined,
      }),
    target: () => config.listener,
    now,
    onChange: (health, failures) => {
      addresses = health.addresses
      for (const { where, error } of failures) log(`listening on ${where} fails (${error.code ?? 'unknown'})`)
    },
  })

  /** A router that failed is followed by another, which reads on where it was. */
  async function keepRouting(): Promise<void> {
    const isStopped = () => stopped
    while (!isStopped()) {
      router = createRouter({
        client: broker.client(),
        manager: broker.manager,
        site,
        log,
        onProgress: (through, pending) => {
          routed = { through, pending }
        },
      })
      await router.run().catch(failed('router'))
      if (!isStopped()) await setTimeout(ROUTE_AGAIN)
    }
  }

  const look = setInterval(() => workstations.refresh(), LOOK_EACH)

  await entitlements.refresh()
  entitlements.start()
  if (config.router) void keepRouting()
  onRestart(() => router?.stop())
  const metrics =
    config.metrics === null ? null : await serveMetrics(config.metrics.address, config.metrics.port, figures)
  await listening.start()

  function figures(): Figures {
    return {
      ...counts,
      brokerUp: broker.isUp(),
      listening: addresses.length > 0,
      lastEventAt,
      lag: routed === null ? null : Math.max(routed.pending, lastStored - routed.through, 0),
      attached: leases.count(),
      apiCalls: gateway?.calls ?? 0,
    }
  }

  return {
    addresses: () => addresses,
    figures,
    metricsPort: () => metrics?.port ?? null,
    stop: async () => {
      stopped = true
      clearInterval(look)
      entitlements.stop()
      await listening.stop()
      router?.stop()
      await metrics?.close()
      await broker.close()
    },
  }
}
