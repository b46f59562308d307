/** The double of `app`: start, lock, paths, quitting. */
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import type { App } from 'electron'
import { createEvent, type Context } from './context.ts'
import { takeLock, type SecondInstance } from './instance.ts'

/** What of Electron's `app` the double has, besides the events. */
type Known = Pick<
  App,
  | 'enableSandbox'
  | 'exit'
  | 'getLoginItemSettings'
  | 'getPath'
  | 'getVersion'
  | 'isPackaged'
  | 'isReady'
  | 'quit'
  | 'requestSingleInstanceLock'
  | 'setAppUserModelId'
  | 'setAsDefaultProtocolClient'
  | 'setLoginItemSettings'
  | 'setPath'
  | 'whenReady'
> & { readonly commandLine: Pick<App['commandLine'], 'appendSwitch'> }

/** The windows, as far as quitting needs them. */
export interface Closable {
  isDestroyed(): boolean
  close(): void
  destroy(): void
}

export function createApp(context: Context, ready: { value: boolean }, windows: readonly Closable[]) {
  const { recorder } = context
  const emitter = new EventEmitter()
  const paths = new Map<string, string>([['userData', process.env['DOUBLE_USER_DATA'] ?? '']])

  /** What the system starts at login, and what its user has allowed. */
  const atLogin = { on: false, allowed: true }

  // Electron is ready some time after the application's first turn.
  const whenReady = new Promise<void>((resolve) => {
    setImmediate(() => {
      const { openUrl } = context.surroundings
      if (openUrl !== null) emitter.emit('open-url', createEvent(), openUrl)
      setImmediate(() => {
        ready.value = true
        recorder.note('app', 'ready')
        emitter.emit('ready', createEvent(), {})
        // As macOS may when the application is started.
        if (process.platform === 'darwin') emitter.emit('activate', createEvent(), false)
        resolve()
      })
    })
  })

  function end(code: number): void {
    recorder.note('app', 'ended', code)
    emitter.emit('quit', createEvent(), code)
    process.exit(code)
  }

  const known = {
    commandLine: {
      appendSwitch(name, value) {
        context.needUnready('app.commandLine.appendSwitch')
        recorder.note('app', 'appendSwitch', name, value)
      },
    },
    enableSandbox() {
      context.needUnready('app.enableSandbox')
      recorder.note('app', 'enableSandbox')
    },
    exit(code = 0) {
      recorder.note('app', 'exit', code)
      for (const window of windows) if (!window.isDestroyed()) window.destroy()
      end(code)
    },
    getLoginItemSettings: () => ({
      openAtLogin: atLogin.on,
      executableWillLaunchAtLogin: atLogin.on && atLogin.allowed,
      status: atLogin.on && !atLogin.allowed ? 'requires-approval' : 'enabled',
      openAsHidden: false,
      wasOpenedAtLogin: false,
      wasOpenedAsHidden: false,
      restoreState: false,
      launchItems: [],
    }),
    getPath: (name) => paths.get(name) ?? `/double/${name}`,
    getVersion: () => '0.0.0-double',
    isPackaged: context.surroundings.packaged,
    isReady: () => ready.value,
    quit() {
      recorder.note('app', 'quit')
      // Electron lets the present turn end first.
      setImmediate(() => {
        const before = createEvent()
        emitter.emit('before-quit', before)
        if (before.defaultPrevented) return
        for (const window of windows) if (!window.isDestroyed()) window.close()
        if (windows.some((window) => !window.isDestroyed())) {
          recorder.note('app', 'quit vetoed by a window')
          return
        }
        emitter.emit('will-quit', createEvent())
        end(0)
      })
    },
    requestSingleInstanceLock(data) {
      recorder.note('app', 'requestSingleInstanceLock', data)
      const onSecond = async ({ argv, directory, data: passed }: SecondInstance) => {
        await whenReady
        emitter.emit('second-instance', createEvent(), [...argv], directory, passed)
      }
      return takeLock(paths.get('userData') ?? '', data, (second) => void onSecond(second))
    },
    setAppUserModelId: (id) => recorder.note('app', 'setAppUserModelId', id),
    setAsDefaultProtocolClient(scheme, path, args) {
      context.needReady('app.setAsDefaultProtocolClient')
      recorder.note('app', 'setAsDefaultProtocolClient', scheme, path, args)
      return true
    },
    setLoginItemSettings({ openAtLogin = false, ...which }) {
      recorder.note('app', 'setLoginItemSettings', openAtLogin, which)
      atLogin.on = openAtLogin
    },
    setPath(name, path) {
      recorder.note('app', 'setPath', name, path)
      if (!existsSync(path)) throw new Error(`Failed to set path: ${path}`)
      paths.set(name, path)
    },
    whenReady: () => whenReady,
  } satisfies Known

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => known.quit())
  return Object.assign(emitter, known, { atLogin })
}

export type DoubleApp = ReturnType<typeof createApp>
