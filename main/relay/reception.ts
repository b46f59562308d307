/** How the relay takes events in: the application's listener, with the broker in the journal's place. */
import { leavesIpv4 } from '../events/addresses.ts'
import { createListener, type ListenerOptions } from '../events/listener.ts'
import { createListening } from '../events/listening.ts'
import { reachOf } from '../settings/reach.ts'
import { createRelayCertificate } from './certificate.ts'
import type { RelayConfig } from './config.ts'

/** Certificate and addresses are looked at this often (ms). */
const CHECK_EACH = 30_000

export interface ReceptionOptions {
  readonly config: RelayConfig['listener']
  readonly journal: ReturnType<ListenerOptions['journal']>
  /** Hashes of the tokens in the recipient's URL that are good, the newest first: once it was used, the others are void. */
  readonly tokenHashes: readonly Uint8Array[]
  /** This computer's own name. */
  readonly computer: string
  /** Of the certificate's key; null: none. */
  readonly passphrase: string | null
  readonly now: () => number
  /** One line, without contents of events and without secrets. */
  readonly log: (line: string) => void
}

export interface Reception {
  /** `address:port` of each socket that takes events. */
  addresses(): readonly string[]
  /** Times in ms since 1970. */
  readonly counts: {
    readonly events: number
    readonly repeated: number
    readonly quarantined: number
    readonly refused: number
    readonly lastEventAt: number | null
    /** False: the last one that came in could not be stored. */
    readonly storing: boolean
    /** The largest number in RAW that the broker gave. */
    readonly lastStored: number
  }
  start(): Promise<void>
  stop(): Promise<void>
  /** Looks at certificate and addresses now. */
  check(): Promise<void>
}

const nameOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown')

/** @see Reception */
export function createReception(options: ReceptionOptions): Reception {
  const { config, now, log } = options
  const counts = {
    events: 0,
    repeated: 0,
    quarantined: 0,
    refused: 0,
    lastEventAt: null as number | null,
    storing: true,
    lastStored: 0,
  }
  const { certificateFile, keyFile } = config
  const files = certificateFile === null ? null : { certificateFile, keyFile: keyFile ?? '' }
  const certificate = createRelayCertificate(
    files === null ? null : { ...files, passphrase: options.passphrase },
    now,
    log,
  )
  let addresses: readonly string[] = []
  let tokens = options.tokenHashes
  let reach = reached()
  let timer: NodeJS.Timeout | null = null

  function reached() {
    const settings = { 'listener.names': config.names, 'listener.allow': config.allow }
    return reachOf(settings, options.computer, certificate.current())
  }

  const listenerOptions: ListenerOptions = {
    journal: () => options.journal,
    tokens: () => tokens,
    names: () => reach.names,
    allow: () => reach.allow,
    secure: () => certificate.secure(),
    ipv6Only: () => leavesIpv4(config.addresses),
    now,
    log,
    onEvent: ({ appended, receivedAt }) => {
      counts.lastEventAt = receivedAt
      counts.storing = true
      counts.lastStored = Math.max(counts.lastStored, appended.seq)
      counts[appended.repeated ? 'repeated' : 'events'] += 1
    },
    onQuarantine: (reason, repeated) => {
      if (repeated) return
      counts.quarantined += 1
      log(`quarantine: ${reason}`)
    },
    onStoreFailure: (error) => {
      counts.refused += 1
      counts.storing = false
      log(`event not stored: ${nameOf(error)}`)
    },
    onRefused: (reason, detail) => log(`refused by ${reason}: ${detail.slice(0, 100)}`),
    onProcessingFailure: (error) => log(`after an event: ${nameOf(error)}`),
    onToken: (hash) => {
      if (tokens.length === 1 || Buffer.compare(hash, tokens[0] ?? hash) !== 0) return
      tokens = tokens.slice(0, 1)
      log('the new token was used: the one before is void')
    },
  }

  const listening = createListening({
    createListener: () => createListener(listenerOptions),
    target: () => config,
    now,
    onChange: (health, failures) => {
      addresses = health.addresses
      for (const { where, error } of failures) log(`listening on ${where} fails (${error.code ?? 'unknown'})`)
    },
  })

  async function check(): Promise<void> {
    const isOther = await certificate.refresh()
    reach = reached()
    if (isOther) await listening.retry()
    await listening.check()
  }

  return {
    addresses: () => addresses,
    counts,
    check,
    start: async () => {
      await certificate.refresh()
      reach = reached()
      await listening.start()
      timer = setInterval(() => void check().catch((error: unknown) => log(`listener: ${nameOf(error)}`)), CHECK_EACH)
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer)
      await listening.stop()
    },
  }
}
