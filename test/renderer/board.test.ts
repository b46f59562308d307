/** The board: whose sessions, in which order, found how, and what it says when it is empty. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import { at, createLab, until, type Lab } from './harness.ts'
import { ago, GENERAL, lsidOf, NOW, OTHER_REP, OTHER_TEAM, session, SETTINGS, state, TEAM } from './states.ts'

let lab: Lab

/** What the board's lines say first: headings with their count, and customers. */
async function lines(page: Page): Promise<readonly string[]> {
  return page.locator('.board .group-heading, .board .session-customer').allInnerTexts()
}

const MIXED = state({
  sessions: [
    session(1, { status: 'waiting', relation: 'team', owner: TEAM, ownerSince: ago(1), customer: 'Short wait' }),
    session(2, { status: 'waiting', relation: 'team', owner: TEAM, ownerSince: ago(9), customer: 'Long wait' }),
    session(3, {
      status: 'waiting',
      relation: 'general',
      owner: GENERAL,
      ownerSince: ago(2),
      customer: 'General wait',
    }),
    session(4, { customer: 'Mine old', startedAt: ago(60), externalKey: null }),
    session(5, { customer: 'Mine new', startedAt: ago(3) }),
    session(6, { relation: 'team', owner: OTHER_REP, customer: 'Of a colleague', startedAt: ago(20) }),
    session(7, { relation: 'other', owner: OTHER_TEAM, customer: 'Of others', startedAt: ago(5) }),
    session(8, { status: 'ended', endedAt: ago(30), customer: 'Ended first', customerPresent: false }),
    session(9, { status: 'ended', endedAt: ago(4), customer: 'Ended last', customerPresent: false }),
  ],
})

describe('board', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('shows the teams’ sessions first, waiting on top by the length of the wait, ended ones last', () =>
    lab.use({ state: MIXED }, async ({ page }) => {
      assert.equal(await page.getByRole('radio', { name: 'My teams' }).isChecked(), true)
      assert.deepEqual(
        (await lines(page)).map((line) => line.replaceAll(/\s+/g, ' ')),
        [
          'Waiting 2',
          'Long wait',
          'Short wait',
          'Active 3',
          'Mine new',
          'Of a colleague',
          'Mine old',
          'Recently ended 2',
          'Ended last',
          'Ended first',
        ],
      )
    }))

  it('counts live sessions for each scope, switches, and remembers the choice', () =>
    lab.use({ state: MIXED }, async ({ page }) => {
      const labels = await page.locator('.segment').allInnerTexts()
      assert.deepEqual(
        labels.map((label) => label.replaceAll(/\s+/g, ' ')),
        ['Mine 2', 'My teams 5', 'All 7'],
      )
      await page.getByText('Mine', { exact: false }).first().click()
      assert.equal((await lines(page)).includes('Of a colleague'), false)
      await page.locator('.segment', { hasText: 'All' }).click()
      assert.equal((await lines(page)).includes('General wait'), true)
      assert.equal((await lines(page)).includes('Of others'), true)
      await page.reload()
      await page.getByRole('grid', { name: 'Sessions' }).waitFor()
      assert.equal(await page.getByRole('radio', { name: 'All' }).isChecked(), true)
    }))

  it('says of each session whose it is, how long it waits, and that its ticket is missing', () =>
    lab.use({ state: MIXED }, async ({ page }) => {
      const row = (name: string) => page.getByRole('row', { name })
      await row('Long wait').getByText('Waiting 9 min').waitFor()
      await row('Long wait').getByText('Network').waitFor()
      await row('Mine old').getByText('You', { exact: true }).waitFor()
      await row('Mine old').getByText('No ticket').waitFor()
      await row('Of a colleague').getByText('Jonas Weber').waitFor()
      await row('Ended last').getByText('Ended 10:38').waitFor()
    }))

  it('lets the clocks go on without a push', () =>
    lab.use({ state: MIXED, clockRuns: true }, async ({ page }) => {
      await page.getByText('Waiting 9 min').waitFor()
      await page.clock.fastForward(4 * 60_000)
      await page.getByText('Waiting 13 min').waitFor()
      await page.getByText('Active 1 h 04 min').waitFor()
    }))

  it('keeps a row where it is when an event only touches it', () =>
    lab.use({ state: MIXED }, async ({ page, push }) => {
      const earlier = await lines(page)
      const touched = MIXED.sessions.toReversed().map((row) => ({ ...row, updatedAt: NOW, revision: row.revision + 1 }))
      await push({ ...MIXED, sessions: touched })
      assert.deepEqual(await lines(page), earlier)
    }))

  it('filters by customer, key, owner and session ID, and finds what another scope has', () =>
    lab.use({ state: MIXED }, async ({ page }) => {
      const filter = page.getByRole('searchbox', { name: 'Filter sessions' })
      for (const [text, customer] of [
        ['LONG wa', 'Long wait'],
        ['inc0010005', 'Mine new'],
        ['weber', 'Of a colleague'],
        [lsidOf(4), 'Mine old'],
      ] as const) {
        await filter.fill(text)
        assert.deepEqual(await page.locator('.session-customer').allInnerTexts(), [customer], text)
      }
      await filter.fill('general wait')
      await page.getByRole('heading', { name: 'No session matches' }).waitFor()
      await page.getByRole('button', { name: 'Look in all sessions (1)' }).click()
      assert.deepEqual(await page.locator('.session-customer').allInnerTexts(), ['General wait'])
      await filter.press('Escape')
      assert.equal(await filter.inputValue(), '')
      assert.equal(await page.locator('.session-customer').count(), 9)
    }))

  it('copies a key without opening the session, and says so', () =>
    lab.use({ state: MIXED }, async (window) => {
      const { page } = window
      await page.getByRole('button', { name: 'Copy external key INC0010005' }).click()
      await page.getByRole('button', { name: 'Copied INC0010005' }).waitFor()
      assert.deepEqual(window.asked('session.copy'), [{ type: 'session.copy', lsid: lsidOf(5), what: 'externalKey' }])
      assert.equal(window.asked('session.get').length, 0)
      await page.getByRole('status').getByText('External key copied').waitFor({ state: 'attached' })
    }))

  it('offers the text for copying by hand where no clipboard is in reach, and shows a refusal', () =>
    lab.use({ state: MIXED }, async (window) => {
      const { page } = window
      window.answer((command) =>
        command.type === 'session.copy' ? { ok: true, value: { text: 'INC0010005', copied: false } } : undefined,
      )
      await page.getByRole('button', { name: 'Copy external key INC0010005' }).click()
      const field = page.getByRole('textbox', { name: /could not be copied/ })
      await field.waitFor()
      assert.equal(await field.inputValue(), 'INC0010005')
      window.answer((command) =>
        command.type === 'session.copy' ? { ok: false, message: 'This session is gone.' } : undefined,
      )
      await page.getByRole('button', { name: 'Copy external key INC0010005' }).click()
      await page.getByRole('alert').getByText('This session is gone.').waitFor()
      await page.getByRole('button', { name: 'Close' }).click()
      assert.equal(await page.getByText('This session is gone.').count(), 0)
    }))

  it('tells how to begin when nothing has ever come in', () => {
    const never = { ...state().health, lastEventAt: null }
    return lab.use({ state: state({ health: never }) }, async (window) => {
      const { page } = window
      await page.getByRole('heading', { name: 'No sessions yet' }).waitFor()
      await page.getByText('reached from this computer only').waitFor()
      await page.getByRole('button', { name: 'Copy recipient URL' }).click()
      await until(() => window.asked('recipient.copy').length === 1, 'the URL is copied')
      const reachable = { ...never, listener: { ...never.listener, addresses: ['192.0.2.4:8180'] } }
      await window.push(state({ health: reachable }))
      assert.equal(await page.getByText('reached from this computer only').count(), 0)
    })
  })

  it('asks who the rep is when it does not know, and says when all is calm', () => {
    const unknown = state({ settings: { ...SETTINGS, 'me.repId': '', 'me.username': '', 'me.name': '' } })
    return lab.use({ state: unknown }, async ({ page, push }) => {
      await page.getByRole('heading', { name: 'Rep Tray does not know who you are' }).waitFor()
      await page.getByRole('button', { name: 'Open settings' }).click()
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
      await page.getByRole('button', { name: 'Board' }).click()
      await push(state({ sessions: [session(1, { relation: 'other', owner: OTHER_TEAM })] }))
      await page.getByRole('heading', { name: 'Nothing in your teams right now' }).waitFor()
      await page.getByRole('button', { name: 'Show all (1)' }).click()
      await page.getByRole('row', { name: 'Customer 1' }).waitFor()
    })
  })

  it('marks that the customer has left, and says when none has come', () =>
    lab.use(
      {
        state: state({
          sessions: [
            session(1, { customerPresent: false }),
            session(2, { customer: null, customerPresent: false }),
            session(3, { customer: null, customerPresent: false, status: 'ended', endedAt: ago(2) }),
          ],
        }),
      },
      async ({ page }) => {
        await page.getByRole('row', { name: 'Customer 1 customer left' }).waitFor()
        await page.getByRole('row', { name: 'Customer not there yet' }).waitFor()
        await page.getByRole('row', { name: 'No customer joined' }).waitFor()
      },
    ))

  it('opens a session on a click and shows the list again on the way back', () =>
    lab.use({ state: { ...MIXED, goTo: { seq: 1, place: at(lsidOf(4)) } } }, async ({ page }) => {
      await page.getByRole('heading', { name: 'Mine old' }).waitFor()
      assert.equal(await page.getByRole('grid', { name: 'Sessions' }).isVisible(), false)
      await page.getByRole('button', { name: 'Back' }).click()
      await page.getByRole('row', { name: 'Long wait' }).click()
      await page.getByRole('heading', { name: 'Long wait' }).waitFor()
    }))
})
