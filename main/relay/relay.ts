/**
 * The relay put together: the application's listener with the broker in the journal's place, the router, and the
 * services for workstations. It keeps nothing itself: what it has said 200 to is in the broker.
 */
import { setTimeout } from 'node:timers/promises'
import type { ApplianceClient } from '../appliance/client.ts'
import { createAttach } from './attach.ts'
import { openBroker, readSeed, type Broker } from './broker.ts'
import type { RelayConfig } from './config.ts'
import { createEntitlements, createTeamsMemory } from './entitlements.ts'
import { createGateway } from './gateway.ts'
import { createLeases } from './leases.ts'
import { serveMetrics, type Figures } from './metrics.ts'
import { createPublisher } from './publisher.ts'
import { createReception, type ReceptionOptions } from './reception.ts'
import { createRouter, type Router } from './router.ts'
import { serve } from './services.ts'
import { ensureStreams } from './streams.ts'
import { GAIN } from './subjects.ts'
import { createWorkstations } from './workstations.ts'

/** The table of workstations is looked at this often (ms), so that a revocation takes effect at once. */
const LOOK_EACH = 1_000
/** A router that failed starts anew after this (ms); it goes on where it was. */
const ROUTE_AGAIN = 1_000
/** The router has so long to put a representative's history together (ms), and to end what it is at. */
const GAIN_WITHIN = 5_000
const STOP_WITHIN = 3_000
const NO_ROUTER = new Error('The router is not there yet.')

export interface RelayOptions extends Omit<ReceptionOptions, 'config' | 'journal'> {
  readonly config: RelayConfig
  /** A clock that nobody sets (ms). */
  readonly elapsed: () => number
  /** The appliance's client; null: workstations have to do without its API. */
  readonly client: ApplianceClient | null
}

export interface Relay {
  /** `address:port` of each socket that takes events. */
  addresses(): readonly string[]
  figures(): Figures
  metricsPort(): number | null
  /** Looks at table, teams, certificate and addresses now, rather than when their time has come. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

const nameOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown')

/** Starts a relay. @throws if the broker cannot be reached, or does not take the streams */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { config, log } = options
  let restart = () => {}
  const broker = await openBroker({
    servers: config.broker.servers,
    seed: readSeed(config.broker.seedFile),
    caFile: config.broker.caFile,
    name: `rep-tray-relay ${config.site}`,
    log,
    // A broker that was away may have forgotten who reads; a router that is begun anew reads on where it was.
    onLink: (up) => up && restart(),
  })
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
  let attachRefusals = 0
  let routed: { readonly through: number; readonly pending: number } | null = null
  let stopped = false
  let router: Router | null = null

  const failed = (what: string) => (error: unknown) => log(`${what}: ${nameOf(error)}`)
  const workstations = createWorkstations({
    file: config.workstationsFile,
    onChange: () => void attach.refresh().catch(failed('attach')),
    onFailure: failed('table of workstations'),
  })
  const leases = createLeases(options.elapsed)
  const entitlements = createEntitlements({
    workstations,
    fixed: config.teams,
    ask: client === null ? null : () => client.getSupportTeams({ members: true }),
    memory: createTeamsMemory(broker, site),
    onChange: () => void attach.refresh().catch(failed('attach')),
    onFailure: failed('teams'),
  })
  const attach = createAttach({
    manager: () => broker.manager,
    site,
    appliance: client?.origin ?? null,
    leases,
    entitlement: (workstation) => entitlements.of(workstation),
    gain: async (rep, audiences) => {
      const reply = await broker.connection.request(GAIN, JSON.stringify({ rep, audiences }), { timeout: GAIN_WITHIN })
      return reply.json<{ before: number }>().before
    },
    elapsed: options.elapsed,
  })
  const gateway =
    client === null
      ? null
      : createGateway({
          client,
          entitlement: (workstation) => entitlements.of(workstation),
          session: (lsid) => router?.session(lsid) ?? null,
        })
  await entitlements.recall()
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
            random: Math.random,
          },
    attach,
    gateway,
    gain: config.router ? async (rep, audiences) => router?.gain(rep, audiences) ?? Promise.reject(NO_ROUTER) : null,
    now,
    onRefused: () => {
      attachRefusals += 1
    },
    onFailure: failed('service'),
  })

  const publisher = createPublisher(() => broker.client(), site)
  const reception = createReception({ ...options, config: config.listener, journal: publisher })

  /** A router that failed is followed by another, which reads on where it was. */
  async function keepRouting(): Promise<void> {
    const isStopped = () => stopped
    while (!isStopped()) {
      try {
        router = createRouter({
          client: broker.client(),
          manager: broker.manager,
          site,
          log,
          onProgress: (through, pending) => {
            routed = { through, pending }
          },
        })
        await router.run()
      } catch (error) {
        failed('router')(error)
      }
      if (!isStopped()) await setTimeout(ROUTE_AGAIN)
    }
  }

  const look = setInterval(() => workstations.refresh(), LOOK_EACH)

  entitlements.start()
  const routing = config.router ? keepRouting() : Promise.resolve()
  onRestart(() => router?.stop())
  // What changed while no relay ran has not ended any delivery yet.
  await attach.refresh().catch(failed('attach'))
  // It may be slow or away; nothing waits for it.
  void entitlements.refresh()
  const metrics =
    config.metrics === null ? null : await serveMetrics(config.metrics.address, config.metrics.port, figures)
  await reception.start()

  function figures(): Figures {
    const { lastStored, ...counts } = reception.counts
    return {
      ...counts,
      attachRefusals,
      brokerUp: broker.isUp(),
      listening: reception.addresses().length > 0,
      lag: routed === null ? null : Math.max(routed.pending, lastStored - routed.through, 0),
      attached: leases.count(),
      apiCalls: gateway?.calls ?? 0,
    }
  }

  return {
    addresses: () => reception.addresses(),
    figures,
    metricsPort: () => metrics?.port ?? null,
    refresh: async () => {
      workstations.refresh()
      await Promise.all([entitlements.refresh(), reception.check()])
    },
    stop: async () => {
      stopped = true
      clearInterval(look)
      entitlements.stop()
      await reception.stop()
      router?.stop()
      // It writes how far it has come.
      await Promise.race([routing, setTimeout(STOP_WITHIN)])
      await metrics?.close()
      await broker.close()
    },
  }
}
