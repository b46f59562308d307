/** Command → effects: the only place that turns an intent into an action. */
import {
  LIMITS,
  type ActivityEntry,
  type AnswerOf,
  type Command,
  type Copied,
  type Reply,
} from '../preload/contract.ts'
import { isApplianceError } from './appliance/errors.ts'
import { activityEntry, rereadEvent } from './activity.ts'
import { testAlert } from './attention/notification.ts'
import type { Journal } from './events/journal.ts'
import type { Intake } from './intake.ts'
import { detailsOf } from './sessions/board.ts'
import { externalKeyOf } from './sessions/lookup.ts'
import { customerOf } from './sessions/session.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import type { Tokens } from './settings/tokens.ts'
import type { Shell } from './shell/port.ts'
import type { Store } from './store.ts'
import { Unable } from './unable.ts'

/** What carries out each type of command. Throws an {@link Unable} with a sentence for the rep if it cannot. */
export type Handlers = {
  readonly [Type in Command['type']]: (
    command: Extract<Command, { type: Type }>,
  ) => AnswerOf<Type> | Promise<AnswerOf<Type>>
}

/** Commands that are carried out here. */
type CoreCommand =
  | 'session.get'
  | 'activity.list'
  | 'alerts.read'
  | 'session.copy'
  | 'recipient.copy'
  | 'recipient.renew'
  | 'listener.retry'
  | 'settings.set'
  | 'settings.reset'
  | 'notification.test'
  | 'problem.dismiss'
  | 'window.show'
  | 'app.quit'

/** What commands act on. */
export interface CommandParts {
  readonly store: Store
  readonly now: () => number
  readonly shell: Shell
  readonly settings: SettingsKeeper
  readonly tokens: Tokens
  readonly intake: Intake
  readonly journal: () => Journal
  /** Makes a change of the settings take effect; throws an {@link Unable} if it was refused. */
  readonly changeSettings: (change: () => string | null) => void
  readonly recipientUrl: () => string | null
  /** Tries at once what is waiting to be tried again. */
  readonly retry: () => Promise<void>
  readonly toClipboard: (text: string) => Promise<Copied>
  /** A session as text for its ticket. */
  readonly summary: (lsid: string) => Promise<string>
  /** What the parts of the application carry out themselves. */
  readonly others: Omit<Handlers, CoreCommand>
}

/** Entries of the activity log before number `before`, newest first. */
export function activityBefore(journal: Journal, intake: Intake, before: number | null): readonly ActivityEntry[] {
  return journal.eventsBefore(before, LIMITS.activity).map((stored) => {
    const session = stored.lsid === null ? null : intake.session(stored.lsid)
    const customer = session === null ? null : customerOf(session)
    return activityEntry(rereadEvent(stored), stored.seq, stored.at, stored.receivedAt, customer)
  })
}

/** @see Handlers */
export function createHandlers(parts: CommandParts): Handlers {
  const { store, shell, settings, tokens, intake, toClipboard } = parts

  return {
    ...parts.others,
    'session.get': ({ lsid }) => {
      const session = intake.session(lsid)
      return session === null ? null : detailsOf(session, settings.get())
    },
    'activity.list': ({ before }) => activityBefore(parts.journal(), intake, before),
    'alerts.read': ({ ids }) => {
      intake.markRead(ids)
      return null
    },
    'session.copy': async ({ lsid, what }) => {
      if (what === 'lsid') return toClipboard(lsid)
      if (what === 'summary') return toClipboard(await parts.summary(lsid))
      const key = externalKeyOf(lsid, intake.session(lsid), () => parts.journal().lookup)
      if (key === null) throw new Unable('This session has no external key.')
      return toClipboard(key)
    },
    'recipient.copy': () => {
      const url = parts.recipientUrl()
      if (url !== null) return toClipboard(url)
      throw new Unable(
        'Only a fingerprint of the token is kept, so it cannot be shown again. Make a new recipient URL.',
      )
    },
    'recipient.renew': () => {
      if (tokens.fixed) throw new Unable('Your administrator has set the token; it cannot be renewed here.')
      tokens.renew()
      return toClipboard(parts.recipientUrl() ?? '')
    },
    'listener.retry': async () => {
      await parts.retry()
      return null
    },
    'settings.set': ({ key, value }) => {
      parts.changeSettings(() => settings.set(key, value))
      return null
    },
    'settings.reset': ({ key }) => {
      parts.changeSettings(() => settings.reset(key))
      return null
    },
    'notification.test': () => {
      intake.raise(testAlert())
      return null
    },
    'problem.dismiss': ({ id }) => {
      const isDismissible = store.get().problems.some((problem) => problem.id === id && problem.dismissible)
      if (isDismissible) store.change({ type: 'solved', id })
      return null
    },
    'window.show': ({ place }) => {
      // Without a place the window stays where it is, and one that is made anew starts where windows start.
      store.change({ type: 'goTo', place, now: parts.now() })
      shell.showWindow()
      return null
    },
    'app.quit': () => {
      shell.quit()
      return null
    },
  }
}

/** Carries out a command; never rejects. `onFailure` hears of what nobody foresaw. */
export async function carryOut(
  handlers: Handlers,
  command: Command,
  onFailure: (error: unknown) => void,
): Promise<Reply> {
  try {
    const handler = handlers[command.type] as (command: Command) => Promise<AnswerOf<Command['type']>>
    return { ok: true, value: await handler(command) }
  } catch (error) {
    if (error instanceof Unable || isApplianceError(error)) return { ok: false, message: error.message }
    onFailure(error)
    return { ok: false, message: 'That did not work. The problem is noted in the log.' }
  }
}
