/** What a rep does with what the appliance has kept: watches, downloads, copies and opens it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Command, Reply, State } from '../../preload/contract.ts'
import { at, createLab, until, type Lab } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { download, report } from './report-states.ts'
import { ago, details, goTo, session, SETTINGS, state } from './states.ts'

let lab: Lab

const OVER = session(10, { customer: 'Elena Petrova', status: 'ended', endedAt: ago(9) })

function open(over: Partial<State> = {}): State {
  return state({ sessions: [OVER], goTo: goTo(1, at(OVER.lsid)), ...over })
}

function answer(command: Command): Reply | undefined {
  if (command.type === 'session.get') return { ok: true, value: details(OVER) }
  return command.type === 'report.get' ? { ok: true, value: report(10) } : undefined
}

describe('recordings', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('are watched and downloaded one by one', () =>
    lab.use({ state: open(), answer }, async (window) => {
      const { page } = window
      await page.getByRole('button', { name: 'Watch Command shell 1' }).press('Enter')
      await until(() => window.asked('report.open').length === 1, 'its page is opened')
      assert.deepEqual(window.asked('report.open'), [
        { type: 'report.open', lsid: OVER.lsid, page: 'commandShell', instance: 0 },
      ])
      assert.equal(await page.getByRole('button', { name: 'Watch Command shell 2' }).count(), 0)
      const button = page.getByRole('button', { name: 'Download Session recording' })
      await button.press('Enter')
      await until(() => window.asked('recording.download').length === 1, 'it is downloaded')
      assert.deepEqual(window.asked('recording.download'), [
        { type: 'recording.download', lsid: OVER.lsid, kind: 'session', instance: null },
      ])
      await window.push(open({ downloads: [download(10)] }))
      assert.equal(await button.evaluate((element) => element === document.activeElement), true)
      await button.press('Enter')
      await page.getByRole('alert').getByText('on its way already').waitFor()
      assert.equal(window.asked('recording.download').length, 1)
      await window.push(
        open({ downloads: [download(10), download(10, { id: 11, kind: 'commandShell', instance: 0 })] }),
      )
      const marked = page.locator('.recording', { hasText: '12.4 MB of 40.1 MB' })
      await until(async () => (await marked.count()) === 2, 'each is marked by its own download')
      assert.equal(await marked.filter({ hasText: 'Command shell 2' }).count(), 0)
    }))

  it('say why they cannot be downloaded, within reach of the keyboard', () => {
    const appliance = { ...state().appliance, cannot: { recordings: 'The API account may not read recordings.' } }
    return lab.use({ state: open({ appliance }), answer }, async (window) => {
      const button = window.page.getByRole('button', { name: 'Download Session recording' })
      assert.equal(await button.getAttribute('aria-disabled'), 'true')
      assert.equal(await button.getAttribute('title'), 'The API account may not read recordings.')
      await button.press(' ')
      await window.page.getByRole('alert').getByText('may not read recordings').waitFor()
      assert.equal(window.asked('recording.download').length, 0)
    })
  })

  it('are seen on their way in every view, and ended, found, tried again and put away there', () => {
    const some = [
      download(10),
      download(11, { status: 'done', file: '/home/dana/Downloads/Recording.mp4' }),
      download(12, { kind: 'commandShell', instance: 1, status: 'failed', message: 'The disk is full.' }),
      download(13, { status: 'cancelled' }),
    ]
    return lab.use({ state: state({ sessions: [OVER], downloads: some }) }, async (window) => {
      const { page } = window
      const list = page.getByRole('region', { name: 'Downloads' })
      for (const view of ['1', '2', '3', '4', '5']) {
        await page.keyboard.press(`Control+${view}`)
        await list.getByText('Session recording Elena Petrova').waitFor()
      }
      assert.equal(await list.getByRole('listitem').count(), 2)
      await list.getByText('Recording.mp4').waitFor()
      await list.getByRole('button', { name: 'Show 1 more' }).click()
      await list.getByText('Not downloaded: The disk is full.').waitFor()
      assert.equal(await list.getByRole('listitem').count(), 3, 'who cancelled one knows it')
      const bar = list.getByRole('progressbar', { name: 'Session recording' })
      assert.equal(await bar.evaluate((element) => (element as HTMLProgressElement).position.toFixed(2)), '0.31')
      await list.getByRole('button', { name: 'Show in folder' }).click()
      await list.getByRole('button', { name: 'Try again' }).click()
      await until(() => window.asked('download.dismiss').length === 1, 'another try takes the place of the first')
      await list.getByRole('button', { name: 'Cancel' }).press('Enter')
      await until(() => window.asked('download.cancel').length === 1, 'it is cancelled')
      const here = state({ sessions: [OVER], downloads: some.filter(({ id }) => id !== 10) })
      await window.push(here)
      assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY', 'the line is gone')
      await list.getByRole('button', { name: 'Dismiss' }).first().click()
      await until(() => window.asked('download.dismiss').length === 2, 'it is put away')
      assert.deepEqual(
        window.commands.filter(({ type }) => type.startsWith('download.') || type.startsWith('recording.')),
        [
          { type: 'download.show', id: 11 },
          { type: 'recording.download', lsid: download(12).lsid, kind: 'commandShell', instance: 1 },
          { type: 'download.dismiss', id: 12 },
          { type: 'download.cancel', id: 10 },
          { type: 'download.dismiss', id: 11 },
        ],
      )
    })
  })

  it('say once what became of them, and never how far they are', () =>
    lab.use({ state: state({ sessions: [OVER], downloads: [download(10)] }) }, async ({ page, push }) => {
      const said = page.locator('output.hidden-text[aria-live=polite]')
      await push(state({ sessions: [OVER], downloads: [download(10, { bytes: 30_000_000 })] }))
      assert.equal(await said.textContent(), '')
      await push(state({ sessions: [OVER], downloads: [download(10, { status: 'done', bytes: 40_100_000 })] }))
      await until(
        async () => (await said.textContent()) === 'Session recording: Downloaded: 40.1 MB',
        'a screen reader hears of it',
      )
      assert.equal(await page.locator('.downloads').evaluate((element) => element.closest('[aria-live]')), null)
    }))

  it('leave room for the view, and are legible in both themes', async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      download(index, { status: index % 2 === 0 ? 'running' : 'failed' }),
    )
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width: 320, height: 480 }
      await lab.use({ state: open({ downloads: many }), answer, colorScheme, viewport }, async ({ page }) => {
        await page.getByRole('button', { name: 'Show 28 more' }).click()
        assert.deepEqual(await overflow(page), [])
        assert.deepEqual(await faint(page), [])
        const main = await page.locator('main').evaluate((element) => element.getBoundingClientRect().height)
        assert.ok(main > 150, `${main} px are left`)
      })
    }
  })
})

describe('a session’s actions', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('copy it for the ticket, and show the text where the clipboard is out of reach', () =>
    lab.use({ state: open(), answer }, async (window) => {
      const { page } = window
      await page.getByRole('button', { name: 'Copy for the ticket' }).click()
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      assert.deepEqual(window.asked('session.copy'), [{ type: 'session.copy', lsid: OVER.lsid, what: 'summary' }])
      window.answer((command) =>
        command.type === 'session.copy'
          ? { ok: true, value: { text: 'Ticket: INC1\nChat:', copied: false } }
          : answer(command),
      )
      await page.getByRole('button', { name: /^(Copy for the ticket|Copied)$/ }).click()
      const field = page.getByRole('textbox', { name: 'The summary could not be copied from here.' })
      await field.waitFor()
      assert.equal(await field.inputValue(), 'Ticket: INC1\nChat:', 'with its lines')
      assert.equal(await field.evaluate((element) => element === document.activeElement), true)
    }))

  it('open its ticket where there is a page for tickets, and say what is missing', () =>
    lab.use({ state: open(), answer }, async (window) => {
      const { page } = window
      const button = page.getByRole('button', { name: 'Open ticket' })
      await page.getByRole('button', { name: 'Web report' }).waitFor()
      assert.equal(await button.count(), 0)
      const settings = { ...SETTINGS, 'ticket.url': 'https://tickets.example.com/{key}' }
      await window.push(open({ settings }))
      await button.click()
      await until(() => window.asked('ticket.open').length === 1, 'it is opened')
      await window.push(open({ settings, sessions: [{ ...OVER, externalKey: null }] }))
      await button.press('Enter')
      await page.getByRole('alert').getByText('has no external key').waitFor()
      assert.equal(window.asked('ticket.open').length, 1)
    }))

  it('give the address of a page that cannot be opened from here, and say why another cannot', () =>
    lab.use({ state: open({ shell: 'browser' }), answer }, async (window) => {
      const { page } = window
      const url = 'https://support.example.com/report?lsid=1'
      window.answer((command) =>
        command.type === 'report.open' ? { ok: true, value: { url, opened: false } } : answer(command),
      )
      await page.getByRole('button', { name: 'Web report' }).click()
      const field = page.getByRole('textbox', { name: 'The page could not be opened from here.' })
      assert.equal(await field.inputValue(), url)
      const link = page.getByRole('link', { name: 'Open' })
      assert.deepEqual(
        await link.evaluate((element: HTMLAnchorElement) => [element.href, element.target, element.rel]),
        [url, '_blank', 'noreferrer'],
      )
      window.answer((command) =>
        command.type === 'report.open'
          ? { ok: true, value: { url: 'javascript:alert(1)', opened: false } }
          : answer(command),
      )
      await page.getByRole('button', { name: 'Chat on the web' }).click()
      await until(async () => (await field.inputValue()) === 'javascript:alert(1)', 'it is shown as text')
      assert.equal(await link.count(), 0)
      window.answer((command) =>
        command.type === 'report.open' ? { ok: false, message: 'No such page.' } : answer(command),
      )
      await page.getByRole('button', { name: 'Web report' }).click()
      await page.getByRole('alert').getByText('No such page.').waitFor()
    }))

  it('do not offer what there cannot be', () => {
    const unset = { ...state().appliance, status: 'unset' as const }
    const live = { ...OVER, status: 'active' as const, endedAt: null }
    return lab.use({ state: open({ sessions: [live] }), answer }, async ({ page, push }) => {
      await page.getByRole('button', { name: 'Copy for the ticket' }).waitFor()
      assert.equal(await page.getByRole('button', { name: 'Web report' }).count(), 0, 'not while it goes on')
      await push(open({ appliance: unset }))
      assert.equal(await page.getByRole('button', { name: 'Web report' }).count(), 0, 'not without an appliance')
      await push(open())
      await page.getByRole('button', { name: 'Web report' }).waitFor()
    })
  })
})
