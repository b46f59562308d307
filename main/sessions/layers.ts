/**
 * A map of sessions as a value: one with a session more leaves the one before as it was. What changed lies beside the
 * map that it changes, and goes into a copy of that only now and then: a copy for each event would cost more than all
 * else that is done with one.
 */
import type { Session } from './session.ts'

/** Sessions by lsid. A plain map is one. */
export interface Sessions extends Pick<ReadonlyMap<string, Session>, 'size' | 'get' | 'has'> {
  keys(): Iterable<string>
  values(): Iterable<Session>
}

/** So many changes lie beside a map before it is copied. */
const BESIDE = 32

interface Layered extends Sessions {
  readonly below: Sessions
  readonly above: ReadonlyMap<string, Session>
}

const isLayered = (sessions: Sessions): sessions is Layered => 'above' in sessions

/** The sessions with this one as it is now. */
export function withOne(sessions: Sessions, session: Session): Sessions {
  const { below, above } = isLayered(sessions) ? sessions : { below: sessions, above: [] }
  const size = sessions.size + (sessions.has(session.lsid) ? 0 : 1)
  const made = layered(below, new Map(above).set(session.lsid, session), size)
  return made.above.size > BESIDE ? new Map([...made.values()].map((each) => [each.lsid, each])) : made
}

function layered(below: Sessions, above: ReadonlyMap<string, Session>, size: number): Layered {
  function* values() {
    for (const session of below.values()) yield above.get(session.lsid) ?? session
    for (const session of above.values()) if (!below.has(session.lsid)) yield session
  }
  return {
    below,
    above,
    size,
    get: (lsid) => above.get(lsid) ?? below.get(lsid),
    has: (lsid) => above.has(lsid) || below.has(lsid),
    keys: () => values().map(({ lsid }) => lsid),
    values,
  }
}
