/**
 * What a browser has by itself, and a window without a menu bar has not: zoom by keyboard, a context menu for text, and
 * the developer tools (F12) in development.
 */
import type { ContextMenuParams, MenuItemConstructorOptions, WebContents } from 'electron'
import type { Parts } from './electron.ts'

/** Zoom levels: each whole one is 20 % more or less than the one before; 4 is twice the size. */
const ZOOM = { step: 0.5, least: -2, most: 5 } as const
const DIRECTIONS: Readonly<Record<string, number>> = { '+': 1, '=': 1, '-': -1, _: -1, '0': 0 }

export interface ComfortOptions {
  readonly platform: NodeJS.Platform
  /** True: a development build. */
  readonly developer: boolean
}

function zoomed(level: number, direction: number): number {
  if (direction === 0) return 0
  return Math.min(ZOOM.most, Math.max(ZOOM.least, level + direction * ZOOM.step))
}

/** Entries for the text under the pointer; none if there is nothing to do with it. */
export function textMenu({ isEditable, editFlags, selectionText }: ContextMenuParams): MenuItemConstructorOptions[] {
  const copy: MenuItemConstructorOptions = { role: 'copy', enabled: editFlags.canCopy }
  if (!isEditable) return selectionText === '' ? [] : [copy]
  return [
    { role: 'cut', enabled: editFlags.canCut },
    copy,
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ]
}

export function addComforts(electron: Parts<'Menu'>, contents: WebContents, options: ComfortOptions): void {
  contents.on('before-input-event', (event, input) => {
    if (input.type !== 'keyDown') return
    const direction = DIRECTIONS[input.key]
    const isCommand = options.platform === 'darwin' ? input.meta : input.control
    if (isCommand && !input.alt && direction !== undefined) {
      event.preventDefault()
      contents.setZoomLevel(zoomed(contents.getZoomLevel(), direction))
    } else if (options.developer && input.key === 'F12') contents.toggleDevTools()
  })
  contents.on('context-menu', (_event, params) => {
    const template = textMenu(params)
    if (template.length > 0) electron.Menu.buildFromTemplate(template).popup()
  })
}
