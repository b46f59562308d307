/** The double of ipcMain. */
import { EventEmitter } from 'node:events'
import type { IpcMain } from 'electron'
import type { DoubleContents, DoubleFrame } from './contents.ts'
import { createEvent } from './context.ts'

type Handler = Parameters<IpcMain['handle']>[1]

/** Who sent a message. */
export interface Sender {
  readonly sender: DoubleContents
  readonly senderFrame: DoubleFrame | null
}

export function createMessages() {
  const handlers = new Map<string, Handler>()
  const emitter = new EventEmitter()
  const known = {
    handle(channel, handler) {
      if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
      handlers.set(channel, handler)
    },
    removeHandler: (channel) => void handlers.delete(channel),
  } satisfies Pick<IpcMain, 'handle' | 'removeHandler'>
  return Object.assign(emitter, known, {
    /** All channels that are open. */
    channels: () => [...emitter.eventNames().map(String), ...handlers.keys()].toSorted(),
    /** A message came in; `invoke` resolves with the answer. */
    async deliver(kind: 'send' | 'invoke', from: Sender, channel: string, args: readonly unknown[]): Promise<unknown> {
      const event = { ...createEvent(), ...from, processId: 1, frameId: from.senderFrame?.frameTreeNodeId ?? 0 }
      if (kind === 'send') return void emitter.emit(channel, event, ...args)
      const handler = handlers.get(channel)
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
      return handler(event as never, ...args) as unknown
    },
  })
}
