/** What the application needs from its surroundings, and what it gives them: the seam between app.ts and a shell. */
import type { Alert, Command, Problem, Reply, State } from '../../preload/contract.ts'
import type { TrayModel } from '../attention/tray.ts'
import type { LoginItem } from '../login.ts'

export type { TrayIcon, TrayItem, TrayModel } from '../attention/tray.ts'

/** What the application offers to a shell. */
export interface AppHandle {
  /** The State of now. */
  getState(): State
  /** Calls back after each change, at most once a frame. Returns the unsubscription. */
  subscribe(listener: (state: State) => void): () => void
  /** Carries out a command of the trusted side (tray, notification). */
  run<Type extends Command['type']>(command: Extract<Command, { type: Type }>): Promise<Reply<Type>>
  /** Checks and carries out whatever a window sent. Never throws. */
  runUnchecked(input: unknown): Promise<Reply>
  /** Puts a problem of the shell into State under its stable name, or takes it out again (null). Never throws. */
  report(id: string, problem: Omit<Problem, 'id' | 'since'> | null): void
}

/** What a shell does for the application. None of it throws: what fails becomes a problem in State. */
export interface Shell {
  readonly kind: State['shell']
  /** Shows an alert on the desktop; one with the same `tag` is replaced. A click runs `window.show` for its session. */
  notify(alert: Alert): void
  /** Takes the alert with this tag off the desktop. */
  dismiss(tag: string): void
  drawTray(model: TrayModel): void
  /** Brings the window up and to the front; only ever on behalf of the rep, never of an event. */
  showWindow(): void
  /** Brings up the small window for a quick lookup; false if this shell has none. */
  showQuick(): boolean
  hideQuick(): void
  /** Puts text on the clipboard; false if only the window can do so. */
  copy(text: string): Promise<boolean>
  /** The text on the clipboard; null if there is none, or this shell cannot read it. */
  readClipboard(): Promise<string | null>
  /** Opens a page in the system's browser; false if only the window can do so. The caller has checked the address. */
  open(url: string): Promise<boolean>
  /** Shows a file in its folder, where the desktop can do that. */
  reveal(file: string): void
  /** The folder into which the user's own files go. */
  downloads(): string
  /** What the system starts at login; null: this shell cannot be started so. */
  readonly login: LoginItem | null
  quit(): void
}
