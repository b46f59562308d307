/** Draws the tray: icon, tooltip and menu from a model. Nothing is decided here. */
import type { MenuItemConstructorOptions, NativeImage, Tray } from 'electron'
import type { Command } from '../../../preload/contract.ts'
import type { AppHandle, TrayIcon, TrayItem, TrayModel } from '../port.ts'
import type { Parts } from './electron.ts'

export interface TrayOptions {
  readonly platform: NodeJS.Platform
  /** Absolute path of the picture for this icon, as things are now. */
  readonly imagePath: (icon: TrayIcon) => string
  /** Carries out what a menu entry stands for. */
  readonly run: (command: Command) => Promise<void>
  /** The icon was clicked. */
  readonly activate: () => void
  readonly report: AppHandle['report']
}

export interface TrayKeeper {
  readonly draw: (model: TrayModel) => void
  /** The surroundings changed: chooses the picture again. */
  readonly redraw: () => void
  /** False if the system would not make an icon. */
  readonly works: () => boolean
  readonly destroy: () => void
}

/** `&` marks a letter to press in a menu; a customer's name may have one. */
const plain = (label: string) => label.replaceAll('&', '&&')

/** The model's entries as Electron takes them. */
export function menuTemplate(
  items: readonly TrayItem[],
  click: (command: Command) => void,
): MenuItemConstructorOptions[] {
  return items.map((item): MenuItemConstructorOptions => {
    if (item.type === 'separator') return { type: 'separator' }
    const { label, command, submenu, checked, accelerator, enabled } = item
    // An entry that does nothing is a line of text; grey, since a click on it would seem to have failed.
    const common = { label: plain(label), enabled: enabled && (command !== undefined || submenu !== undefined) }
    if (submenu !== undefined) return { ...common, type: 'submenu', submenu: menuTemplate(submenu, click) }
    return {
      ...common,
      ...(checked === undefined ? {} : { type: 'checkbox', checked }),
      // Shown only: it works everywhere, which is more than a menu's keys do.
      ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
      ...(command === undefined ? {} : { click: () => click(command) }),
    }
  })
}

export function createTrayKeeper(electron: Parts<'Tray' | 'Menu' | 'nativeImage'>, options: TrayOptions): TrayKeeper {
  // Held as long as the application runs: a collected Tray vanishes from the screen.
  let tray: Tray | null = null
  let broken = false
  let drawn: TrayModel | null = null
  let drawnMenu = ''
  let drawnImage = ''

  const image = (path: string): NativeImage => electron.nativeImage.createFromPath(path)

  function setMenu(model: TrayModel): void {
    drawnMenu = JSON.stringify(model.menu)
    tray?.setContextMenu(electron.Menu.buildFromTemplate(menuTemplate(model.menu, click)))
  }

  function click(command: Command): void {
    // The system flips a check box by itself; the model has the last word, also when the command was refused.
    void options.run(command).finally(() => {
      if (drawn !== null) setMenu(drawn)
    })
  }

  function create(path: string): void {
    try {
      tray = new electron.Tray(image(path))
      tray.on('click', options.activate)
      drawnImage = path
    } catch {
      broken = true
      options.report('tray.failed', {
        severity: 'warning',
        title: 'There is no tray icon',
        detail: 'The desktop refused it. Start Rep Tray again to bring this window back after closing it.',
        dismissible: true,
      })
    }
  }

  function setImage(icon: TrayIcon): void {
    const path = options.imagePath(icon)
    if (path === drawnImage) return
    drawnImage = path
    tray?.setImage(image(path))
  }

  /** Windows takes three for one in a tooltip. */
  const tooltip = (text: string) => (options.platform === 'win32' ? text.replaceAll('&', '&&&') : text)

  return {
    draw(model) {
      if (broken) return
      if (tray === null) create(options.imagePath(model.icon))
      if (tray === null) return
      setImage(model.icon)
      if (model.tooltip !== drawn?.tooltip) tray.setToolTip(tooltip(model.tooltip))
      drawn = model
      // Setting it closes a menu that is open, so only when there is something new in it.
      if (JSON.stringify(model.menu) !== drawnMenu) setMenu(model)
    },
    redraw() {
      if (drawn !== null) setImage(drawn.icon)
    },
    works: () => !broken,
    destroy() {
      tray?.destroy()
      tray = null
      broken = true
    },
  }
}
