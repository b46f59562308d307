/** The alerts and the activity log. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createLab, until, type Lab } from './harness.ts'
import { activities, activity, alert, lsidOf, NOW, session, state } from './states.ts'

let lab: Lab

describe('alerts and activity', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  const ALERTS = state({
    sessions: [session(3), session(2)],
    alerts: [
      alert(4, { lsid: null, title: 'A digest', kind: 'digest' }),
      alert(3, { title: 'Third', popup: false }),
      alert(2, { title: 'Second', lsid: lsidOf(3) }),
      alert(1, { title: 'First', read: true }),
    ],
  })

  it('counts what is unread in the navigation and in the title', () =>
    lab.use({ state: ALERTS }, async ({ page, push }) => {
      await page.getByRole('button', { name: 'Alerts 3 unread' }).waitFor()
      assert.equal(await page.title(), '(3) Rep Tray')
      await push({ ...ALERTS, alerts: ALERTS.alerts.map((one) => ({ ...one, read: true })) })
      assert.equal(await page.title(), 'Rep Tray')
      assert.equal(await page.getByText('unread').count(), 0)
    }))

  it('opens an alert: read, and its session with all that was said about it', () =>
    lab.use({ state: ALERTS }, async (window) => {
      const { page } = window
      await page.getByRole('button', { name: 'Alerts' }).click()
      const rows = await page.locator('.alert-title').allInnerTexts()
      assert.deepEqual(
        rows.map((row) => row.replace(/^unread\s*/, '')),
        ['A digest', 'Third', 'Second', 'First'],
      )
      await page.getByText('not shown on the desktop').waitFor({ state: 'attached' })
      await page.getByRole('row', { name: 'Third' }).click()
      await page.getByRole('heading', { name: 'Customer 3' }).waitFor()
      const read = window.asked('alerts.read').flatMap(({ ids }) => (ids === 'all' ? [] : ids))
      assert.deepEqual(new Set(read), new Set([2, 3]))
      await page.getByRole('button', { name: 'Back' }).click()
      await page.getByRole('row', { name: 'A digest' }).click()
      assert.equal(await page.getByRole('heading', { name: 'Alerts', level: 1 }).isVisible(), true)
      assert.deepEqual(window.asked('alerts.read').at(-1), { type: 'alerts.read', ids: [4] })
    }))

  it('marks all read, and says when there is nothing', () =>
    lab.use({ state: ALERTS }, async (window) => {
      const { page } = window
      await page.getByRole('button', { name: 'Alerts' }).click()
      await page.getByRole('button', { name: 'Mark all read' }).click()
      await until(() => window.asked('alerts.read').length > 0, 'all are marked')
      assert.deepEqual(window.asked('alerts.read'), [{ type: 'alerts.read', ids: 'all' }])
      await window.push(state())
      await page.getByRole('heading', { name: 'No alerts yet' }).waitFor()
      assert.equal(await page.getByRole('button', { name: 'Mark all read' }).isDisabled(), true)
    }))

  it('lists what came in, marks the unknown and the late', () => {
    const log = state({
      activity: [
        activity(9, { event: 'support_conference_begin', customer: null, subject: null, externalKey: null }),
        activity(8, { event: 'support_conference_end', receivedAt: activity(8).at + 25 * 60_000 }),
        activity(7, { event: 'brand_new_event', known: false }),
        activity(6, { lsid: null, customer: null, externalKey: null, subject: null, event: 'odd', known: false }),
      ],
    })
    return lab.use({ state: log }, async ({ page }) => {
      await page.getByRole('button', { name: 'Activity' }).click()
      await page.getByRole('row', { name: 'Session started' }).getByText(lsidOf(9)).waitFor()
      await page.getByRole('row', { name: 'Session ended' }).getByText('came 25 min late').waitFor()
      const unknown = page.getByRole('row', { name: 'brand_new_event' })
      await unknown.getByText('unknown event').waitFor()
      await page.getByRole('searchbox', { name: 'Filter events' }).fill('unknown event')
      assert.equal(await page.getByRole('row').count(), 2)
      await page.getByRole('row', { name: 'odd' }).click()
      assert.equal(await page.getByRole('heading', { name: 'Activity', level: 1 }).isVisible(), true)
      await unknown.click()
      await page.locator('.session').waitFor()
    })
  })

  it('fetches older events below the oldest shown, until there are none', () => {
    const log = state({ activity: activities(200) })
    return lab.use({ state: log }, async (window) => {
      const { page } = window
      window.answer((command) => {
        if (command.type !== 'activity.list') return undefined
        return { ok: true, value: command.before === 99_800 ? activities(200, 99_799) : activities(40, 99_599) }
      })
      await page.getByRole('button', { name: 'Activity' }).click()
      await page.getByText('200 events shown').waitFor()
      await page.getByRole('button', { name: 'Load older' }).click()
      await page.getByText('400 events shown').waitFor()
      await page.getByRole('button', { name: 'Load older' }).click()
      await page.getByText('440 events shown').waitFor()
      assert.deepEqual(window.asked('activity.list'), [
        { type: 'activity.list', before: 99_800 },
        { type: 'activity.list', before: 99_600 },
      ])
      window.answer((command) => (command.type === 'activity.list' ? { ok: true, value: [] } : undefined))
      await page.getByRole('button', { name: 'Load older' }).click()
      await page.getByText('That is all the journal has.').waitFor()
      // What leaves the State's list as new events come stays in the window's.
      await window.push({ ...log, activity: activities(200, 100_004) })
      assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '445')
      // So many at once that there may be a gap: only what is certain is shown.
      await window.push({ ...log, activity: activities(200, 200_000) })
      await page.getByText('200 events shown').waitFor()
    })
  })

  it('shows a refusal to list, and says when the log is empty', () =>
    lab.use({ state: state({ activity: activities(3) }) }, async (window) => {
      const { page } = window
      window.answer((command) =>
        command.type === 'activity.list' ? { ok: false, message: 'The journal is busy.' } : undefined,
      )
      await page.getByRole('button', { name: 'Activity' }).click()
      await page.getByRole('button', { name: 'Load older' }).click()
      await page.getByRole('alert').getByText('The journal is busy.').waitFor()
      await window.push(state())
      await page.getByRole('heading', { name: 'No events yet' }).waitFor()
    }))

  it('keeps the place in a log that grows above it', () =>
    lab.use({ state: state({ activity: activities(200) }) }, async ({ page, push }) => {
      await page.getByRole('button', { name: 'Activity' }).click()
      const grid = page.getByRole('grid', { name: 'Activity' })
      await grid.evaluate((element) => element.scrollTo(0, 2000))
      const topRow = (): Promise<string> =>
        grid.evaluate((element) => {
          const edge = element.getBoundingClientRect().top
          const rows = [...element.querySelectorAll('.row')]
          return rows.find((row) => row.getBoundingClientRect().bottom > edge + 1)?.textContent ?? ''
        })
      await until(async () => (await topRow()) !== '', 'rows are drawn')
      const earlier = await topRow()
      await push(state({ activity: activities(200, 100_007) }))
      assert.equal(await topRow(), earlier)
      await grid.evaluate((element) => element.scrollTo(0, 0))
      await push(
        state({ activity: [activity(100_008, { customer: 'The newest', at: NOW }), ...activities(199, 100_007)] }),
      )
      await page.getByText('The newest').waitFor()
      assert.ok((await topRow()).includes('The newest'), 'at the top the list shows what is new')
    }))
})
