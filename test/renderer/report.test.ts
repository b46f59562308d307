/** What the appliance has kept of a session: asked for when it makes sense, and readable whatever is in it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Command, Reply, SessionReport, State } from '../../preload/contract.ts'
import { at, createLab, until, type Answer, type Lab } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { download, happened, report, said } from './report-states.ts'
import { ago, details, goTo, hit, NOW, session, SETTINGS, state } from './states.ts'

let lab: Lab

const LIVE = session(4, { customer: 'Priya Natarajan' })
const OVER = session(10, { customer: 'Elena Petrova', status: 'ended', endedAt: ago(9) })

/** The window at a session. */
function open(row: typeof LIVE, over: Partial<State> = {}): State {
  return state({ sessions: [LIVE, OVER], goTo: goTo(1, at(row.lsid)), ...over })
}

/** Main that knows the events, and answers questions for reports like this. */
function give(reported: (command: Extract<Command, { type: 'report.get' }>) => Reply | Promise<Reply>): Answer {
  return (command) => {
    if (command.type === 'report.get') return reported(command)
    if (command.type !== 'session.get') return undefined
    const row = [LIVE, OVER].find(({ lsid }) => lsid === command.lsid)
    return { ok: true, value: row === undefined ? null : details(row) }
  }
}

function found(value: SessionReport | null): Answer {
  return give(() => ({ ok: true, value }))
}

describe('the appliance’s report', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('is there by itself for what has ended, with all that was said, sent, answered and recorded', () =>
    lab.use({ state: open(OVER), answer: found(report(10)) }, async (window) => {
      const { page } = window
      const part = page.getByRole('region', { name: 'From the appliance' })
      for (const text of [
        'As of 10:42',
        'Nordlicht Energie',
        'KIEL-H4-0117',
        'Windows 11 Enterprise',
        '198.51.100.23',
        'Dana Reyes owner',
        '31 min',
        'Good morning, this is Dana.',
        'to Jonas Weber',
        'HP-UPD-7.3.1-x64.zip 24.1 MB',
        'PrintService.evtx',
        'File Download, Dana Reyes',
        'How satisfied are you with this session?',
        '5 - very',
        'no answer',
        'Knowledge article written',
        'Session recording',
        'Command shell 2',
      ])
        await part.getByText(text, { exact: false }).first().waitFor()
      assert.deepEqual(window.asked('report.get'), [{ type: 'report.get', lsid: OVER.lsid, fresh: false }])
      // Who goes on talking is not named again.
      assert.deepEqual(await part.locator('.chat .said-by strong').allTextContents(), [
        'Elena Petrova',
        'Dana Reyes',
        'Elena Petrova',
        'Dana Reyes',
        'Elena Petrova',
      ])
      assert.equal(await page.getByText('Print Spooler').count(), 0, 'the small print is folded away')
      await page.getByText('Everything else in the report 5').click()
      await page.getByText('Print Spooler: Running').waitFor()
      await part.getByRole('button', { name: 'Ask again' }).click()
      await until(() => window.asked('report.get').length === 2, 'it is asked for again')
      assert.equal(window.asked('report.get')[1]?.fresh, true)
    }))

  it('is asked for by a button while the session goes on, and by itself when that ends', () =>
    lab.use({ state: open(LIVE), answer: found(report(4, { endedAt: null })) }, async (window) => {
      const { page } = window
      await page.getByText('Key set').waitFor()
      assert.equal(window.asked('report.get').length, 0)
      window.answer(found(null))
      await page.getByRole('button', { name: 'Ask for the report' }).press('Enter')
      await page.getByText('It follows a moment after what happens').waitFor()
      window.answer(found(report(4, { endedAt: null })))
      await page.getByRole('button', { name: 'Ask again' }).press('Enter')
      await page.getByText('Good morning, this is Dana.').waitFor()
      const ended = { ...LIVE, status: 'ended' as const, endedAt: NOW, revision: 99 }
      await window.push({ ...open(LIVE), sessions: [ended, OVER] })
      await until(() => window.asked('report.get').length === 3, 'the end is a reason to ask again')
      await window.push({ ...open(LIVE), sessions: [{ ...ended, revision: 100 }, OVER] })
      assert.equal(window.asked('report.get').length, 3, 'a survey is none')
    }))

  it('is asked for again after 5, 15 and 45 seconds when there is none just after the end', () => {
    const just = { ...OVER, endedAt: NOW - 1000 }
    const shown = { ...open(OVER), sessions: [just] }
    return lab.use({ state: shown, answer: found(null), clockRuns: true }, async (window) => {
      const { page } = window
      const row = { ...just, endedAt: await page.evaluate(() => Date.now() - 1000) }
      await window.push({ ...shown, sessions: [row] })
      await page.getByText('asked for again by itself').waitFor()
      for (const [asked, wait] of [
        [2, 5],
        [3, 15],
        [4, 45],
      ] as const) {
        await page.clock.fastForward(wait * 1000 + 50)
        await until(() => window.asked('report.get').length === asked, `asked after ${wait} s`)
        await page.locator('.report:not([aria-busy=true])').waitFor()
      }
      await page.getByText('has no report of this session').waitFor()
      await page.getByRole('button', { name: 'Ask again' }).waitFor()
    })
  })

  it('is asked for again when it does not know yet that the session has ended', () => {
    const answers = [
      report(10, { endedAt: null, publicSite: 'before the end' }),
      report(10, { publicSite: 'after it' }),
    ]
    const answer = give(() => ({ ok: true, value: answers.shift() ?? null }))
    return lab.use({ state: state(), answer, clockRuns: true }, async (window) => {
      const { page } = window
      const endedAt = await page.evaluate(() => Date.now() - 1000)
      await window.push({ ...open(OVER), sessions: [{ ...OVER, endedAt }] })
      await page.getByText('before the end').waitFor()
      await page.clock.fastForward(5050)
      await page.getByText('after it').waitFor()
      await page.getByRole('button', { name: 'Ask again' }).waitFor()
      await page.clock.fastForward(100_000)
      assert.equal(window.asked('report.get').length, 2, 'now it is complete')
    })
  })

  it('says why it cannot be had, and is there by itself as soon as it can', () => {
    const unset = { ...state().appliance, status: 'unset' as const }
    const cannot: Answer = give(() => ({ ok: false, message: 'The appliance cannot be asked.' }))
    return lab.use({ state: open(OVER, { appliance: unset }), answer: cannot }, async (window) => {
      const { page } = window
      const part = page.getByRole('region', { name: 'From the appliance' })
      await part.getByText('The appliance’s API is not set up.').waitFor()
      await part.getByRole('button', { name: 'Open settings' }).waitFor()
      assert.equal(window.asked('report.get').length, 1, 'what is kept here could have been had')
      await window.push(open(OVER))
      await part.getByText('The appliance cannot be asked.').waitFor()
      window.answer(found(report(10)))
      await part.getByRole('button', { name: 'Try again' }).click()
      await part.getByText('It prints again').waitFor()
      // What was there stays when a later question fails.
      window.answer(cannot)
      await part.getByRole('button', { name: 'Ask again' }).click()
      await part.getByText('The appliance cannot be asked.').waitFor()
      assert.equal(await part.getByText('It prints again').count(), 1)
    })
  })

  it('does not let a slow answer replace a later one', () => {
    const waiting: ((reply: Reply) => void)[] = []
    const slow = give(() => new Promise<Reply>((resolve) => waiting.push(resolve)))
    const unset = { ...state().appliance, status: 'unset' as const }
    return lab.use({ state: open(OVER, { appliance: unset }), answer: slow }, async (window) => {
      await until(() => waiting.length === 1, 'it is asked for')
      await window.push(open(OVER))
      await until(() => waiting.length === 2, 'and again')
      waiting[1]?.({ ok: true, value: report(10, { publicSite: 'the later' }) })
      await window.page.getByText('the later').waitFor()
      waiting[0]?.({ ok: true, value: report(10, { publicSite: 'the earlier' }) })
      await window.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))))
      assert.equal(await window.page.getByText('the earlier').count(), 0)
    })
  })

  it('writes the date only where it is not that of the session', () => {
    const day = 24 * 60
    const entries = [said(2 * day, 'Elena Petrova', 'first'), said(2 * day - 30 * 60, 'Elena Petrova', 'the next day')]
    const value = report(10, { startedAt: ago(2 * day + 1), entries, surveys: [] })
    return lab.use({ state: open(OVER), answer: found(value) }, async ({ page }) => {
      await page.getByText('the next day').waitFor()
      assert.deepEqual(await page.locator('.chat .time').allTextContents(), ['10:42:00', '22 Nov, 16:42:00'])
    })
  })

  it('is most of what is known of a session without events', () => {
    const hits: Answer = (command) => {
      if (command.type === 'lookup.search') return { ok: true, value: [hit(31, { customer: 'Elena Petrova' })] }
      return found(report(31))(command)
    }
    return lab.use({ state: state(), answer: hits }, async ({ page }) => {
      await page.keyboard.press('Control+4')
      await page.keyboard.type('INC')
      await page.getByRole('row').click()
      await page.getByText('No event of this session came in here').waitFor()
      await page.getByText('Good morning, this is Dana.').waitFor()
      await page.getByText('Print Spooler: Running').waitFor()
      await page.getByRole('button', { name: 'Copy external key INC0010031' }).waitFor()
      assert.equal(await page.getByRole('button', { name: 'Edit external key' }).count(), 0)
      await page.getByRole('button', { name: 'Web report' }).waitFor()
    })
  })

  it('tells of a session that neither the journal nor the lookup has', () => {
    const elsewhere = state({ goTo: goTo(1, at('long-ago')) })
    return lab.use({ state: elsewhere, answer: found(report(1, { lsid: 'long-ago' })) }, async ({ page }) => {
      await page.getByRole('heading', { name: 'This session is not in the journal' }).waitFor()
      const facts = page.locator('.report-parts > .facts')
      await facts.getByText('INC0010001').waitFor()
      await facts.getByText('10:01').waitFor()
    })
  })

  it('stays quick and readable with thousands of messages, some of them long', () => {
    const long = `start ${'x'.repeat(100_000)} end`
    const entries = Array.from({ length: 2000 }, (_, index) =>
      said(60 - index / 60, index % 2 === 0 ? 'Elena Petrova' : 'Dana Reyes', index === 1 ? long : `message ${index}`),
    )
    const value = report(10, { entries, entriesDropped: 312 })
    return lab.use({ state: open(OVER), answer: found(value) }, async ({ page }) => {
      const chat = page.locator('.chat > li')
      await page.getByText('message 2', { exact: true }).waitFor()
      assert.equal(await chat.count(), 60)
      assert.ok(((await chat.nth(1).textContent()) ?? '').length < 1000)
      await chat.nth(1).getByRole('button', { name: 'Show all of it' }).press('Enter')
      assert.ok(((await chat.nth(1).textContent()) ?? '').endsWith('end'))
      const focusInChat = () => page.evaluate(() => document.activeElement?.closest('.chat') !== null)
      assert.equal(await focusInChat(), true)
      await page.getByRole('button', { name: 'Show 240 of 1,940 more' }).press('Enter')
      assert.equal(await chat.count(), 300)
      assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? '', /message 60$/)
      for (let left = 1700; left > 0; left -= 240) await page.getByRole('button', { name: /^Show .* more$/ }).press(' ')
      assert.equal(await chat.count(), 2000)
      assert.equal(await focusInChat(), true)
      await page.getByText('312 later entries of the report are left out').waitFor()
    })
  })

  it('takes what was written for text, in its own direction, within 320 px, legibly', async () => {
    const html = '<img src=x onerror="fakeFault(1)"><b>bold</b>'
    const turned = '\u202Eyad dog'
    const wide = 'Ŵ'.repeat(5000)
    const hebrew = 'שלום, המדפסת לא עובדת'
    const value = report(10, {
      publicSite: wide,
      teams: [html, wide],
      customers: [
        { name: turned, company: wide, computer: html, system: wide, address: wide, details: `${html}\n${wide}` },
      ],
      representatives: [{ name: wide, owner: true, seconds: 1e9 }],
      entries: [
        said(9, html, `${html} ${wide}`, { to: wide }),
        said(8, turned, 'Last'),
        said(7, null, hebrew, { at: null }),
        happened(6, wide, {
          by: wide,
          files: [
            { name: `${turned}.exe`, bytes: 1e15 },
            { name: wide, bytes: 3 },
          ],
        }),
        happened(5, html, { by: wide, to: turned, text: wide }),
      ],
      surveys: [{ by: 'customer', at: null, name: wide, questions: [{ question: wide, answers: [html, wide] }] }],
    })
    const downloads = [download(10, { status: 'failed', message: wide }), download(7, { file: wide, totalBytes: null })]
    const hostile = open(OVER, { downloads, settings: { ...SETTINGS, 'ticket.url': 'https://t.example/{key}' } })
    for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { forcedColors: 'active' }] as const) {
      const viewport = { width: 320, height: 640 }
      await lab.use({ ...options, state: hostile, answer: found(value), viewport }, async ({ page }) => {
        await page.getByText('Everything else').click()
        assert.deepEqual(await overflow(page), [])
        assert.equal(await page.locator('.report img, .report b').count(), 0)
        if (!('forcedColors' in options)) assert.deepEqual(await faint(page), [])
        const pane = await page.locator('.session').evaluate((one) => [one.scrollWidth, one.clientWidth])
        assert.equal(pane[0], pane[1])
        const aligned = await page
          .locator('.said .long-text')
          .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction))
        assert.deepEqual(aligned, ['ltr', 'ltr', 'rtl'])
      })
    }
  })

  it('moves nothing where motion is unwanted, and scrolls nothing but its pane', () =>
    lab.use({ state: open(OVER), answer: found(report(10)), reducedMotion: 'reduce' }, async ({ page }) => {
      await page.getByText('It prints again').waitFor()
      const moving = await page
        .locator('.session *')
        .evaluateAll((all) => all.filter((one) => getComputedStyle(one).animationName !== 'none').length)
      assert.equal(moving, 0)
      await page.getByText('It prints again').evaluate((element) => element.scrollIntoView())
      assert.equal(await page.evaluate(() => document.scrollingElement?.scrollTop), 0)
      assert.equal(await page.getByRole('navigation').evaluate((element) => element.getBoundingClientRect().top), 0)
    }))
})
