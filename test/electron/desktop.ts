/** The doubles of what the desktop shows besides windows: tray, menus, pictures, notifications. */
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import type {
  Menu,
  MenuItemConstructorOptions,
  NativeImage,
  nativeImage,
  Notification,
  NotificationConstructorOptions,
  Tray,
} from 'electron'
import { createEvent, type Context } from './context.ts'
import type { Recorder } from './record.ts'

/** A picture: where it came from. */
export interface DoubleImage extends Pick<NativeImage, 'isEmpty'> {
  /** Path of the file. */
  readonly name: string
}

export interface DoubleMenuItem {
  readonly label: string
  readonly type: string
  readonly enabled: boolean
  checked: boolean
  readonly role: string
  /** Shown beside it. */
  readonly accelerator: string
  readonly submenu: DoubleMenu | null
  /** As the person at the screen does it. */
  press(): void
}

export interface DoubleMenu {
  readonly items: readonly DoubleMenuItem[]
  popup(): void
}

function createItem(recorder: Recorder, options: MenuItemConstructorOptions): DoubleMenuItem {
  const { label = '', role = '', accelerator = '', enabled = true, checked = false, submenu } = options
  const item: DoubleMenuItem = {
    label,
    role,
    accelerator,
    type: options.type ?? (submenu === undefined ? 'normal' : 'submenu'),
    enabled,
    checked,
    submenu: Array.isArray(submenu) ? createMenu(recorder, submenu) : null,
    press() {
      if (!enabled) throw new Error(`The entry “${label}” is disabled`)
      // The system does this by itself, whatever the application thinks.
      if (item.type === 'checkbox') item.checked = !item.checked
      options.click?.(item as never, undefined, {})
    },
  }
  return item
}

function createMenu(recorder: Recorder, template: readonly MenuItemConstructorOptions[]): DoubleMenu {
  const items = template.map((options) => createItem(recorder, options))
  const popup = () => recorder.note('Menu', 'popup', ...items.map((item) => item.role))
  return { items, popup } satisfies Record<keyof Pick<Menu, 'items' | 'popup'>, unknown>
}

export function createMenus(context: Context) {
  return {
    buildFromTemplate: (template: readonly MenuItemConstructorOptions[]) => createMenu(context.recorder, template),
    setApplicationMenu(menu: DoubleMenu | null) {
      context.recorder.note('Menu', 'setApplicationMenu', menu === null ? null : menu.items.map((item) => item.role))
    },
  } satisfies Record<keyof Pick<typeof Menu, 'buildFromTemplate' | 'setApplicationMenu'>, unknown>
}

export function createImages() {
  return {
    createFromPath: (path: string): DoubleImage => ({ name: path, isEmpty: () => !existsSync(path) }),
  } satisfies Record<keyof Pick<typeof nativeImage, 'createFromPath'>, unknown>
}

export interface DoubleTray extends EventEmitter {
  readonly image: () => string
  readonly toolTip: () => string
  readonly menu: () => DoubleMenu | null
  readonly isDestroyed: () => boolean
}

type KnownTray = Record<
  keyof Pick<Tray, 'destroy' | 'isDestroyed' | 'setContextMenu' | 'setImage' | 'setToolTip'>,
  unknown
>

export function createTrayClass(context: Context, trays: DoubleTray[]) {
  const { recorder } = context
  return function construct(image: DoubleImage): DoubleTray {
    context.needReady('Tray')
    if (context.surroundings.noTray || image.isEmpty())
      throw new Error(`Failed to load image from path '${image.name}'`)
    const name = `Tray#${trays.length + 1}`
    const now = { image: image.name, toolTip: '', menu: null as DoubleMenu | null, destroyed: false }
    const known = {
      setImage(next: DoubleImage) {
        if (next.isEmpty()) throw new Error(`Failed to load image from path '${next.name}'`)
        recorder.note(name, 'setImage', next.name)
        now.image = next.name
      },
      setToolTip(text: string) {
        recorder.note(name, 'setToolTip', text)
        now.toolTip = text
      },
      setContextMenu(menu: DoubleMenu | null) {
        recorder.note(name, 'setContextMenu')
        now.menu = menu
      },
      destroy() {
        recorder.note(name, 'destroy')
        now.destroyed = true
      },
      isDestroyed: () => now.destroyed,
    } satisfies KnownTray
    recorder.note(name, 'new', image.name)
    const extras = { image: () => now.image, toolTip: () => now.toolTip, menu: () => now.menu }
    const tray = recorder.strict(name, Object.assign(new EventEmitter(), known, extras))
    trays.push(tray)
    return tray
  }
}

export interface DoubleNotification extends EventEmitter {
  readonly options: NotificationConstructorOptions
  readonly isShown: () => boolean
  /** The person clicked it, or its button. */
  click(): void
  press(button: string): void
  /** It went away: by the person, or to the system's list. */
  leave(reason: 'userCanceled' | 'timedOut'): void
  /** The system could not show it. */
  failWith(error: string): void
}

type KnownNotification = Record<keyof Pick<Notification, 'close' | 'show'>, unknown>

export function createNotificationClass(context: Context, notifications: DoubleNotification[]) {
  const { recorder } = context
  function construct(options: NotificationConstructorOptions = {}): DoubleNotification {
    const name = `Notification#${notifications.length + 1}`
    const emitter = new EventEmitter()
    let shown = false
    const leave = (reason: string) => {
      if (!shown) return
      shown = false
      setImmediate(() => emitter.emit('close', { ...createEvent(), reason }))
    }
    const known = {
      show() {
        recorder.note(name, 'show')
        shown = true
        setImmediate(() => emitter.emit('show', createEvent()))
      },
      close() {
        recorder.note(name, 'close')
        leave('applicationHidden')
      },
    } satisfies KnownNotification
    const extras = {
      options,
      isShown: () => shown,
      click: () => void emitter.emit('click', createEvent()),
      press(button: string) {
        const actionIndex = (options.actions ?? []).findIndex(({ text }) => text === button)
        if (actionIndex < 0) throw new Error(`There is no button “${button}”`)
        emitter.emit('action', { ...createEvent(), actionIndex, selectionIndex: -1 }, actionIndex, -1)
      },
      leave,
      failWith(error: string) {
        shown = false
        emitter.emit('failed', createEvent(), error)
      },
    }
    recorder.note(name, 'new', options)
    const notification = recorder.strict(name, Object.assign(emitter, known, extras))
    notifications.push(notification)
    return notification
  }
  return Object.assign(construct, { isSupported: () => context.surroundings.notifications } satisfies Record<
    keyof Pick<typeof Notification, 'isSupported'>,
    unknown
  >)
}
