/** What the double (in the application's process) and the harness (in the test's process) say to each other. */

/** Something that the application did to Electron, in the order in which it did so. */
export interface Call {
  /** `app`, `BrowserWindow#1`, `Tray#1`, … */
  readonly object: string
  /** The method; `new` for a constructor; `set NAME` for a property. */
  readonly method: string
  /** Plain data; functions are written as `[function]`. */
  readonly args: readonly unknown[]
}

/** What a page's request was answered with by the application's own protocol handler. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type FromDouble =
  | { readonly type: 'call'; readonly call: Call }
  /** A window wants its page: the harness opens it in Chromium, with this preload script. */
  | { readonly type: 'load'; readonly window: number; readonly url: string; readonly preload: string }
  | { readonly type: 'send'; readonly window: number; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly type: 'gone'; readonly window: number }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }

export type ToDouble =
  /** Calls a function of the test, given as its source, with the double's world and `arg`. */
  | { readonly type: 'evaluate'; readonly id: number; readonly source: string; readonly arg: unknown }
  | { readonly type: 'request'; readonly id: number; readonly url: string; readonly method: string }
  /** The page sent something through its preload; `invoke` wants an answer. */
  | {
      readonly type: 'ipc'
      readonly id: number
      readonly window: number
      readonly kind: 'send' | 'invoke'
      readonly channel: string
      readonly args: readonly unknown[]
    }
  | { readonly type: 'loaded'; readonly window: number; readonly ok: boolean }
  /** The page closed itself. */
  | { readonly type: 'close'; readonly window: number }
