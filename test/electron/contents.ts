/** The double of WebContents and of its frames. */
import { EventEmitter } from 'node:events'
import { deserialize, serialize } from 'node:v8'
import type { WebContents, WebFrameMain, WindowOpenHandlerResponse } from 'electron'
import type { Context } from './context.ts'

/** What a message's `senderFrame` is asked for. */
export type DoubleFrame = Pick<WebFrameMain, 'frameTreeNodeId' | 'url' | 'origin'> & {
  readonly parent: DoubleFrame | null
}

type Known = Pick<
  WebContents,
  'getZoomLevel' | 'id' | 'isDestroyed' | 'send' | 'setWindowOpenHandler' | 'setZoomLevel' | 'toggleDevTools'
> & { mainFrame: DoubleFrame }

let lastFrame = 100

/** A frame with this URL; within `parent`, if it is a sub-frame. */
export function createFrame(url: string, parent: DoubleFrame | null): DoubleFrame {
  lastFrame += 1
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: '', host: '' }
  return { frameTreeNodeId: lastFrame, url, origin: `${protocol}//${host}`, parent }
}

export function createContents(context: Context, id: number, isDestroyed: () => boolean) {
  const { recorder } = context
  let zoom = 0
  let openHandler: ((details: never) => WindowOpenHandlerResponse) | null = null
  const known = {
    id,
    mainFrame: createFrame('', null),
    isDestroyed,
    getZoomLevel: () => zoom,
    setZoomLevel(level: number) {
      zoom = level
    },
    toggleDevTools: () => recorder.note(`WebContents#${id}`, 'toggleDevTools'),
    send(channel: string, ...args: unknown[]) {
      if (isDestroyed()) throw new TypeError('Object has been destroyed')
      // As Electron: what cannot be cloned throws here.
      const cloned = deserialize(serialize(args)) as unknown[]
      recorder.note(`WebContents#${id}`, 'send', channel)
      context.tell({ type: 'send', window: id, channel, args: cloned })
    },
    setWindowOpenHandler(handler: never) {
      openHandler = handler
    },
  } satisfies Known
  return Object.assign(new EventEmitter(), known, {
    /** What the page gets that asks for a window. */
    askToOpen: (url: string): string => openHandler?.({ url } as never).action ?? 'allow',
  })
}

export type DoubleContents = ReturnType<typeof createContents>
