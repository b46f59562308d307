/** A session's details: asked for when needed, never older than what is known, at home beside the board. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Reply, SessionDetails } from '../../preload/contract.ts'
import { at, createLab, until, type Answer, type Lab } from './harness.ts'
import { storyOf } from './monday.ts'
import { ago, details, session, state, TEAM } from './states.ts'

let lab: Lab

const ROW = session(4, { customer: 'Priya Natarajan' })
const OPEN = state({ sessions: [ROW], goTo: { seq: 1, place: at(ROW.lsid) } })

/** Answers every question for details with these. */
function give(value: SessionDetails | null): Answer {
  return (command): Reply | undefined => (command.type === 'session.get' ? { ok: true, value } : undefined)
}

describe('session details', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('shows who, since when, the key, the story and what else came', () =>
    lab.use({ state: OPEN, answer: give(storyOf(OPEN)) }, async (window) => {
      const { page } = window
      await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
      const pane = page.locator('.session')
      for (const text of [
        'Active 12 min',
        'since 10:32',
        'Priya Natarajan, Dana Reyes',
        'Key set: INC0010004',
        'Queue: Network',
        'Owner: Dana Reyes',
        '12 older entries are only in the journal',
        'Representative · jweber · rep:7',
        'joined 10:39, left 10:41',
        'session.custom.asset',
        'Kiel, Haus 4',
      ])
        await pane.getByText(text, { exact: false }).first().waitFor()
      for (const name of ['Timeline', 'Members', 'Owner history', 'Key history', 'Other variables'])
        await pane.getByRole('heading', { name }).waitFor()
      const story = await pane.locator('.timeline-words').allInnerTexts()
      assert.equal(story.at(-1), 'Session started', 'the newest is on top')
      await pane.getByRole('button', { name: 'Copy session ID' }).click()
      await until(() => window.asked('session.copy').length === 1, 'the ID is copied')
      assert.deepEqual(window.asked('session.copy'), [{ type: 'session.copy', lsid: ROW.lsid, what: 'lsid' }])
    }))

  it('asks once, and again when an event has touched the session, and only then', () =>
    lab.use({ state: OPEN, answer: give(details(ROW)) }, async (window) => {
      await window.page.getByText('Key set').waitFor()
      const first = window.asked('session.get').length
      await window.push({ ...OPEN, alerts: [], health: { ...OPEN.health, stored: 9999 } })
      assert.equal(window.asked('session.get').length, first)
      const touched = { ...ROW, revision: ROW.revision + 1, externalKey: 'INC0099999' }
      window.answer(give(details(touched)))
      await window.push({ ...OPEN, sessions: [touched] })
      await window.page.getByText('Key set: INC0099999').waitFor()
      assert.equal(window.asked('session.get').length, first + 1)
    }))

  it('does not let a slow answer replace a later one', () => {
    const waiting: ((reply: Reply) => void)[] = []
    const slow: Answer = (command) =>
      command.type === 'session.get' ? new Promise<Reply>((resolve) => waiting.push(resolve)) : undefined
    return lab.use({ state: OPEN, answer: slow }, async (window) => {
      await until(() => waiting.length === 1, 'details are asked for')
      const next = { ...ROW, revision: ROW.revision + 1 }
      await window.push({ ...OPEN, sessions: [next] })
      await until(() => waiting.length === 2, 'and asked for again')
      waiting[1]?.({ ok: true, value: details(next, { variables: { which: 'the later' } }) })
      await window.page.getByText('the later').waitFor()
      waiting[0]?.({ ok: true, value: details(ROW, { variables: { which: 'the earlier' } }) })
      await window.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))))
      assert.equal(await window.page.getByText('the earlier').count(), 0)
    })
  })

  it('shows a session that the board no longer has', () => {
    const gone = details(
      session(77, { status: 'ended', endedAt: ago(600), startedAt: ago(630), customer: 'Long Gone' }),
    )
    const elsewhere = { ...OPEN, goTo: { seq: 2, place: at(gone.lsid) } }
    return lab.use({ state: elsewhere, answer: give(gone) }, async ({ page }) => {
      await page.getByRole('heading', { name: 'Long Gone' }).waitFor()
      await page.getByText('lasted 30 min').waitFor()
      await page.getByRole('heading', { name: 'Exit surveys' }).waitFor()
      assert.equal(await page.getByText('not yet').count(), 2)
    })
  })

  it('says when there is no such session, and when the question failed, and tries again', () =>
    lab.use({ state: { ...OPEN, sessions: [] }, answer: give(null) }, async (window) => {
      const { page } = window
      await page.getByRole('heading', { name: 'This session is not in the journal' }).waitFor()
      window.answer((command) =>
        command.type === 'session.get' ? { ok: false, message: 'The journal cannot be read.' } : undefined,
      )
      await window.push({ ...OPEN, sessions: [ROW] })
      await page.getByText('The journal cannot be read.').waitFor()
      window.answer(give(details(ROW)))
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByText('Key set').waitFor()
    }))

  it('asks again when main is back', () =>
    lab.use({ state: OPEN, answer: give(details(ROW)) }, async (window) => {
      await window.page.getByText('Key set').waitFor()
      const earlier = window.asked('session.get').length
      await window.link(false)
      await window.link(true)
      await until(() => window.asked('session.get').length === earlier + 1, 'details are asked for again')
    }))

  it('stands beside the board in a wide window, and follows the row that is chosen', () => {
    const wide = state({ sessions: [ROW, session(5, { customer: 'Luis Ortega', status: 'waiting', owner: TEAM })] })
    return lab.use({ state: wide, viewport: { width: 1100, height: 720 } }, async (window) => {
      const { page } = window
      window.answer((command) => {
        const row = wide.sessions.find((one) => command.type === 'session.get' && one.lsid === command.lsid)
        return row === undefined ? undefined : { ok: true, value: details(row) }
      })
      await page.getByRole('heading', { name: 'No session chosen' }).waitFor()
      await page.getByRole('row', { name: 'Luis Ortega' }).click()
      await page.getByRole('heading', { name: 'Luis Ortega' }).waitFor()
      assert.equal(await page.getByRole('grid', { name: 'Sessions' }).isVisible(), true)
      assert.equal(await page.getByRole('row', { name: 'Luis Ortega' }).getAttribute('aria-selected'), 'true')
      await page.getByRole('row', { name: 'Priya Natarajan' }).click()
      await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
      await page.setViewportSize({ width: 420, height: 640 })
      await page.getByRole('button', { name: 'Back' }).waitFor()
      assert.equal(await page.getByRole('grid', { name: 'Sessions' }).isVisible(), false)
    })
  })
})
