/** Editing external keys: over the API, shown at once, undone within ten seconds; the next event has the last word. */
import type { KeyEdit } from '../preload/contract.ts'
import type { ApplianceLink } from './appliance/link.ts'
import { isApplianceError } from './appliance/errors.ts'
import { relationOf } from './sessions/board.ts'
import { withKeyOf, type Session } from './sessions/session.ts'
import type { Store } from './store.ts'
import { Unable } from './unable.ts'

/** How long an edit can be undone (ms). */
export const UNDO_WITHIN = 10_000

export interface Keys {
  /** Sets the key of these sessions (null: clears it). Resolves when the appliance has answered for all of them. @throws Unable */
  set(lsids: readonly string[], key: string | null): Promise<void>
  /** Gives each session of an edit the key back that it had. @throws Unable */
  undo(id: number): Promise<void>
}

export interface KeysOptions {
  readonly store: Store
  readonly link: Pick<ApplianceLink, 'client'>
  readonly now: () => number
  readonly session: (lsid: string) => Session | null
  /** A session as it is now that its key was set. */
  readonly amend: (session: Session) => void
}

/** @see Keys */
export function createKeys(options: KeysOptions): Keys {
  const { store, now } = options
  /** What each session had before an edit. */
  const before = new Map<number, ReadonlyMap<string, string | null>>()

  function editable(lsid: string): Session {
    const { settings, appliance } = store.get()
    const session = options.session(lsid)
    if (session === null) throw new Unable('This session is not known here.')
    if (session.endedAt !== null) throw new Unable('The session has ended; its key can no longer be changed.')
    if (appliance.cannot.editKey !== undefined) throw new Unable(appliance.cannot.editKey)
    if (!['mine', 'team'].includes(relationOf(session, settings))) {
      throw new Unable('Only keys of your own sessions and of your teams’ can be changed here.')
    }
    return session
  }

  function tell(edit: KeyEdit): void {
    store.change({ type: 'keyEdit', edit })
  }

  /** Sets one key; returns why it failed, or null. */
  async function setOne(lsid: string, key: string | null): Promise<string | null> {
    try {
      await options.link.client().setSessionAttributes({ lsid, externalKey: key })
    } catch (error) {
      return isApplianceError(error) ? error.message : 'That did not work.'
    }
    const session = options.session(lsid)
    if (session !== null) options.amend(withKeyOf(session, key, now()))
    return null
  }

  async function setAll(keys: ReadonlyMap<string, string | null>): Promise<KeyEdit['failures']> {
    const failures: { lsid: string; message: string }[] = []
    for (const [lsid, key] of keys) {
      const message = await setOne(lsid, key)
      if (message !== null) failures.push({ lsid, message })
    }
    return failures
  }

  return {
    set: async (lsids, key) => {
      const sessions = [...new Set(lsids)].map(editable)
      const id = Math.max(now(), ...store.get().keyEdits.map((edit) => edit.id + 1))
      before.set(id, new Map(sessions.map((session) => [session.lsid, session.externalKey])))
      const edit: KeyEdit = {
        id,
        lsids: sessions.map(({ lsid }) => lsid),
        key,
        status: 'sending',
        failures: [],
        undoUntil: 0,
      }
      tell(edit)
      const failures = await setAll(new Map(edit.lsids.map((lsid) => [lsid, key])))
      const status = failures.length === edit.lsids.length ? 'failed' : 'set'
      tell({ ...edit, status, failures, undoUntil: now() + UNDO_WITHIN })
      if (status === 'failed') throw new Unable(failures[0]?.message ?? 'That did not work.')
    },
    undo: async (id) => {
      const edit = store.get().keyEdits.find((each) => each.id === id)
      const keys = before.get(id)
      if (edit === undefined || keys === undefined || edit.status !== 'set' || edit.undoUntil < now()) {
        throw new Unable('This can no longer be undone.')
      }
      before.delete(id)
      const changed = new Map([...keys].filter(([lsid]) => !edit.failures.some((failure) => failure.lsid === lsid)))
      tell({ ...edit, status: 'undoing' })
      const failures = await setAll(changed)
      tell({ ...edit, status: failures.length > 0 ? 'notUndone' : 'undone', failures })
    },
  }
}
