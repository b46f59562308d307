/** The double of BrowserWindow. Its page runs in a real Chromium, which the harness has. */
import { EventEmitter } from 'node:events'
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron'
import type { DoubleApp } from './app.ts'
import { createContents, createFrame, type DoubleContents } from './contents.ts'
import { createEvent, type Context } from './context.ts'

type Known = Pick<
  BrowserWindow,
  | 'center'
  | 'close'
  | 'destroy'
  | 'focus'
  | 'getNormalBounds'
  | 'hide'
  | 'id'
  | 'isDestroyed'
  | 'isFocused'
  | 'isMinimized'
  | 'isVisible'
  | 'loadURL'
  | 'restore'
  | 'setBackgroundColor'
  | 'setBounds'
  | 'setSize'
  | 'show'
>

/** A window as the double's world shows it to a test. */
export interface DoubleWindow extends Known, EventEmitter {
  readonly options: BrowserWindowConstructorOptions
  readonly webContents: DoubleContents
  /** The page is there, or could not be loaded. */
  settle(ok: boolean): void
  /** As the person at the screen does it. */
  minimize(): void
  move(bounds: Rectangle): void
  /** The person turned to something else. */
  leave(): void
}

export function createWindowClass(context: Context, windows: DoubleWindow[], app: () => DoubleApp) {
  const { recorder } = context
  let lastId = 0

  return function construct(options: BrowserWindowConstructorOptions = {}): DoubleWindow {
    context.needReady('BrowserWindow')
    lastId += 1
    const id = lastId
    const name = `BrowserWindow#${id}`
    const emitter = new EventEmitter()
    const { width = 800, height = 600, x = 10, y = 10 } = options
    let bounds: Rectangle = { x, y, width, height }
    const is = { destroyed: false, visible: options.show !== false, minimized: false, focused: false }
    let settle: (ok: boolean) => void = () => {}
    const contents = createContents(context, id, () => is.destroyed)

    const alive = () => {
      if (is.destroyed) throw new TypeError('Object has been destroyed')
    }
    const note = (method: string, ...args: readonly unknown[]) => {
      alive()
      recorder.note(name, method, ...args)
    }
    /** The system tells of such changes later. */
    const later = (event: string) => setImmediate(() => emitter.emit(event))

    const known: Known & Omit<DoubleWindow, keyof EventEmitter | keyof Known> = {
      id,
      options,
      webContents: contents,
      center: () => note('center'),
      close() {
        note('close')
        const event = createEvent()
        emitter.emit('close', event)
        if (!event.defaultPrevented) known.destroy()
      },
      destroy() {
        if (is.destroyed) return
        note('destroy')
        Object.assign(is, { destroyed: true, visible: false, focused: false })
        context.tell({ type: 'gone', window: id })
        later('closed')
      },
      focus() {
        note('focus')
        is.focused = true
      },
      getNormalBounds() {
        alive()
        return { ...bounds }
      },
      hide() {
        note('hide')
        Object.assign(is, { visible: false, focused: false })
        later('hide')
      },
      isDestroyed: () => is.destroyed,
      isFocused: () => is.focused,
      isMinimized() {
        alive()
        return is.minimized
      },
      isVisible() {
        alive()
        return is.visible
      },
      async loadURL(url) {
        note('loadURL', url)
        contents.mainFrame = createFrame(url, null)
        const loaded = new Promise<boolean>((resolve) => {
          settle = resolve
        })
        const { preload = '' } = options.webPreferences ?? {}
        if (context.surroundings.pages) context.tell({ type: 'load', window: id, url, preload })
        else setImmediate(settle, true)
        if (!(await loaded)) throw new Error(`ERR_FAILED (-2) loading '${url}'`)
        if (!is.destroyed) emitter.emit('ready-to-show')
      },
      restore() {
        note('restore')
        is.minimized = false
      },
      setBackgroundColor: (colour) => note('setBackgroundColor', colour),
      setBounds(to) {
        note('setBounds', to)
        bounds = { ...bounds, ...to }
      },
      setSize(newWidth, newHeight) {
        note('setSize', newWidth, newHeight)
        bounds = { ...bounds, width: newWidth, height: newHeight }
      },
      show() {
        note('show')
        const wasVisible = is.visible
        Object.assign(is, { visible: true, focused: true })
        if (!wasVisible) later('show')
      },
      settle: (ok) => settle(ok),
      minimize() {
        Object.assign(is, { minimized: true, focused: false })
        later('minimize')
      },
      move(to) {
        bounds = to
      },
      leave() {
        is.focused = false
        later('blur')
      },
    }

    recorder.note(name, 'new', options)
    const window = recorder.strict(name, Object.assign(emitter, known))
    windows.push(window)
    app().emit('web-contents-created', createEvent(), contents)
    return window
  }
}
