/** Backups of the journal: listed, made, and restored only after a question. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Backup, Reply } from '../../preload/contract.ts'
import { createLab, until, type Answer, type Lab } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { ago, state } from './states.ts'

let lab: Lab

const backup = (minutes: number): Backup => ({
  name: `journal-${minutes}.db`,
  at: ago(minutes),
  bytes: 1_500_000,
})

function answers(backups: Backup[], more: Answer = () => undefined): Answer {
  return (command): Reply | undefined | Promise<Reply | undefined> => {
    if (command.type === 'journal.backups') return { ok: true, value: backups }
    if (command.type === 'journal.backup') {
      const made = backup(0)
      backups.unshift(made)
      return { ok: true, value: made }
    }
    if (command.type === 'journal.restore') return { ok: true, value: { events: 1_204, known: 12, quarantined: 0 } }
    return more(command)
  }
}

describe('backups', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  const settings = () => state({ goTo: { seq: 1, place: { view: 'settings' } } })

  it('makes one, lists it, and says how large it is', async () => {
    const window = await lab.open({ state: settings(), answer: answers([]) })
    await window.page.getByRole('button', { name: 'Back up now' }).press('Enter')
    await window.page.getByText('Backed up: 1.5 MB.').waitFor()
    assert.equal(await window.page.getByRole('button', { name: /^Restore Monday/ }).count(), 1)
    await window.close()
  })

  it('restores after a question, and says what that brought; “Leave it” asks for nothing', async () => {
    const window = await lab.open({ state: settings(), answer: answers([backup(90), backup(2_000)]) })
    const { page } = window
    await page
      .getByRole('button', { name: /^Restore/ })
      .first()
      .press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Leave it' }).press('Enter')
    assert.equal(window.asked('journal.restore').length, 0)
    await page
      .getByRole('button', { name: /^Restore/ })
      .first()
      .press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).press('Enter')
    await until(() => window.asked('journal.restore').length === 1, 'it is asked for')
    assert.deepEqual(window.asked('journal.restore'), [{ type: 'journal.restore', name: 'journal-90.db' }])
    await page.getByText('1,204 events added, 12 were there already.').waitFor()
    await window.close()
  })

  it('says why one cannot be made', async () => {
    const refusal = (): Reply => ({ ok: false, message: 'The disk is full.' })
    const answer: Answer = (command) => (command.type === 'journal.backup' ? refusal() : answers([])(command))
    const window = await lab.open({ state: settings(), answer })
    await window.page.getByRole('button', { name: 'Back up now' }).click()
    await window.page.getByText('The disk is full.').waitFor()
    await window.close()
  })

  it('fits into a narrow window in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const options = {
        state: settings(),
        answer: answers([backup(90), backup(200_000)]),
        colorScheme,
        viewport: { width: 320, height: 480 },
      }
      const window = await lab.open(options)
      await window.page
        .getByRole('button', { name: /^Restore/ })
        .first()
        .scrollIntoViewIfNeeded()
      assert.deepEqual(await overflow(window.page), [])
      assert.deepEqual(await faint(window.page), [])
      await window.close()
    }
  })
})
