/**
 * `npm run demo -- --fleet N`: appliance, broker, relay and N workstations of different representatives on one machine;
 * sessions wander between them.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createLogbook } from '../main/logbook.ts'
import { parseEvent } from '../main/events/event.ts'
import { tokenHash } from '../main/events/listener.ts'
import { openJournalForReading } from '../main/events/reading.ts'
import { audienceOf, audiencesOf, type Entitlement } from '../main/relay/audience.ts'
import { readConfig } from '../main/relay/config.ts'
import { startRelay, type Relay } from '../main/relay/relay.ts'
import { enrol } from '../main/relay/workstations.ts'
import { createApplianceClient } from '../main/appliance/client.ts'
import { applyEvent, type Session } from '../main/sessions/session.ts'
import { startWeb, type Web } from '../main/web.ts'
import { DEFAULT_CLIENT } from '../test/appliance/api.ts'
import type { Appliance } from '../test/appliance/appliance.ts'
import { createTraffic } from '../test/appliance/traffic.ts'
import { teamsOf, type Representative } from '../test/appliance/world.ts'
import { setUpBroker, startBroker } from './broker.ts'

/** Events a second at the whole site. */
const RATE = 8
/** What is under way when the time is over gets so long to arrive (ms). */
const SETTLE = 3_000

interface Workstation {
  readonly rep: Representative
  readonly who: Entitlement
  readonly web: Web
  readonly data: string
  readonly notified: () => number
}

export interface FleetDemo {
  readonly folder: string
  readonly rendererDir: string
  readonly appliance: Appliance
  /** Where the appliance's API is. */
  readonly host: string
  readonly count: number
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

/** Those who ever could see each session, by what the appliance sent. */
function seenBy(appliance: Appliance): ReadonlyMap<string, ReadonlySet<string>> {
  const sessions = new Map<string, Session>()
  const seen = new Map<string, Set<string>>()
  for (const [index, { event: sent }] of appliance.history.entries()) {
    const event = parseEvent(Object.fromEntries(sent.variables) as Record<string, string>)
    if ('malformed' in event || event.lsid === null) continue
    const { lsid } = event
    const after = applyEvent(sessions.get(lsid) ?? null, { ...event, lsid, seq: index + 1, time: event.at ?? 0 })
    sessions.set(lsid, after)
    seen.set(lsid, new Set([...(seen.get(lsid) ?? []), ...audienceOf(after)]))
  }
  return seen
}

/** Events in a workstation's journal, and those of sessions that its representative never could see. */
function judge({ data, who }: Workstation, seen: ReadonlyMap<string, ReadonlySet<string>>) {
  const journal = openJournalForReading(join(data, 'journal.db'))
  const mine = audiencesOf(who)
  let events = 0
  let foreign = 0
  try {
    for (let after = 0; ;) {
      const some = journal.eventsAfter(after, 1_000)
      const last = some.at(-1)
      if (last === undefined) return { events, foreign }
      after = last.seq
      events += some.length
      foreign += some.filter(({ lsid }) => !mine.some((each) => seen.get(lsid ?? '')?.has(each))).length
    }
  } finally {
    journal.close()
  }
}

async function startWorkstation(
  demo: FleetDemo,
  rep: Representative,
  tableFile: string,
  port: number,
): Promise<Workstation> {
  const { folder, appliance, print } = demo
  const name = `ws-${rep.username}`
  const who: Entitlement = {
    rep: String(rep.id),
    teams: teamsOf(appliance.world, rep.id).map(({ id }) => String(id)),
    general: true,
  }
  const broker = { site: 'demo', servers: [`nats://127.0.0.1:${port}`], ca: null }
  const credentialFile = join(folder, `${name}.json`)
  const credential = enrol(tableFile, { workstation: name, rep: who.rep, general: true }, broker, new Date())
  writeFileSync(credentialFile, JSON.stringify(credential), { mode: 0o600 })
  const policyFile = join(folder, `${name}-policy.json`)
  const policy = { relay: { credentialFile }, browser: { port: 0 }, setup: { done: true } }
  writeFileSync(policyFile, JSON.stringify(policy))
  const data = join(folder, name)
  const web = await startWeb({
    dataDir: data,
    policyFile,
    env: {},
    version: 'demo',
    rendererDir: demo.rendererDir,
    canOpen: false,
    log: createLogbook((line) => line.startsWith('problem window.closed') || print(`${name}: ${line}`), homedir()),
    onQuit: () => undefined,
  })
  const popped = new Set<number>()
  web.app.subscribe(({ alerts }) => {
    for (const { id, popup, refresh } of alerts) if (popup && !refresh) popped.add(id)
  })
  print(`${name}: ${rep.name}, window ${web.link}`)
  return { rep, who, web, data, notified: () => popped.size }
}

/** Runs until the signal aborts; a line for each workstation at the end. True: all is as it should be. */
export async function demoFleet(demo: FleetDemo): Promise<boolean> {
  const { folder, appliance, host, count, signal, print } = demo
  const reps = appliance.world.representatives.slice(0, count)
  if (reps.length < count) throw new Error(`The simulated site has ${reps.length} representatives; ask for as many.`)
  const port = await setUpBroker(folder, 'demo')
  const file = join(folder, 'relay.json')
  const defaults = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(
    file,
    JSON.stringify({ ...defaults, listener: { addresses: ['127.0.0.1'], port: 0 }, metrics: { port: 0 } }),
  )
  const { config, problems } = readConfig(file)
  if (config === null) throw new Error(problems.join('\n'))
  const broker = await startBroker(folder, print)
  const token = randomBytes(16).toString('base64url')
  let relay: Relay | null = null
  const workstations: Workstation[] = []
  try {
    const credentials = () => ({ clientId: DEFAULT_CLIENT.id, clientSecret: DEFAULT_CLIENT.secret })
    relay = await startRelay({
      config,
      tokenHashes: [tokenHash(token)],
      computer: 'localhost',
      passphrase: null,
      client: createApplianceClient({ host, credentials, fetch }),
      now: Date.now,
      elapsed: () => performance.now(),
      log: (line) => print(`relay: ${line}`),
    })
    print(`relay: listening on ${relay.addresses().join(' ')}, metrics on port ${relay.metricsPort()}`)
    for (const rep of reps) workstations.push(await startWorkstation(demo, rep, config.workstationsFile, port))
    appliance.addRecipient(`http://${relay.addresses()[0]}/events?token=${token}`, { retryIntervalMs: 500 })
    await createTraffic(appliance, { live: 3 * count, you: reps[0]?.id ?? 0 }).run({ rate: RATE, signal })
    await Promise.race([appliance.idle(), setTimeout(SETTLE)])
    await setTimeout(SETTLE)
  } finally {
    for (const { web } of workstations) await web.stop()
    await relay?.stop()
    await broker.end('SIGTERM')
  }
  const seen = seenBy(appliance)
  let isWell = workstations.length > 0
  for (const each of workstations) {
    const { events, foreign } = judge(each, seen)
    print(`workstation ${each.rep.name}: ${events} events, ${each.notified()} notifications, foreign: ${foreign}`)
    isWell &&= foreign === 0
  }
  print(`summary: ${appliance.posted} sent to the relay, ${workstations.length} workstations`)
  return isWell
}
