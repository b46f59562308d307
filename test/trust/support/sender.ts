/** An appliance as strict as the real one: one event at a time, and the same again until it hears 200. */
import { Agent, request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { TOKEN } from './application.ts'

/** An event of a sender: what it is, and of which session. */
export interface Sent {
  readonly lsid: string
  readonly body: string
}

export type Post = (body: string) => Promise<number | null>

export interface Sender {
  readonly name: string
  /** Answered 200, in the order in which that happened. */
  readonly acknowledged: readonly Sent[]
  /** The one that is under way, if any: it may be stored or not. */
  readonly pending: () => Sent | null
  /** Tries, those that failed among them. */
  readonly tries: () => number
  /** Answers other than 200, by their status. */
  readonly refusals: ReadonlyMap<number, number>
  /** Sends until `isOver` holds, or no answer comes back (`isCut`: goes on all the same). */
  run(post: Post, isOver: () => boolean, isCut?: boolean): Promise<void>
}

/** Posts to a listener on this computer; null: no answer came. One connection for all, or one for each. */
export function posting(port: number, keepAlive = false): Post & { close(): void } {
  const agent = new Agent({ keepAlive, maxSockets: 16 })
  const post = (body: string) =>
    new Promise<number | null>((resolve) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port,
          path: `/events?token=${TOKEN}`,
          method: 'POST',
          agent,
          headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          response.resume()
          response.on('end', () => resolve(response.statusCode ?? 0))
          response.on('error', () => resolve(null))
          response.on('aborted', () => resolve(null))
        },
      )
      sent.on('error', () => resolve(null))
      sent.end(body)
    })
  return Object.assign(post, { close: () => agent.destroy() })
}

/** One session after the other, each given to the rep by a colleague; the last event of each ends it. */
export function* transfers(name: string, now: () => number = Date.now): Generator<Sent> {
  for (let number = 1; ; number += 1) {
    const lsid = `${name}-${String(number).padStart(7, '0')}`
    for (const own of [
      { event: 'support_conference_begin' },
      { event: 'support_conference_owner_changed', conference_id: 'rep:14', conference_name: 'Miriam Okafor' },
      { event: 'support_conference_member_added', type: 'customer', display_name: `Customer ${number}` },
      {
        event: 'support_conference_member_added',
        type: 'representative',
        user_id: '14',
        display_name: 'Miriam Okafor',
      },
      { event: 'support_conference_owner_changed', conference_id: 'rep:12', conference_name: 'John Smith' },
      { event: 'support_conference_end' },
    ]) {
      const timestamp = String(Math.floor(now() / 1000))
      const ticket = `INC${String(number).padStart(7, '0')}`
      yield {
        lsid,
        body: new URLSearchParams({ version: '1', timestamp, lsid, external_key: ticket, ...own }).toString(),
      }
    }
  }
}

/** @param events what to send, in this order */
export function createSender(name: string, events: Iterator<Sent>): Sender {
  const acknowledged: Sent[] = []
  const refusals = new Map<number, number>()
  let pending: Sent | null = null
  let tries = 0

  return {
    name,
    acknowledged,
    refusals,
    pending: () => pending,
    tries: () => tries,
    run: async (post, isOver, isCut = false) => {
      while (!isOver()) {
        if (pending === null) {
          const next = events.next()
          if (next.done === true) return
          pending = next.value
        }
        tries += 1
        const status = await post(pending.body)
        if (status === 200) {
          acknowledged.push(pending)
          pending = null
        } else if (status === null && !isCut) return
        else {
          if (status !== null) refusals.set(status, (refusals.get(status) ?? 0) + 1)
          await setTimeout(status === null ? 1 : 20)
        }
      }
    },
  }
}
