/** From the POST to what the rep sees: the call that notifies, and the row on the screen, in a real browser. */
import { setTimeout } from 'node:timers/promises'
import { quantile, SELF, type Bench } from '../bench.ts'
import { openBrowser } from '../browser.ts'
import { lsidOf, openSender, takeNumber } from '../client.ts'
import { openEye } from '../eye.ts'
import { startEye, startSelf, type Target } from '../targets.ts'

/** Events of a session: before it is the rep's, that it is (what a colleague gives is told at once), and its end. */
function course(key: string): readonly string[] {
  const common = {
    version: '1',
    lsid: lsidOf(takeNumber()),
    external_key: key,
    timestamp: String(Math.floor(Date.now() / 1000)),
  }
  return [
    { event: 'support_conference_begin', conference_id: 'rep:31', conference_name: 'Miriam Adler' },
    { event: 'support_conference_owner_changed', conference_id: 'rep:31', conference_name: 'Miriam Adler' },
    { event: 'support_conference_member_added', type: 'customer', display_name: `Customer of ${key}` },
    { event: 'support_conference_owner_changed', conference_id: 'rep:12', conference_name: 'John Smith' },
    { event: 'support_conference_end', conference_id: 'rep:12', conference_name: 'John Smith' },
  ].map((fields) => new URLSearchParams({ ...common, ...fields }).toString())
}

/** Nothing but the session that comes is told. */
const QUIET = { 'notify.ended': false, 'notify.customerLeft': false, 'notify.survey': false }

export const bench: Bench = {
  name: 'event-to-eye',
  about:
    'POST sent to the call that notifies, and to the row painted in Chromium; a page that only does that is the limit',
  run: async ({ short }) => {
    const rounds = short ? 2 : 5
    const count = short ? 10 : 60
    const browser = await openBrowser()
    const found: Readonly<Record<string, Target>> = {
      [SELF]: await startSelf(undefined, QUIET),
      limit: await startEye(),
    }
    const told: Record<string, number[]> = {}
    const painted: Record<string, number[]> = {}
    const middle: Record<string, number[]> = {}
    try {
      const watched = await Promise.all(
        Object.entries(found).map(async ([who, target]) => {
          const address = target.said.get('window') ?? `http://127.0.0.1:${target.port}/`
          return { who, sender: await openSender(target), eye: await openEye(browser, address) }
        }),
      )
      for (let round = 0; round <= rounds; round += 1) {
        for (const { who, sender, eye } of watched) {
          const seen: Awaited<ReturnType<typeof eye.see>>[] = []
          for (let turn = 0; turn < count; turn += 1) {
            const key = `EYE${takeNumber()}`
            const all = course(key)
            const [end = '', mine = ''] = all.toReversed()
            if (who === SELF) for (const body of all.slice(0, -2)) await sender.post(body)
            // What went before is on the screen by now, and a frame has begun at no particular time.
            await setTimeout(40 + Math.random() * 20)
            seen.push(await eye.see(key, () => sender.post(mine)))
            // The next one is to be in sight.
            if (who === SELF) await sender.post(end)
          }
          if (round === 0) continue
          const p99 = (part: 'answered' | 'notified' | 'painted') =>
            quantile(
              seen.map((each) => each[part]),
              0.99,
            )
          ;(told[who] ??= []).push(p99('notified'))
          ;(painted[who] ??= []).push(p99('painted'))
          ;(middle[who] ??= []).push(
            quantile(
              seen.map((each) => each.painted),
              0.5,
            ),
          )
          if (who === SELF) for (const values of [told, painted]) (values['time to 200'] ??= []).push(p99('answered'))
        }
      }
      for (const { sender, eye } of watched) {
        sender.close()
        await eye.close()
      }
    } finally {
      await browser.close()
      for (const target of Object.values(found)) await target.stop()
    }
    return [
      {
        what: 'notified, p99',
        unit: 'ms',
        values: told,
        goal: { kind: 'most', to: 'time to 200', times: 1, plus: 15 },
      },
      {
        what: 'painted, p99',
        unit: 'ms',
        values: painted,
        goal: { kind: 'most', to: 'time to 200', times: 1, plus: 60 },
      },
      { what: 'painted, p50', unit: 'ms', values: middle },
    ]
  },
}
