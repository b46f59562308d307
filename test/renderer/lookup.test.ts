/** The lookup: found while typing, asked of the appliance by Enter, and told what stands in the way. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { Reply } from '../../preload/contract.ts'
import { createLab, until, type Answer, type Lab } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { hit, lookup, state } from './states.ts'

let lab: Lab

const READY = state().appliance
const FIELD = 'Ticket, session ID, customer or computer'

/** Answers every search with these. */
function finding(...hits: readonly ReturnType<typeof hit>[]): Answer {
  return (command): Reply | undefined => (command.type === 'lookup.search' ? { ok: true, value: hits } : undefined)
}

async function customers(page: Page): Promise<readonly string[]> {
  return page.locator('.lookup .session-customer .name').allInnerTexts()
}

describe('lookup', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('is a field that has the focus, and finds while one types, once for a word', () =>
    lab.use(
      { answer: finding(hit(1), hit(2, { match: 'prefix', endedAt: null }), hit(3, { match: 'words' })) },
      async (window) => {
        const { page } = window
        await page.keyboard.press('Control+4')
        await page.getByRole('heading', { name: 'Find a session' }).waitFor()
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), FIELD)
        await page.keyboard.type('INC001')
        await page.getByText('3 sessions known here').waitFor()
        assert.deepEqual(
          await customers(page),
          ['Customer 1', 'Customer 2', 'Customer 3'],
          'in the order that main gave',
        )
        assert.deepEqual(await page.locator('.hit-match').allInnerTexts(), [
          'exact',
          'starts with it',
          'has these words',
        ])
        const row = page.getByRole('row', { name: 'Customer 1' })
        await row.getByText('PC-1').waitFor()
        await row.getByText('21 Nov, 08:41 – 09:11').waitFor()
        await row.getByRole('button', { name: 'Copy external key INC0010001' }).waitFor()
        assert.equal(window.asked('lookup.search').at(-1)?.query, 'INC001')
        assert.ok(window.asked('lookup.search').length < 6, 'not for each letter')
        assert.equal(window.asked('lookup.start').length, 0)
      },
    ))

  it('drops an answer that a later question has overtaken', () => {
    const waiting = new Map<string, (reply: Reply) => void>()
    const slow: Answer = (command) =>
      command.type === 'lookup.search' ? new Promise<Reply>((done) => waiting.set(command.query, done)) : undefined
    return lab.use({ answer: slow }, async ({ page }) => {
      await page.keyboard.press('Control+4')
      await page.keyboard.type('a')
      await until(() => waiting.has('a'), 'the first is asked')
      await page.keyboard.type('b')
      await until(() => waiting.has('ab'), 'the second is asked')
      waiting.get('ab')?.({ ok: true, value: [hit(2)] })
      await page.getByRole('row', { name: 'Customer 2' }).waitFor()
      waiting.get('a')?.({ ok: true, value: [hit(1)] })
      await page.evaluate(() => new Promise((done) => setTimeout(done, 60)))
      assert.deepEqual(await customers(page), ['Customer 2'])
    })
  })

  it('opens a hit by keyboard, and comes back to what was found', () =>
    lab.use({ answer: finding(hit(1), hit(2)) }, async ({ page }) => {
      await page.keyboard.press('Control+4')
      await page.keyboard.type('customer')
      await page.getByRole('row', { name: 'Customer 2' }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Customer 2' }).waitFor()
      await page.getByText('No event of this session came in here').waitFor()
      await page.locator('.session').getByText('PC-2').waitFor()
      assert.equal(await page.getByText('This session is not in the journal').count(), 0)
      await page.keyboard.press('Escape')
      await page.getByRole('row', { name: 'Customer 2' }).waitFor()
      assert.equal(await page.getByRole('searchbox').inputValue(), 'customer')
    }))

  it('asks the appliance by Enter, shows how far it is, and is cancelled by Escape', () =>
    lab.use({ answer: finding(hit(1)) }, async (window) => {
      const { page } = window
      await page.keyboard.press('Control+4')
      await page.keyboard.type(' PC-9 ')
      await page.keyboard.press('Enter')
      await until(() => window.asked('lookup.start').length === 1, 'the appliance is asked')
      assert.equal(window.asked('lookup.start')[0]?.query, 'PC-9')
      await window.push(state({ lookup: lookup('PC-9', { hits: [hit(7), hit(8)] }) }))
      await page.getByText('Asking the appliance: 3 of 13 days').waitFor()
      assert.deepEqual(
        await customers(page),
        ['Customer 7', 'Customer 8'],
        'these hits take the place of the local ones',
      )
      assert.equal(await page.getByRole('progressbar').getAttribute('value'), '3')
      await page.keyboard.press('Escape')
      await until(() => window.asked('lookup.cancel').length === 1, 'it is cancelled')
      assert.equal(await page.getByRole('searchbox').inputValue(), ' PC-9 ', 'the field is not emptied by that')
      await window.push(state({ lookup: lookup('PC-9', { status: 'cancelled', hits: [hit(7)] }) }))
      await page.getByText('Cancelled').waitFor()
      await window.push(state({ lookup: lookup('PC-9', { status: 'done', done: 13, hits: [hit(7)] }) }))
      await page.getByText('1 session found').waitFor()
      await window.push(state({ lookup: lookup('PC-9', { status: 'done', done: 13, hits: [] }) }))
      await page.getByText('The appliance lists sessions by ticket and session ID.').waitFor()
      await page.keyboard.press('End')
      await page.keyboard.type('9')
      await page.getByRole('row', { name: 'Customer 1' }).waitFor()
      assert.deepEqual(await customers(page), ['Customer 1'], 'another question has its own answer')
    }))

  it('says why it failed, and can be asked again', () =>
    lab.use(
      { state: state({ lookup: lookup('x', { status: 'failed', message: 'The appliance did not answer.' }) }) },
      async (window) => {
        const { page } = window
        await page.keyboard.press('Control+4')
        await page.keyboard.type('x')
        await page.getByText('The appliance did not answer.').waitFor()
        await page.getByRole('button', { name: 'Ask again' }).click()
        await until(() => window.asked('lookup.start').length === 1, 'it is asked again')
        window.answer((command) =>
          command.type === 'lookup.search' ? { ok: false, message: 'The journal is locked.' } : undefined,
        )
        await page.getByRole('searchbox').fill('y')
        await page.getByText('The journal is locked.').waitFor()
      },
    ))

  it('says why the appliance cannot be asked, and searches what is known here all the same', async () => {
    const cases = [
      [{ ...READY, status: 'unset' }, 'The appliance’s API is not set up.'],
      [
        { ...READY, status: 'failed', problem: { title: 'The password is wrong.', detail: '' } },
        'The password is wrong.',
      ],
      [
        { ...READY, cannot: { lookup: 'The API account may not read reports.' } },
        'The API account may not read reports.',
      ],
    ] as const
    for (const [appliance, words] of cases) {
      await lab.use({ state: state({ appliance }), answer: finding(hit(1)) }, async (window) => {
        const { page } = window
        await page.keyboard.press('Control+4')
        await page.getByText(words).waitFor()
        await page.keyboard.type('inc')
        await page.getByRole('row', { name: 'Customer 1' }).waitFor()
        await page.keyboard.press('Enter')
        assert.equal(await page.getByRole('button', { name: 'Ask the appliance' }).isDisabled(), true)
        assert.equal(window.asked('lookup.start').length, 0)
        await page.getByRole('button', { name: 'Open settings' }).click()
        await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
      })
    }
  })

  it('holds hostile hits within a narrow window, legibly in both themes', async () => {
    const wide = 'Ŵ'.repeat(300)
    const hits = [
      hit(1, { customer: wide, computer: wide, externalKey: wide }),
      hit(2, { customer: null, computer: null, externalKey: null, startedAt: null, endedAt: null }),
      hit(3, { startedAt: null }),
    ]
    for (const colorScheme of ['light', 'dark'] as const) {
      const appliance = { ...READY, cannot: { lookup: wide } }
      const narrow = { width: 320, height: 640 }
      await lab.use(
        { colorScheme, viewport: narrow, state: state({ appliance }), answer: finding(...hits) },
        async ({ page }) => {
          await page.keyboard.press('Control+4')
          await page.keyboard.type('x')
          await page.getByText('Customer unknown').waitFor()
          assert.deepEqual(await overflow(page), [])
          assert.deepEqual(await faint(page), [])
          await page.getByRole('row').first().click()
          await page.getByText('No event of this session came in here').waitFor()
          assert.deepEqual(await overflow(page), [])
        },
      )
    }
  })
})
