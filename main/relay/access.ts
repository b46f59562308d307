/**
 * Who may connect to the broker: auth callout. The broker asks the relay about each connection; the relay knows the
 * workstations that were enrolled, and answers with what that one may do: ask to be attached, pull from its own
 * consumer, send its own API requests, and receive on its own inbox. Nothing else.
 */
import { randomBytes } from 'node:crypto'
import { isSignedBy, signerOf, type Signer } from './keys.ts'
import { inboxOf, READING, serviceSubject, STREAMS, tokenOf } from './subjects.ts'

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
      `${READING}.CONSUMER.MSG.NEXT.${consumer}`,
      `${READING}.CONSUMER.INFO.${consumer}`,
      serviceSubject('attach', workstation),
      serviceSubject('api', workstation),
    ],
    subscribe: [`${inboxOf(workstation)}.>`],
  }
}

/**
 * A permission is good for so long (s); then the broker ends the connection, and asks about the next. As much again by
 * chance, so that those who came together do not go together.
 */
const LIFE = { least: 60 * 60, chance: 60 * 60 } as const

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT as the broker reads them: signed with an account's nkey. */
function jwt(claims: Record<string, unknown>, signer: Signer): string {
  const signed = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode(claims)}`
  return `${signed}.${Buffer.from(signer.sign(signed)).toString('base64url')}`
}

/** The parts of the broker's question that matter. */
export interface Question {
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

export interface AccessOptions {
  /** Seed of the account key that is named as `issuer` in the broker's configuration. */
  readonly issuerSeed: string
  /** Account into which workstations go. */
  readonly account: string
  /** The workstation that has this public nkey; null: none. */
  readonly workstationOf: (nkey: string) => string | null
  /** s since 1970 */
  readonly now: () => number
  /** 0 to 1 */
  readonly random: () => number
}

/** Answers the broker's questions. @throws if the seed is none */
export function createAccess(options: AccessOptions): (question: Question) => string {
  const { account, workstationOf, now, random } = options
  const signer = signerOf(options.issuerSeed)

  return (question) => {
    const { nkey, nonce, signature } = question
    const at = Math.floor(now())
    const common = { iat: at, iss: signer.publicKey, jti: randomBytes(16).toString('hex') }
    const enrolled = workstationOf(nkey)
    const workstation = isSignedBy(nkey, nonce, Buffer.from(signature, 'base64url')) ? enrolled : null
    const answer = (nats: Record<string, unknown>) => {
      const kind = { type: 'authorization_response', version: 2 }
      return jwt({ ...common, aud: question.server, sub: question.user, nats: { ...nats, ...kind } }, signer)
    }
    if (workstation === null) return answer({ error: 'not enrolled' })
    const { publish, subscribe } = permissionsOf(workstation)
    const nats = {
      pub: { allow: publish },
      sub: { allow: subscribe },
      subs: 100,
      data: -1,
      payload: 1024 * 1024,
      type: 'user',
      version: 2,
    }
    const exp = at + LIFE.least + Math.floor(random() * LIFE.chance)
    return answer({ jwt: jwt({ ...common, aud: account, exp, sub: question.user, name: workstation, nats }, signer) })
  }
}
