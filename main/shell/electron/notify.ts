/** Shows alerts as notifications of the desktop. One per tag: a later one takes the place of the earlier. */
import type { Notification } from 'electron'
import type { Alert } from '../../../preload/contract.ts'
import type { AppHandle } from '../port.ts'
import type { Parts } from './electron.ts'

/** Notifications kept for a later click, the oldest dropped first. Windows itself keeps 20 of an application. */
const KEPT = 50

export interface NotifierOptions {
  /** Absolute path of the picture beside the text, or null where the system shows the application's own. */
  readonly icon: string | null
  /**
   * True if the notification server reads the body as markup (Linux): a customer's name is then escaped, which keeps
   * `Fish & Chips` whole and a name from making links or pictures.
   */
  readonly markup: () => boolean
  readonly click: (alert: Alert) => void
  /** Can the ticket of its session be edited? Then there is a button for it, where the system shows buttons. */
  readonly canEdit: (alert: Alert) => boolean
  readonly edit: (alert: Alert) => void
  readonly report: AppHandle['report']
}

export interface Notifier {
  readonly notify: (alert: Alert) => void
  readonly dismiss: (tag: string) => void
}

/** https://specifications.freedesktop.org/notification-spec/latest/markup.html: in the body alone, never in the title. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What to do about a failure. The number is Windows' own for: switched off for this application. */
function adviceFor(error: string): string {
  if (error.includes('-2143420143')) return 'Notifications are switched off for Rep Tray in the settings of Windows.'
  return 'Look at the notification settings of the system. Alerts are still collected here and counted at the icon.'
}

interface Shown {
  readonly notification: Notification
  /** False: no longer on the screen, but still in the system's list, where it can be clicked. */
  visible: boolean
}

export function createNotifier(electron: Parts<'Notification'>, options: NotifierOptions): Notifier {
  // Also holds them: a collected Notification loses its click.
  const shown = new Map<string, Shown>()
  let failing = false

  function fail(detail: string): void {
    failing = true
    options.report('notification.failed', {
      severity: 'warning',
      title: 'Notifications cannot be shown',
      detail,
      dismissible: true,
    })
  }

  function forget(tag: string, notification: Notification): void {
    if (shown.get(tag)?.notification === notification) shown.delete(tag)
  }

  function build(alert: Alert): Notification {
    const notification = new electron.Notification({
      title: alert.title,
      body: options.markup() ? escapeMarkup(alert.body) : alert.body,
      silent: alert.refresh,
      ...(options.canEdit(alert) ? { actions: [{ type: 'button', text: 'Edit ticket' }] } : {}),
      ...(options.icon === null ? {} : { icon: options.icon }),
    })
    notification.on('show', () => {
      if (failing) options.report('notification.failed', null)
      failing = false
    })
    notification.on('click', () => {
      forget(alert.tag, notification)
      options.click(alert)
    })
    notification.on('action', () => {
      forget(alert.tag, notification)
      options.edit(alert)
    })
    notification.on('close', (details) => {
      // On Windows it then lies in the Action Center, and a click there must still find us.
      const entry = shown.get(alert.tag)
      if (details.reason !== 'timedOut') forget(alert.tag, notification)
      else if (entry?.notification === notification) entry.visible = false
    })
    notification.on('failed', (_event, error) => {
      forget(alert.tag, notification)
      fail(adviceFor(error))
    })
    return notification
  }

  function dismiss(tag: string): void {
    const earlier = shown.get(tag)
    shown.delete(tag)
    earlier?.notification.close()
  }

  return {
    notify(alert) {
      if (!electron.Notification.isSupported()) {
        fail('This desktop has no notification service.')
        return
      }
      // A refresh changes what is to be seen; it does not bring back what the rep has put away.
      if (alert.refresh && shown.get(alert.tag)?.visible !== true) return
      dismiss(alert.tag)
      const notification = build(alert)
      shown.set(alert.tag, { notification, visible: true })
      const [oldest] = shown.keys()
      if (shown.size > KEPT && oldest !== undefined) shown.delete(oldest)
      try {
        notification.show()
      } catch {
        forget(alert.tag, notification)
        fail(adviceFor(''))
      }
    },
    dismiss,
  }
}
