/**
 * Browser mode's bridge in the page: `window.repTray` over a WebSocket, and the browser's own notifications. Loaded
 * before the window's script; in Electron preload/index.ts stands in this place.
 */
import { CHANNELS, type Alert, type Bridge, type Copied, type Opened, type Reply, type State } from './contract.ts'

/** Waits before connecting again (ms). */
const RECONNECT = { first: 500, longest: 5_000 } as const

/** Names of this computer, where plain HTTP goes nowhere else. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

type Message = { readonly [CHANNELS.state]: State } | { readonly id: number; readonly reply: Reply }

/** Shows what is new in State, and takes away what was read. Of what was there before the page only the list tells. */
function createNotifier(onClick: (alert: Alert) => void): (state: State) => void {
  const shown = new Map<string, Notification>()
  let seen: number | null = null

  function show(alert: Alert): void {
    // A refresh makes no sound, unless it came so soon that the page never saw what it refreshes.
    const silent = alert.refresh && shown.has(alert.tag)
    const notification = new Notification(alert.title, { body: alert.body, tag: alert.tag, silent })
    notification.addEventListener('click', () => {
      window.focus()
      onClick(alert)
    })
    shown.set(alert.tag, notification)
  }

  return (state) => {
    const newest = state.alerts[0]?.id ?? 0
    const since = seen ?? newest
    seen = newest
    for (const [tag, notification] of shown) {
      if (state.alerts.some((alert) => alert.tag === tag && !alert.read)) continue
      notification.close()
      shown.delete(tag)
    }
    if (Notification.permission !== 'granted') return
    const fresh = state.alerts.filter((alert) => alert.id > since && alert.popup && !alert.read)
    for (const alert of fresh.toReversed()) show(alert)
  }
}

function createBridge(): Bridge {
  const waiting = new Map<number, (reply: Reply) => void>()
  const stateListeners = new Set<(state: State) => void>()
  const linkListeners = new Set<(up: boolean) => void>()
  const unreachable: Reply = { ok: false, message: 'Rep Tray cannot be reached. Is it still running?' }
  let socket: WebSocket | null = null
  let latest: State | null = null
  let nextId = 1
  let wait: number = RECONNECT.first

  const notifier =
    'Notification' in window
      ? createNotifier((alert) => {
          const place =
            alert.lsid === null ? ({ view: 'alerts' } as const) : ({ view: 'session', lsid: alert.lsid } as const)
          void command({ type: 'window.show', place })
          void command({ type: 'alerts.read', ids: [alert.id] })
        })
      : () => {}

  function open(): void {
    const opening = new WebSocket(`ws://${location.host}/bridge`)
    opening.addEventListener('open', () => {
      socket = opening
      wait = RECONNECT.first
      for (const listener of linkListeners) listener(true)
    })
    opening.addEventListener('message', (event: MessageEvent<string>) => receive(JSON.parse(event.data) as Message))
    opening.addEventListener('close', () => {
      socket = null
      for (const resolve of waiting.values()) resolve(unreachable)
      waiting.clear()
      for (const listener of linkListeners) listener(false)
      setTimeout(open, wait)
      wait = Math.min(wait * 2, RECONNECT.longest)
    })
  }

  function receive(message: Message): void {
    if ('reply' in message) {
      waiting.get(message.id)?.(message.reply)
      waiting.delete(message.id)
      return
    }
    latest = message[CHANNELS.state]
    notifier(latest)
    for (const listener of stateListeners) listener(latest)
  }

  const command = (async (asked) => {
    const reply = await new Promise<Reply>((resolve) => {
      if (socket === null) {
        resolve(unreachable)
        return
      }
      const id = nextId++
      waiting.set(id, resolve)
      socket.send(JSON.stringify({ id, [CHANNELS.command]: asked }))
    })
    return reply.ok ? doHere(reply) : reply
  }) as Bridge['command']

  open()
  return {
    connect: (onState, onLink) => {
      stateListeners.add(onState)
      linkListeners.add(onLink)
      if (latest !== null) onState(latest)
      return () => {
        stateListeners.delete(onState)
        linkListeners.delete(onLink)
      }
    },
    command,
    notifications: {
      permission: () => ('Notification' in window ? Notification.permission : 'unsupported'),
      request: async () => {
        if ('Notification' in window) await Notification.requestPermission()
      },
    },
  }
}

function isToCopy(value: unknown): value is Copied {
  return typeof value === 'object' && value !== null && 'copied' in value && value.copied === false
}

function isToOpen(value: unknown): value is Opened {
  return typeof value === 'object' && value !== null && 'opened' in value && value.opened === false
}

/** What main cannot do in browser mode, and this page can. */
async function doHere(reply: Extract<Reply, { ok: true }>): Promise<Reply> {
  const { value } = reply
  if (isToCopy(value)) return { ok: true, value: { ...value, copied: await copyHere(value.text) } }
  if (isToOpen(value)) return { ok: true, value: { ...value, opened: openHere(value.url) } }
  return reply
}

/** False: the window then shows the text, to be copied by hand. */
async function copyHere(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** False: the window then shows the address. The page that opens learns nothing of this one. */
function openHere(address: string): boolean {
  const url = URL.parse(address)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  // Without a click a moment ago the browser would block it, and not say so.
  if (url === null || !isSafe || !navigator.userActivation.isActive) return false
  window.open(url.href, '_blank', 'noopener,noreferrer')
  return true
}

Object.defineProperty(window, 'repTray', { value: createBridge(), writable: false, configurable: false })
