/** `--check`: every connection of a relay, one line each. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { jetstreamManager } from '@nats-io/jetstream'
import { isApplianceError } from '../appliance/errors.ts'
import { openBroker, readSeed, type Broker } from './broker.ts'
import { LEAST_VERSION, isNewEnough } from './broker-version.ts'
import { certificatesOf, stateOf } from '../certificate/identity.ts'
import { loadSite } from '../certificate/site.ts'
import { signerOf } from './keys.ts'
import type { RelayOptions } from './relay.ts'
import { readTable } from './workstations.ts'

/** What was checked, and what is wrong with it; null: nothing. */
export interface CheckLine {
  readonly what: string
  readonly problem: string | null
}

const wordsOf = (error: unknown): string => {
  if (isApplianceError(error)) return `${error.message} ${error.detail}`.trim()
  return error instanceof Error ? error.message : String(error)
}

/** Can this address be listened on? */
function tryToListen(address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, address, () => server.close(() => resolve()))
  })
}

/** Checks everything that a relay needs, without changing anything. Never rejects. */
export async function checkRelay({ config, client, passphrase, now }: RelayOptions): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = []
  async function check(what: string, work: () => unknown): Promise<void> {
    try {
      await work()
      lines.push({ what, problem: null })
    } catch (error) {
      lines.push({ what, problem: wordsOf(error) })
    }
  }

  const { seedFile, issuerFile, servers, caFile } = config.broker
  const demand = (seed: string, letter: string, what: string) => {
    if (!signerOf(seed).publicKey.startsWith(letter)) throw new Error(`This is not the key of ${what}.`)
  }
  await check(`key ${seedFile}`, () => demand(readSeed(seedFile), 'U', 'a user, such as init has written'))
  if (issuerFile !== null)
    await check(`key ${issuerFile}`, () => demand(readSeed(issuerFile), 'A', 'an account, such as init has written'))
  if (caFile !== null) await check(`CA ${caFile}`, () => certificatesOf(readFileSync(caFile, 'utf8')))
  const { certificateFile, keyFile } = config.listener
  if (certificateFile !== null) {
    await check(`certificate ${certificateFile}`, async () => {
      const identity = await loadSite({ certificateFile, keyFile: keyFile ?? '', passphrase })
      const state = stateOf(identity, now())
      if (state !== 'good') throw new Error(`It is ${state}.`)
    })
  }
  await check(`workstations ${config.workstationsFile}`, () => readTable(config.workstationsFile))
  for (const address of config.listener.addresses) {
    await check(`listening on ${address} port ${config.listener.port}`, () =>
      tryToListen(address, config.listener.port),
    )
  }
  for (const server of servers) {
    let broker: Broker | null = null
    await check(`broker ${server}`, async () => {
      const log = () => undefined
      broker = await openBroker({
        servers: [server],
        seed: readSeed(seedFile),
        caFile,
        name: 'check',
        log,
        onLink: log,
      })
      const { version = '0' } = broker.connection.info ?? {}
      if (!isNewEnough(version)) throw new Error(`It is version ${version}; ${LEAST_VERSION.join('.')} is needed.`)
    })
    const open = broker as Broker | null
    if (open === null) continue
    await check(`streams at ${server}`, async () => (await jetstreamManager(open.connection)).getAccountInfo())
    await open.close()
  }
  if (client !== null) {
    await check(`appliance ${client.origin}`, () => client.info())
    await check('teams of the appliance', () => client.getSupportTeams({ members: true }))
  }
  return lines
}
