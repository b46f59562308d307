/** What the pieces of the double share. */
import type { Recorder } from './record.ts'
import type { FromDouble } from './wire.ts'

/** How the surroundings behave; given by the test, see harness.ts. */
export interface Surroundings {
  /** False: no page is opened; a window is ready as soon as it is loaded. */
  readonly pages: boolean
  readonly packaged: boolean
  /** True: the desktop refuses a tray icon. */
  readonly noTray: boolean
  /** False: there is no notification service. */
  readonly notifications: boolean
  /** The system keeps secrets. */
  readonly keyring: boolean
  /** macOS: the link that the application is started for. */
  readonly openUrl: string | null
  /** Keys that another program has. */
  readonly takenShortcuts: readonly string[]
  /** The system's theme is dark. */
  readonly dark: boolean
}

export interface Context {
  readonly surroundings: Surroundings
  readonly recorder: Recorder
  readonly tell: (message: FromDouble) => void
  /** True after the event `ready`. */
  readonly isReady: () => boolean
  /** Throws what Electron throws for parts that need a ready application. */
  readonly needReady: (what: string) => void
  /** Throws what Electron throws for what has to precede `ready`. */
  readonly needUnready: (what: string) => void
}

/** An event that can be prevented, as Electron passes it. */
export interface Preventable {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

export function createEvent(): Preventable {
  let defaultPrevented = false
  return {
    get defaultPrevented() {
      return defaultPrevented
    },
    preventDefault() {
      defaultPrevented = true
    },
  }
}
