/** Quitting: once what runs has stopped, but never later than a limit, and never against the system's own shutdown. */
import type { Parts } from './electron.ts'

export interface QuitOptions {
  /** Takes the window and the tray away. */
  readonly release: () => void
  /** Stops what runs. */
  readonly stop: () => Promise<void>
  /** How long that may take, in milliseconds. What is on disk is safe at any time; stopping is only the tidy way. */
  readonly within: number
  readonly log: (line: string) => void
}

export function stopBeforeQuit(electron: Parts<'app' | 'powerMonitor'>, options: QuitOptions): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running'

  async function stop(): Promise<void> {
    const limit = setTimeout(() => {
      options.log('quit: stopping took too long')
      electron.app.exit(0)
    }, options.within)
    try {
      await options.stop()
    } catch (error) {
      options.log(`quit: stopping failed: ${error instanceof Error ? error.message : 'unknown'}`)
    }
    clearTimeout(limit)
    state = 'stopped'
    electron.app.quit()
  }

  // Linux and macOS; without this, the quit that follows would be held up, and with it the shutdown.
  electron.powerMonitor.on('shutdown', () => {
    state = 'stopped'
    void options.stop().catch(() => {})
  })

  electron.app.on('before-quit', (event) => {
    options.release()
    if (state === 'stopped') return
    event.preventDefault()
    if (state === 'stopping') return
    state = 'stopping'
    void stop()
  })
}
