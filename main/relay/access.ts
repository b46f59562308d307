/**
 * Who may connect to the broker: auth callout. The broker asks the relay about each connection; the relay knows the
 * workstations that were enrolled, and answers with what that one may do: ask to be attached, pull from its own
 * consumer, send its own API requests, and receive on its own inbox. Nothing else.
 */
import { randomBytes } from 'node:crypto'
import { fromPublic, fromSeed, type KeyPair } from '@nats-io/nkeys'
import { inboxOf, serviceSubject, STREAMS, tokenOf } from './subjects.ts'

/** What a connection may do. */
export interface Permissions {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

/** All that a workstation may do on the broker. */
export function permissionsOf(workstation: string): Permissions {
  const consumer = `${STREAMS.events}.${tokenOf(workstation)}`
  return {
    publish: [
      `$JS.API.CONSUMER.MSG.NEXT.${consumer}`,
      `$JS.API.CONSUMER.INFO.${consumer}`,
      serviceSubject('attach', workstation),
      serviceSubject('api', workstation),
    ],
    subscribe: [`${inboxOf(workstation)}.>`],
  }
}

/** A permission is good for so long (s); then the broker ends the connection, and asks about the next. */
const LIFE = 60 * 60

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT as the broker reads them: signed with an account's nkey. */
function sign(claims: Record<string, unknown>, key: KeyPair): string {
  const signed = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode(claims)}`
  const signature = key.sign(new TextEncoder().encode(signed))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}

/** The parts of the broker's question that matter. */
interface Question {
  /** Public nkey for which the permission is to be made out. */
  readonly user: string
  /** The server that asks. */
  readonly server: string
  /** What the connection presented: an nkey with its signature of the server's nonce. */
  readonly nkey: string
  readonly signature: string
  readonly nonce: string
}

/** Reads the broker's question. null: it is none. Its own signature is not checked: only the broker's system account can publish it. */
export function readQuestion(data: Uint8Array): Question | null {
  try {
    const [, payload = ''] = new TextDecoder().decode(data).split('.')
    const { nats } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
      nats: {
        user_nkey: string
        server_id: { id: string }
        connect_opts: { nkey?: string; sig?: string }
        client_info: { nonce?: string }
      }
    }
    const { nkey = '', sig = '' } = nats.connect_opts
    return {
      user: nats.user_nkey,
      server: nats.server_id.id,
      nkey,
      signature: sig,
      nonce: nats.client_info.nonce ?? '',
    }
  } catch {
    return null
  }
}

/** Did whoever connects prove to have the private key? */
export function isProven({ nkey, signature, nonce }: Question): boolean {
  try {
    return fromPublic(nkey).verify(new TextEncoder().encode(nonce), Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

export interface AccessOptions {
  /** Seed of the account key that is named as `issuer` in the broker's configuration. */
  readonly issuerSeed: string
  /** Account into which workstations go. */
  readonly account: string
  /** The workstation that has this public nkey; null: none. */
  readonly workstationOf: (nkey: string) => string | null
  /** s since 1970 */
  readonly now: () => number
}

/** Answers one question of the broker. */
export function answerQuestion(question: Question, options: AccessOptions): string {
  const { issuerSeed, account, workstationOf, now } = options
  const key = fromSeed(new TextEncoder().encode(issuerSeed))
  const issuer = key.getPublicKey()
  const at = Math.floor(now())
  const common = { iat: at, iss: issuer, jti: randomBytes(16).toString('hex') }
  const workstation = isProven(question) ? workstationOf(question.nkey) : null
  const answer = (nats: Record<string, unknown>) =>
    sign(
      {
        ...common,
        aud: question.server,
        sub: question.user,
        nats: { ...nats, type: 'authorization_response', version: 2 },
      },
      key,
    )
  if (workstation === null) return answer({ error: 'not enrolled' })
  const { publish, subscribe } = permissionsOf(workstation)
  const user = sign(
    {
      ...common,
      aud: account,
      exp: at + LIFE,
      sub: question.user,
      name: workstation,
      nats: {
        pub: { allow: publish },
        sub: { allow: subscribe },
        subs: 20,
        data: -1,
        payload: 1024 * 1024,
        type: 'user',
        version: 2,
      },
    },
    key,
  )
  return answer({ jwt: user })
}
