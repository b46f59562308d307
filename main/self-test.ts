/** Reaches for the own listener as the appliance would, step by step, and says how far that goes. */
import { lookup } from 'node:dns/promises'
import { request } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as connectTls, getCACertificates } from 'node:tls'
import type { CheckStep } from '../preload/contract.ts'
import type { Identity } from './certificate/identity.ts'
import { endpoint, endpointParts, isAny, isLoopback, ownAddresses, plainAddress } from './events/addresses.ts'
import type { Failure } from './events/listening.ts'
import type { Probes } from './events/probe.ts'

/** ms that each step of a connection may take */
const PATIENCE = 5_000

const STEPS = ['name', 'port', 'tls', 'reply'] as const
type Step = (typeof STEPS)[number]

export interface SelfTestOptions {
  /** Addresses at which nothing can come in. */
  readonly failures: () => readonly Failure[]
  /** `address:port` of each socket that listens. */
  readonly bound: () => readonly string[]
  /** The host in the recipient URL. */
  readonly host: () => string
  /** null: plain HTTP. */
  readonly identity: () => Identity | null
  /** A question that only our listener can answer. */
  readonly ask: Probes['ask']
  /** Addresses of a name, if not as the system knows them. */
  readonly resolve?: (name: string) => Promise<readonly string[]>
}

/** Where it ends, and why. */
class Stop extends Error {
  readonly step: Step
  readonly detail: string
  constructor(step: Step, message: string, detail = '') {
    super(message)
    this.step = step
    this.detail = detail
  }
}

interface Target {
  readonly address: string
  readonly port: number
}

async function resolveBySystem(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => plainAddress(address))
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? (error as Error).message

/** @returns a function that makes the test. Never rejects; leaves no trace. */
export function createSelfTest(options: SelfTestOptions): () => Promise<readonly CheckStep[]> {
  const { resolve = resolveBySystem } = options

  /** Addresses behind the host of the URL, and what is to be said of it. */
  async function followName(host: string): Promise<{ addresses: readonly string[]; message: string }> {
    if (isIP(host) !== 0) {
      const advice = `Only programs on this computer reach ${host}. For an appliance choose another address.`
      return { addresses: [host], message: isLoopback(host) ? advice : 'The URL has an address in it, and no name.' }
    }
    let found: readonly string[]
    try {
      found = await resolve(host)
    } catch (error) {
      const message = `The name ${host} is not known. Ask for an entry in the DNS, or listen on an address instead of all.`
      throw new Stop('name', message, codeOf(error))
    }
    const own = ownAddresses(networkInterfaces())
    const mine = found.filter((address) => own.includes(address) || isLoopback(address))
    if (mine.length === 0) {
      throw new Stop('name', `The name ${host} leads to another computer: ${found.join(', ')}.`)
    }
    const outside = mine.filter((address) => !isLoopback(address))
    const message =
      outside.length > 0
        ? `${host} leads to ${outside.join(', ')}.`
        : `On this computer ${host} leads to itself (${mine.join(', ')}). Where it leads others cannot be seen from here.`
    return { addresses: mine, message }
  }

  /** Where to reach for it: at each socket, and for a socket of all addresses at those of the name. */
  function targetsFor(addresses: readonly string[]): readonly Target[] {
    const bound = options.bound().map(endpointParts)
    const failure = options.failures()[0]
    if (failure !== undefined) {
      throw new Stop('port', `Nothing listens on ${failure.where}.`, codeOf(failure.error))
    }
    const [first] = bound
    if (first === undefined) throw new Stop('port', 'Nothing listens yet.')
    const isCovered = (address: string) =>
      bound.some((each) => each.address === address || (isAny(each.address) && matches(each.address, address)))
    const lost = addresses.find((address) => !isLoopback(address) && !isCovered(address))
    if (lost !== undefined) throw new Stop('port', `Nothing listens on ${endpoint(lost, first.port)}.`)
    return bound.flatMap(({ address, port }) => {
      if (!isAny(address)) return [{ address, port }]
      const own = addresses.filter((each) => matches(address, each))
      const some = own.length > 0 ? own : [isIP(address) === 6 ? '::1' : '127.0.0.1']
      return some.map((each) => ({ address: each, port }))
    })
  }

  async function reachFor(target: Target, host: string, identity: Identity | null): Promise<void> {
    const where = endpoint(target.address, target.port)
    const socket = connect({ host: target.address, port: target.port })
    try {
      await settled(socket, 'connect').catch((error: unknown) => {
        throw new Stop('port', `${where} cannot be reached.`, codeOf(error))
      })
      const stream = identity === null ? socket : await secured(socket, host, identity)
      const { question, answer } = options.ask()
      const reply = await ask(stream, endpoint(host, target.port), question).catch((error: unknown) => {
        throw new Stop('reply', `Nobody answers at ${where}.`, codeOf(error))
      })
      if (reply.body === answer) return
      throw new Stop('reply', `Not Rep Tray, but another program answers at ${where}.`, `HTTP ${reply.status}`)
    } finally {
      socket.destroy()
    }
  }

  async function secured(socket: Socket, host: string, identity: Identity): Promise<Socket> {
    const trusted = identity.info.own
      ? identity.authorities
      : [
          ...identity.authorities,
          ...(['bundled', 'system', 'extra'] as const).flatMap((kind) => getCACertificates(kind)),
        ]
    const stream = connectTls({
      socket,
      host,
      ca: [...trusted],
      ...(isIP(host) === 0 ? { servername: host } : {}),
    })
    await settled(stream, 'secureConnect').catch((error: unknown) => {
      throw new Stop('tls', tlsSentence(codeOf(error), host, identity), codeOf(error))
    })
    return stream
  }

  return async () => {
    const host = options.host()
    const identity = options.identity()
    const messages: Record<Step, string> = {
      name: '',
      port: '',
      tls: identity === null ? 'Plain HTTP: others can read what is sent.' : 'The certificate is trusted.',
      reply:
        'The listener answers. Whether a firewall lets the appliance through cannot be seen from here: its first event shows it.',
    }
    try {
      const { addresses, message } = await followName(host)
      messages.name = message
      const targets = targetsFor(addresses)
      messages.port = `It is open at ${targets.map(({ address, port }) => endpoint(address, port)).join(', ')}.`
      for (const target of targets) await reachFor(target, host, identity)
    } catch (error) {
      return stepsUntil(error instanceof Stop ? error : new Stop('reply', 'The test failed.', codeOf(error)), messages)
    }
    return STEPS.map((step) => done(step, messages[step], identity))
  }

  function done(step: Step, message: string, identity: Identity | null): CheckStep {
    return { step, status: step === 'tls' && identity === null ? 'skipped' : 'ok', message, detail: '' }
  }

  function stepsUntil({ step, message, detail }: Stop, messages: Readonly<Record<Step, string>>): readonly CheckStep[] {
    const end = STEPS.indexOf(step)
    return STEPS.map((each, index): CheckStep => {
      if (index < end) return done(each, messages[each], options.identity())
      if (index === end) return { step: each, status: 'failed', message, detail }
      return { step: each, status: 'skipped', message: '', detail: '' }
    })
  }
}

/** Does a socket for all addresses serve this one? One for IPv6 may serve both families. */
function matches(any: string, address: string): boolean {
  return isIP(any) === 6 || isIP(address) === 4
}

/** Resolves with the event; rejects with the error, or when it takes too long. */
function settled(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(PATIENCE, () => socket.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })))
    socket.once(event, () => resolve())
    socket.once('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  })
}

function ask(stream: Socket, host: string, question: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const path = `/events?token=${question}`
    const headers = { host, 'content-length': 0, connection: 'close' }
    const sent = request({ createConnection: () => stream, method: 'POST', path, headers }, (response) => {
      let body = ''
      response.setEncoding('latin1')
      // Another program may have much to say.
      response.on('data', (part: string) => (body = (body + part).slice(0, 1_000)))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    sent.setTimeout(PATIENCE, () => sent.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })))
    sent.on('error', reject)
    sent.end()
  })
}

function tlsSentence(code: string, host: string, { info }: Identity): string {
  if (code === 'CERT_HAS_EXPIRED') return 'The certificate has expired.'
  if (code === 'CERT_NOT_YET_VALID') return 'The certificate is not valid yet, or this computer’s clock is wrong.'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `The certificate is not for ${host}.`
  if (/ISSUER|VERIFY_LEAF|SELF_SIGNED|UNTRUSTED/.test(code)) {
    return `This computer does not know who issued the certificate (${info.issuer}), or the file lacks the chain up to there.`
  }
  return 'No secure connection comes about.'
}
