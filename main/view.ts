/** From main's State to the window's: whole sessions become rows. */
import type { SessionRow, State } from '../preload/contract.ts'
import { byUrgency, rowOf } from './sessions/board.ts'
import type { Session } from './sessions/session.ts'
import type { AppState } from './state.ts'

/** A function that projects State. It keeps the rows of sessions that did not change, so that a push costs little. */
export function createView(): (state: AppState) => State {
  let rows = new WeakMap<Session, SessionRow>()
  let settings: AppState['settings'] | null = null
  let last: { from: AppState; to: State } | null = null
  let sessions: { board: AppState['board']; rows: readonly SessionRow[] } | null = null

  function row(session: Session, state: AppState): SessionRow {
    const known = rows.get(session)
    if (known !== undefined) return known
    const made = rowOf(session, state.settings)
    rows.set(session, made)
    return made
  }

  return (state) => {
    if (last?.from === state) return last.to
    if (settings !== state.settings) {
      // Whose a session is depends on who "me" is.
      rows = new WeakMap()
      sessions = null
      settings = state.settings
    }
    if (sessions?.board !== state.board) {
      const sorted = [...state.board.values()].map((session) => row(session, state)).toSorted(byUrgency)
      sessions = { board: state.board, rows: sorted }
    }
    const { board: _, ...shared } = state
    last = { from: state, to: { ...shared, sessions: sessions.rows } }
    return last.to
  }
}
