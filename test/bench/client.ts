/** The senders: raw sockets with keep-alive, so that the client costs as little as it can. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Target } from './targets.ts'

type Fields = Readonly<Record<string, string>>

/** A session as it mostly goes, in eight events. None of it is the rep's business. */
export const COURSE: readonly Fields[] = [
  { event: 'support_conference_begin', conference_id: 'general', conference_name: 'General queue' },
  { event: 'support_conference_member_added', type: 'customer', display_name: 'Jane Doe' },
  { event: 'support_conference_owner_changed', conference_id: 'team:9', conference_name: 'Accounts and Licences' },
  { event: 'support_conference_owner_changed', conference_id: 'rep:31', conference_name: 'Miriam Adler' },
  { event: 'support_conference_member_added', type: 'representative', user_id: '31', display_name: 'Miriam Adler' },
  { event: 'support_conference_member_departed', type: 'representative', user_id: '31', display_name: 'Miriam Adler' },
  { event: 'support_conference_member_departed', type: 'customer', display_name: 'Jane Doe' },
  { event: 'support_conference_end', conference_id: 'rep:31', conference_name: 'Miriam Adler' },
]

/** Sessions that go on at the same time. */
const AT_ONCE = 16

/** `lsid` of a session by its number. */
export function lsidOf(session: number): string {
  return `${session.toString(16).padStart(8, '0')}0f3c5a7e9b1d4c6f8a0b2c4d`
}

/** An event of the usual size (about 300 bytes), different each time; every eight of them are a session. */
export function eventBody(number: number, more: Fields = {}): string {
  const block = Math.floor(number / (COURSE.length * AT_ONCE))
  const session = block * AT_ONCE + (number % AT_ONCE)
  const step = Math.floor(number / AT_ONCE) % COURSE.length
  return new URLSearchParams({
    version: '1',
    timestamp: String(Math.floor(Date.now() / 1000)),
    appliance_id: 'appliance.example.com',
    lsid: lsidOf(session),
    external_key: `INC00${10_000 + (session % 90_000)}`,
    ...COURSE[step],
    ...more,
  }).toString()
}

function requestOf({ port, path }: Target, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** One connection, on which one request follows the other. */
export interface Sender {
  /** Resolves with the status, once the reply is whole. */
  post(body: string): Promise<number>
  close(): void
}

/** Where a reply ends; -1: not yet. */
function endOf(text: string): number {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return -1
  const [, length] = /content-length: *(\d+)/i.exec(text.slice(0, head)) ?? []
  if (length !== undefined) {
    const end = head + 4 + Number(length)
    return text.length >= end ? end : -1
  }
  if (!/transfer-encoding: *chunked/i.test(text.slice(0, head))) return head + 4
  const last = text.indexOf('0\r\n\r\n', head)
  return last < 0 ? -1 : last + 5
}

async function dial({ port }: Target): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket.setEncoding('latin1')
}

export async function openSender(target: Target): Promise<Sender> {
  let text = ''
  let settle: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null
  const fail = (error: Error) => {
    settle?.reject(error)
    settle = null
  }
  async function open(): Promise<Socket> {
    const opened = await dial(target)
    opened.on('data', (chunk: string) => {
      text += chunk
      const end = endOf(text)
      if (end < 0) return
      const status = Number(text.slice(9, 12))
      text = text.slice(end)
      settle?.resolve(status)
      settle = null
    })
    opened.on('error', fail)
    opened.on('close', () => fail(new Error(`${target.name} closed the connection`)))
    return opened
  }
  let socket = await open()
  return {
    post: async (body) => {
      // One that was silent for some seconds is closed by the other side.
      if (socket.destroyed) socket = await open()
      return new Promise((resolve, reject) => {
        settle = { resolve, reject }
        socket.write(requestOf(target, body))
      })
    },
    close: () => socket.destroy(),
  }
}

/** Numbers of events that no two calls in a run share. */
let next = 1
export function takeNumber(): number {
  next += 1
  return next
}

/**
 * Posts `count` events one after the other; the time that each took (ms).
 * @throws if one is not answered 200
 */
export async function postInTurn(
  target: Target,
  count: number,
  bodyOf: (index: number) => string = () => eventBody(takeNumber()),
): Promise<readonly number[]> {
  const sender = await openSender(target)
  const times: number[] = []
  try {
    for (let index = 0; index < count; index += 1) {
      const body = bodyOf(index)
      const from = performance.now()
      const status = await sender.post(body)
      times.push(performance.now() - from)
      if (status !== 200) throw new Error(`${target.name} answered ${status}`)
    }
  } finally {
    sender.close()
  }
  return times
}

/** Events a second that get their 200 on so many connections at once, for so long (ms). */
export async function postAtOnce(target: Target, connections: number, ms: number): Promise<number> {
  const senders = await Promise.all(Array.from({ length: connections }, () => openSender(target)))
  const until = performance.now() + ms
  let answered = 0
  const from = performance.now()
  await Promise.all(
    senders.map(async (sender) => {
      while (performance.now() < until) {
        const status = await sender.post(eventBody(takeNumber()))
        if (status !== 200) throw new Error(`${target.name} answered ${status}`)
        answered += 1
      }
      sender.close()
    }),
  )
  return (answered / (performance.now() - from)) * 1000
}
