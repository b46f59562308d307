/** What surrounds the views: health, problems, the link to main, where main sends the window, quiet, permission. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, createLab, until, type Lab } from './harness.ts'
import { monday, PROBLEMS } from './monday.ts'
import { ago, alert, details, goTo, lsidOf, session, settingInfo, SETTINGS, state } from './states.ts'

let lab: Lab
const CALM = state({ sessions: [session(1)] })

describe('frame', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('always says where it listens, when the last event came, and how many problems there are', () =>
    lab.use({ state: CALM }, async ({ page, ...window }) => {
      const line = page.getByRole('contentinfo').getByRole('button')
      assert.equal((await line.innerText()).replaceAll(/\s+/g, ' '), 'Listening on 127.0.0.1:8180 Last event 2 min ago')
      const two = ['192.0.2.4:8180', '[2001:db8::4]:8180']
      const listener = { status: 'listening' as const, addresses: two, retryAt: null, certificate: null }
      await window.push({ ...CALM, problems: PROBLEMS, health: { ...CALM.health, listener, lastEventAt: null } })
      assert.equal(
        (await line.innerText()).replaceAll(/\s+/g, ' '),
        'Listening on 192.0.2.4:8180 +1 No event yet 2 problems',
      )
    }))

  it('expands to the problems with their details, dismisses those it may, and tries to listen again', () => {
    const listener = { status: 'failed' as const, addresses: [], retryAt: ago(-1), certificate: null }
    const failed = state({ problems: PROBLEMS, health: { ...CALM.health, listener, catchingUp: true } })
    return lab.use({ state: failed }, async (window) => {
      const { page } = window
      const line = page.getByRole('button', { name: 'Not listening' })
      await line.click()
      const panel = page.getByRole('region', { name: 'Health details' })
      for (const problem of PROBLEMS) {
        await panel.getByRole('heading', { name: problem.title }).waitFor()
        await panel.getByText(problem.detail).waitFor()
      }
      await panel.getByText('Next try at 10:43:00').waitFor()
      await panel.getByText('1,204 stored · 3 repeated · 0 set aside as no event').waitFor()
      await panel.getByText('Catching up').waitFor()
      assert.equal(await panel.getByRole('button', { name: 'Dismiss' }).count(), 1)
      await panel.getByRole('button', { name: 'Dismiss' }).click()
      await panel.getByRole('button', { name: 'Try again now' }).click()
      await until(() => window.asked('listener.retry').length === 1, 'another try is asked for')
      assert.deepEqual(window.asked('problem.dismiss'), [{ type: 'problem.dismiss', id: 'event.quarantined' }])
      await page.keyboard.press('Escape')
      await panel.waitFor({ state: 'detached' })
      assert.equal(await line.evaluate((element) => element === document.activeElement), true)
      await window.push(state())
      await page.getByRole('button', { name: 'Listening on' }).click()
      await page.getByRole('heading', { name: 'No problems' }).waitFor()
    })
  })

  it('says that main is out of reach until it is back', () =>
    lab.use({ state: CALM }, async ({ page, link }) => {
      await link(false)
      await page.getByRole('alert').getByText('Connection to Rep Tray lost, trying again').waitFor()
      assert.equal(await page.getByRole('row', { name: 'Customer 1' }).isVisible(), true)
      await link(true)
      await page.getByText('Connection to Rep Tray lost').waitFor({ state: 'detached' })
    }))

  it('waits for the first State, and says so when main is out of reach meanwhile', () =>
    lab.use({ state: null }, async ({ page, push, link }) => {
      await page.getByText('Connecting to Rep Tray').waitFor()
      await link(false)
      await page.getByRole('alert').waitFor()
      await link(true)
      await push(CALM)
      await page.getByRole('row', { name: 'Customer 1' }).waitFor()
    }))

  it('goes where main sends it, once for each wish', () => {
    const rows = [session(1), session(2)]
    const there = (seq: number, number: number) => state({ sessions: rows, goTo: goTo(seq, at(lsidOf(number))) })
    return lab.use({ state: there(7, 1) }, async (window) => {
      const { page, push } = window
      window.answer((command) =>
        command.type === 'session.get'
          ? { ok: true, value: details(rows.find(({ lsid }) => lsid === command.lsid) ?? session(9)) }
          : undefined,
      )
      await page.getByRole('heading', { name: 'Customer 1' }).waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'session-title')
      await page.getByRole('button', { name: 'Settings' }).click()
      await push({ ...there(7, 1), alerts: [alert(1, { read: true })] })
      assert.equal(await page.getByRole('heading', { name: 'Settings', level: 1 }).isVisible(), true)
      await push(there(8, 2))
      await page.getByRole('heading', { name: 'Customer 2' }).waitFor()
      await page.getByRole('button', { name: 'Back' }).click()
      assert.equal(await page.getByRole('heading', { name: 'Settings', level: 1 }).isVisible(), true)
      await push(state({ goTo: goTo(9, { view: 'alerts' }) }))
      await page.getByRole('heading', { name: 'No alerts yet' }).waitFor()
    })
  })

  it('offers a way out when it cannot draw', () =>
    lab.use({ state: CALM }, async ({ page, push, forgive }) => {
      forgive(/./)
      await push({ ...CALM, sessions: null as never })
      await page.getByRole('heading', { name: 'The window has stumbled' }).waitFor()
      await page.getByRole('button', { name: 'Load again' }).click()
      await page.getByRole('row', { name: 'Customer 1' }).waitFor()
    }))

  it('switches quiet from the header', () =>
    lab.use({ state: CALM }, async (window) => {
      const { page } = window
      const quiet = page.getByRole('button', { name: 'Quiet' })
      assert.equal(await quiet.getAttribute('aria-pressed'), 'false')
      await quiet.click()
      await until(() => window.asked('settings.set').length === 1, 'quiet is asked for')
      assert.deepEqual(window.asked('settings.set'), [{ type: 'settings.set', key: 'notify.quiet', value: true }])
      await window.push(state({ settings: { ...SETTINGS, 'notify.quiet': true } }))
      assert.equal(await quiet.getAttribute('aria-pressed'), 'true')
      await window.push(state({ settingInfo: settingInfo(['notify.quiet']) }))
      assert.equal(await quiet.isDisabled(), true)
    }))

  it('tells what is new once, and that a newer version waits', async () => {
    const news = { version: '1.1.0', notes: 'Faster lookups.\nFewer clicks.' }
    await lab.use({ state: state({ update: { ready: null, news } }) }, async ({ page, asked, push }) => {
      const banner = page.getByRole('region', { name: 'Notice' })
      await banner.getByText('Rep Tray is now version 1.1.0.').waitFor()
      await banner.getByText('Faster lookups.').waitFor()
      await banner.getByRole('button', { name: 'Close the news' }).click()
      await until(() => asked('news.seen').length === 1, 'it is asked for')
      await push(state({ update: { ready: '1.2.0', news: null } }))
      await banner.getByText(/Rep Tray 1\.2\.0 is installed when you quit/).waitFor()
      assert.equal(await banner.getByRole('button').count(), 1)
    })
  })

  it('asks for the browser’s permission by a click, and says what to do when it is denied', async () => {
    await lab.use({ state: state({ shell: 'browser' }), permission: 'default' }, async ({ page }) => {
      await page.getByText('may not show notifications for Rep Tray yet').waitFor()
      await page.getByRole('button', { name: 'Allow notifications' }).click()
      await page.getByText('may not show notifications').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Settings' }).click()
      await page.getByText('This browser may show notifications.').waitFor()
    })
    await lab.use({ state: state({ shell: 'browser' }), permission: 'denied' }, async ({ page }) => {
      await page.getByText('This browser blocks notifications').waitFor()
      assert.equal(await page.getByRole('button', { name: 'Allow notifications' }).count(), 0)
      await page.getByRole('button', { name: 'Not now' }).click()
      assert.equal(await page.getByText('This browser blocks notifications').count(), 0)
    })
  })

  it('tells a screen reader of new alerts in one sentence, not of those that were there', () =>
    lab.use({ state: state({ alerts: [alert(1)] }), clockRuns: true }, async ({ page, push }) => {
      const live = page.locator('output[aria-live]')
      assert.equal(await live.count(), 1)
      await push(state({ alerts: [alert(2, { title: 'Two', body: 'B2' }), alert(1)] }))
      await push(
        state({
          alerts: [
            alert(4, { title: 'Silent', popup: false }),
            alert(3, { title: 'Three', body: 'B3' }),
            alert(2, { title: 'Two', body: 'B2' }),
            alert(1),
          ],
        }),
      )
      assert.equal(await live.innerText(), '')
      await page.clock.fastForward(1000)
      await until(async () => (await live.innerText()) === '2 new alerts. The latest: Three: B3', 'both are told')
    }))

  it('has real landmarks and headings in every view', () =>
    lab.use({ state: monday() }, async ({ page }) => {
      for (const [button, heading] of [
        ['Board', 'Sessions'],
        ['Alerts', 'Alerts'],
        ['Activity', 'Activity'],
        ['Lookup', 'Lookup'],
        ['Settings', 'Settings'],
      ] as const) {
        const link = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: button })
        await link.click()
        assert.equal(await link.getAttribute('aria-current'), 'page')
        assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1)
        await page.getByRole('heading', { level: 1, name: heading }).waitFor({ state: 'attached' })
        for (const role of ['banner', 'main', 'contentinfo'] as const)
          assert.ok((await page.getByRole(role).count()) >= 1, role)
      }
      assert.equal(await page.getAttribute('html', 'lang'), 'en')
    }))

  it('names every control', () =>
    lab.use({ state: monday({ problems: PROBLEMS }) }, async ({ page }) => {
      for (const view of ['Board', 'Alerts', 'Activity', 'Lookup', 'Settings']) {
        await page.getByRole('navigation').getByRole('button', { name: view }).click()
        const nameless = await page.locator('button, input, [role=row]').evaluateAll((elements) =>
          elements
            .filter((element) => {
              const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
              const by = (element.getAttribute('aria-labelledby') ?? '').split(' ')
              const names = [
                element.getAttribute('aria-label'),
                element.textContent,
                ...labels.map((label) => label.textContent),
                ...by.map((id) => document.getElementById(id)?.textContent),
              ]
              return names.every((name) => (name ?? '').trim() === '')
            })
            .map((element) => element.outerHTML),
        )
        assert.deepEqual(nameless, [], view)
      }
    }))
})
