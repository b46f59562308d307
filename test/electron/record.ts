/** Records what is done to the double, and tells the harness at once. */
import type { Call, FromDouble } from './wire.ts'

/** The same value without what cannot be sent: functions and objects of the double become words. */
function plain(value: unknown): unknown {
  if (typeof value === 'function') return '[function]'
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    return 'name' in value && typeof value.name === 'string' ? `[${value.name}]` : '[object]'
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

export interface Recorder {
  readonly calls: Call[]
  /** Notes a call. */
  note(object: string, method: string, ...args: readonly unknown[]): void
  /**
   * The object with only those members that the double has: what the application takes for a part of Electron and the
   * double does not know fails loudly, instead of being `undefined`.
   */
  strict<Target extends object>(name: string, target: Target): Target
}

export function createRecorder(tell: (message: FromDouble) => void): Recorder {
  const calls: Call[] = []
  return {
    calls,
    note(object, method, ...args) {
      const call = { object, method, args: args.map(plain) }
      calls.push(call)
      tell({ type: 'call', call })
    },
    strict: (name, target) =>
      new Proxy(target, {
        get(inner, key, receiver) {
          if (typeof key === 'string' && !(key in inner) && key !== 'then' && key !== 'toJSON') {
            throw new TypeError(`The double has no ${name}.${key}`)
          }
          return Reflect.get(inner, key, receiver) as unknown
        },
        set(inner, key, value, receiver) {
          if (typeof key === 'string' && !(key in inner) && !key.startsWith('_')) {
            throw new TypeError(`The double has no ${name}.${key}`)
          }
          return Reflect.set(inner, key, value, receiver)
        },
      }),
  }
}
