/** How events come in: the listener at its addresses, its certificate, the URL that the appliance is given, the test of it all. */
import { hostname, networkInterfaces } from 'node:os'
import { dirname } from 'node:path'
import type { Problem, Settings } from '../preload/contract.ts'
import { createCertificates, type CertificateCommand } from './certificates.ts'
import type { Handlers } from './command.ts'
import { endpointParts, isAny, isLoopback, leavesIpv4 } from './events/addresses.ts'
import { createListener, type ListenerOptions } from './events/listener.ts'
import { createListening, type Failure } from './events/listening.ts'
import { createProbes } from './events/probe.ts'
import * as problems from './problems.ts'
import { addressesOf } from './recipient-form.ts'
import { createSelfTest } from './self-test.ts'
import { reachOf, recipientHost, recipientUrl } from './settings/reach.ts'
import type { Secrets } from './settings/secrets.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import type { Tokens } from './settings/tokens.ts'
import type { Shell } from './shell/port.ts'
import { hasRelay } from './site-relay.ts'
import type { Store } from './store.ts'

/** Between looks at addresses and certificate (ms). */
const PACE = 30_000

/** Settings on which the sockets depend. */
const SOCKET_KEYS = ['listener.addresses', 'listener.port', 'listener.https', 'relay.credentialFile'] as const
const CERTIFICATE_KEYS = ['listener.https', 'listener.certificateFile', 'listener.keyFile', 'listener.names'] as const

/** What the listener tells, and others act on. */
type Path = Pick<ListenerOptions, 'journal' | 'onEvent' | 'onQuarantine' | 'onStoreFailure' | 'onProcessingFailure'>

export interface ReceptionOptions {
  readonly path: Path
  readonly store: Pick<Store, 'get' | 'change'>
  readonly settings: SettingsKeeper
  readonly tokens: Tokens
  readonly secrets: Pick<Secrets, 'get'>
  readonly shell: Pick<Shell, 'downloads' | 'reveal'>
  readonly journalFile: string
  readonly now: () => number
  readonly log: (line: string) => void
  readonly report: (problem: Omit<Problem, 'since'>) => void
  readonly solve: (id: string) => void
}

export interface Reception {
  /** Listens, or starts trying; resolves after the first try. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Looks at addresses and certificate, and tries at once what is waiting to be tried again. */
  retry(): Promise<void>
  /** Settings were changed. */
  changed(before: Settings, after: Settings): void
  /** Secrets are known now, or others than before. */
  secretsChanged(): void
  /** The recipient URL with this token. */
  recipientUrl(token: string): string
  readonly handlers: Pick<Handlers, CertificateCommand | 'listener.test'>
}

/** @see Reception */
export function createReception(options: ReceptionOptions): Reception {
  const { path, store, settings, tokens, now, log, report, solve } = options
  const computer = hostname()
  const probes = createProbes(() => performance.now())
  let reach = reachOf(settings.get(), computer)
  let hasSecrets = false
  let failures: readonly Failure[] = []
  let timer: NodeJS.Timeout | null = null

  const target = () => ({
    // Where events come from the site's relay, nothing listens.
    addresses: hasRelay(settings.get()) ? [] : settings.get()['listener.addresses'],
    port: settings.get()['listener.port'],
  })

  /** Where it listens, which is not what is set while it moves; what others reach before what they do not. */
  function where(): { readonly address: string; readonly port: number } {
    const { addresses, port } = target()
    const bound = store.get().health.listener.addresses.map(endpointParts)
    const all = bound.length > 0 ? bound : addresses.map((address) => ({ address, port }))
    return all.find(({ address }) => !isLoopback(address)) ?? all[0] ?? { address: '127.0.0.1', port }
  }

  function host(): string {
    return recipientHost(where().address, settings.get(), computer, certificates.current())
  }

  /** An own certificate is for every way to call this computer. */
  function hosts(): readonly string[] {
    const { addresses } = target()
    const some = addresses.filter((address) => !isAny(address)).map((address) => address.split('%')[0] ?? '')
    const all = addresses.some(isAny) ? addressesOf(networkInterfaces()).map(({ address }) => address) : []
    return [...new Set([computer.toLowerCase(), ...reach.names, ...some, ...all])]
  }

  const certificates = createCertificates({
    dataDir: dirname(options.journalFile),
    settings: () => settings.get(),
    passphrase: () => (hasSecrets ? options.secrets.get('listener.passphrase') : undefined),
    hosts,
    recipientHost: host,
    now,
    shell: options.shell,
    report,
    solve,
    onChange: () => {
      const identity = certificates.current()
      reach = reachOf(settings.get(), computer, identity)
      const listener = { ...store.get().health.listener, certificate: identity?.info ?? null }
      store.change({ type: 'health', health: { listener } })
      void listening.retry()
    },
  })

  const listenerOptions: ListenerOptions = {
    ...path,
    tokens: () => tokens.hashes(),
    names: () => reach.names,
    allow: () => reach.allow,
    answer: (question) => probes.answer(question),
    now,
    onEvent: (received) => {
      solve('listener.misfit')
      path.onEvent(received)
    },
    onRefused: (reason, detail) => report(problems.refused(reason, detail)),
    onMisfit: (misfit) => report(problems.misfit(misfit)),
    onToken: (hash) => tokens.used(hash),
    secure: () => certificates.secure(),
    ipv6Only: () => leavesIpv4(target().addresses),
    log,
  }

  const listening = createListening({
    createListener: () => createListener(listenerOptions),
    target,
    now,
    onChange: (listener, present) => {
      failures = present
      const certificate = certificates.current()?.info ?? null
      store.change({ type: 'health', health: { listener: { ...listener, certificate } } })
      if (failures.length === 0) solve('listener.listen')
      else report(problems.cannotListen(failures, listener.addresses))
    },
  })

  const selfTest = createSelfTest({
    failures: () => failures,
    bound: () => store.get().health.listener.addresses,
    host,
    identity: () => certificates.current(),
    ask: () => probes.ask(),
  })

  async function look(): Promise<void> {
    await certificates.refresh()
    await listening.check()
  }

  return {
    start: async () => {
      await certificates.refresh()
      await listening.start()
      timer = setInterval(() => void look(), PACE)
      timer.unref()
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer)
      await listening.stop()
    },
    retry: async () => {
      await look()
      await listening.retry()
    },
    changed: (before, after) => {
      reach = reachOf(after, computer, certificates.current())
      if (before['listener.names'] !== after['listener.names']) solve('listener.name')
      if (before['listener.allow'] !== after['listener.allow']) solve('listener.address')
      const isOther = (key: keyof Settings) => before[key] !== after[key]
      const isMoving = SOCKET_KEYS.some(isOther)
      if (!isMoving && !CERTIFICATE_KEYS.some(isOther)) return
      void certificates.refresh().then(() => (isMoving ? listening.restart() : undefined))
    },
    secretsChanged: () => {
      hasSecrets = true
      void certificates.refresh()
    },
    recipientUrl: (token) => {
      const isSecure = settings.get()['listener.https'] !== 'off'
      return recipientUrl({ host: host(), port: where().port, token, isSecure })
    },
    handlers: { ...certificates.handlers, 'listener.test': () => selfTest() },
  }
}
