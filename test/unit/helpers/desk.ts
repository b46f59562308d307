/** A desk at which a rep sits: what happens in sessions, and what the desktop shows of it. */
import type { TestContext } from 'node:test'
import type { Settings } from '../../../preload/contract.ts'
import { createAlerting } from '../../../main/alerting.ts'
import { applyEvent } from '../../../main/sessions/session.ts'
import { createStore } from '../../../main/store.ts'
import { begin, JANE, joins, leaves, LSID, ME, MIRIAM, numbered, START, TO_ME, TO_MIRIAM } from './events.ts'
import { settingsWith, stateWith } from './state.ts'

type Own = Parameters<typeof numbered>[0]

/** A desk at which a rep sits: events come in, and what the desktop shows is written down. */
export function startDesk(t: TestContext, own: Partial<Settings> = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START })
  const store = createStore(stateWith({ settings: settingsWith(own) }))
  t.after(() => store.close())
  const log: string[] = []
  let changes = 0
  let seq = 0
  const alerting = createAlerting({
    store,
    now: Date.now,
    present: Date.now,
    notify: (alert) => log.push(`${alert.refresh ? 'refresh' : 'show'} ${alert.kind}: ${alert.body}`),
    dismiss: (tag) => log.push(`dismiss ${store.get().alerts.find((alert) => alert.tag === tag)?.kind}`),
    session: (lsid) => store.get().board.get(lsid) ?? null,
    onChange: () => {
      changes += 1
    },
  })

  function take(event: Own, lsid: string) {
    seq += 1
    const before = store.get().board.get(lsid) ?? null
    const made = numbered(event, seq, lsid)
    const after = applyEvent(before, made)
    store.change({ type: 'session', session: after })
    return { before, after, made }
  }

  return {
    store,
    alerting,
    log,
    changes: () => changes,
    unread: () => store.get().alerts.filter((alert) => !alert.read),
    /** Events at one moment. */
    happen: (events: readonly Own[], lsid = LSID) => {
      for (const event of events) {
        const { before, after, made } = take(event, lsid)
        alerting.tell(before, after, made)
      }
    },
    /** Events that come too late. */
    late: (events: readonly Own[], lsid = LSID) => {
      for (const event of events) alerting.hold(take(event, lsid).made)
    },
    wait: (ms: number) => t.mock.timers.tick(ms),
    /** What the desktop showed since it was asked last. */
    shown: () => log.splice(0),
  }
}

export const HERS = [begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM)]
export const MINE = [...HERS, TO_ME, leaves(MIRIAM), joins(ME)]
