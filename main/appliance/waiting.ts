/** Waiting that ends when nobody wants its result any more. */
import { setTimeout as sleep } from 'node:timers/promises'
import { cancelled } from './errors.ts'

/** Resolves after so many ms; rejects with an ApplianceError `cancelled` if the signal is aborted before. */
export type Delay = (ms: number, signal?: AbortSignal) => Promise<void>

/** The delay of the real clock. */
export const systemDelay: Delay = async (ms, signal) => {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw cancelled()
  }
}

/** What `promise` brings, or an ApplianceError `cancelled` as soon as the signal is aborted; `promise` goes on by itself. */
export function race<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const give = () => reject(cancelled())
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', give))
  })
}
