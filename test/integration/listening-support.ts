/** What the tests of listening share: one that writes down what it tells, and somebody else who has a port. */
import { createServer, type AddressInfo, type Server } from 'node:net'
import type { TestContext } from 'node:test'
import type { Health } from '../../preload/contract.ts'
import { createListener } from '../../main/events/listener.ts'
import { createListening, type Failure, type ListeningOptions } from '../../main/events/listening.ts'
import { atEnd } from '../at-end.ts'

type Change = Omit<Health['listener'], 'certificate'> & { readonly code: string | undefined }

/** A real listener that answers 404 to everybody; the tests only look whether it is there. */
export const makeListener = () =>
  createListener({
    journal: () => {
      throw new Error('There is none.')
    },
    tokens: () => [],
    names: () => new Set(),
    allow: () => null,
    now: Date.now,
    onEvent: () => {},
    onQuarantine: () => {},
    onStoreFailure: () => {},
    onRefused: () => {},
    onProcessingFailure: () => {},
    onToken: () => {},
  })

export function setUp(t: TestContext, own: Partial<ListeningOptions> = {}) {
  const changes: Change[] = []
  let failures: readonly Failure[] = []
  const target = { addresses: ['127.0.0.1'], port: 0 }
  const listening = createListening({
    createListener: makeListener,
    target: () => target,
    now: () => 1_000_000,
    onChange: (health, present) => {
      failures = present
      changes.push({ ...health, code: present[0]?.error.code })
    },
    waits: [20],
    ...own,
  })
  atEnd(t, () => listening.stop())
  const last = () => changes.at(-1)
  const port = () => Number(last()?.addresses[0]?.split(':').at(-1))
  const failed = () => failures.map(({ where, error }) => `${where} ${error.code}`)
  return { listening, changes, target, last, port, failed }
}

/** Somebody else who has a port of 127.0.0.1. */
export async function occupy(t: TestContext): Promise<{ port: number; free: () => Promise<void> }> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const free = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  atEnd(t, free)
  return { port: (server.address() as AddressInfo).port, free }
}
