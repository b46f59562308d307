/** The set-up assistant as a whole: from nothing to done, left and come back to, by keyboard alone, and to be read. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { STEPS } from '../../renderer/views/setup-steps.ts'
import { button, DANA, focused, FORM, fresh, heading, openSetup, READY, step, type Over } from './first-run.ts'
import { createLab, until, type Lab } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { ago, alert, goTo, lsidOf, settingInfo, state } from './states.ts'

let lab: Lab

describe('the set-up assistant', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('opens by itself at first, with the focus in it, and nowhere else than where main wants to go', async () => {
    await openSetup(lab, fresh(), async ({ page }) => {
      await page.getByRole('heading', { level: 1, name: 'Set up Rep Tray' }).waitFor()
      assert.equal(await focused(page), 'Step 1 of 5: Appliance')
    })
    await openSetup(lab, fresh({ goTo: goTo(1, { view: 'session', lsid: lsidOf(1) }) }), async ({ page }) => {
      await page.getByRole('navigation').waitFor()
      assert.equal(await page.locator('.setup').count(), 0)
    })
    await openSetup(lab, fresh({}, { 'setup.done': true }), async ({ page, push }) => {
      await page.getByRole('heading', { name: 'No sessions yet' }).waitFor()
      await push(fresh())
      assert.equal(await page.locator('.setup').count(), 0, 'it takes nobody away from where they are')
    })
  })

  it('goes from nothing to done', () =>
    openSetup(lab, fresh(), async (window) => {
      const { page, push, asked } = window
      await page.getByLabel('Appliance', { exact: true }).fill('support.example.com')
      await page.keyboard.press('Tab')
      await page.getByLabel('API account: client ID', { exact: true }).fill('0123')
      await page.getByLabel('API account: client secret', { exact: true }).fill('s3cret')
      await button(page, 'Test the connection').click()
      await page.getByText('Permission OK').waitFor()
      assert.deepEqual(
        window.commands.map(({ type }) => type).filter((type) => type !== 'alerts.read'),
        ['settings.set', 'settings.set', 'appliance.secret', 'appliance.check'],
        'what was typed is main’s before it is tried',
      )
      assert.equal(await button(page, 'Next').count(), 0)
      await push(fresh({ appliance: READY }))
      await button(page, 'Next').click()

      assert.equal(await focused(page), 'Step 2 of 5: Who you are')
      await page.getByRole('radio', { name: 'Dana Reyes' }).check()
      await button(page, 'This is me').click()
      await until(() => asked('me.choose').length === 1, 'I am chosen')
      assert.deepEqual(asked('me.choose'), [{ type: 'me.choose', id: '12' }])
      await push(fresh({ appliance: READY }, DANA))
      await page.getByText('You are Dana Reyes, number 12. Your teams: Network, Accounts and Licences.').waitFor()
      await button(page, 'Next').click()

      await button(page, 'Listen on 192.0.2.17 (Ethernet)').click()
      await until(() => asked('settings.set').length === 3, 'the address is set')
      assert.deepEqual(asked('settings.set').at(-1)?.value, ['192.0.2.17'], 'in place of the one nobody reaches')
      await button(page, 'Copy recipient URL').click()
      await button(page, 'Copy name').click()
      await button(page, 'Copy all for the administrator').click()
      await until(() => asked('recipient.copyForm').length === 2, 'all is copied')
      await button(page, 'Test the way in').click()
      await until(() => asked('listener.test').length === 1, 'the way is tested')
      await page.getByText('Waiting for the first event').waitFor()
      const came = { ...fresh().health, lastEventAt: ago(0), stored: 1 }
      await push(fresh({ appliance: READY, health: came }, DANA))
      await page.getByText('Events come in. The last one:').waitFor()
      await until(
        async () => (await page.locator('output[aria-live]').first().innerText()) === 'The first event came in',
        'it is said',
      )
      await button(page, 'Next').click()

      await button(page, 'Show a test notification').click()
      await until(() => asked('notification.test').length === 1, 'a notification is shown')
      const alerts = [alert(1, { kind: 'test', read: true })]
      await push(fresh({ appliance: READY, health: came, alerts }, DANA))
      await button(page, 'Next').click()

      assert.equal(await heading(page), 'Step 5 of 5: Done')
      assert.equal(await page.locator('.setup-line[data-status=done]').count(), 4)
      await button(page, 'Finish').click()
      await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor({ state: 'attached' })
      assert.deepEqual(asked('settings.set').at(-1), { type: 'settings.set', key: 'setup.done', value: true })
    }))

  it('goes on where it was left, whoever opens it', async () => {
    await openSetup(lab, fresh({ appliance: READY }), async ({ page }) => assert.match(await heading(page), /Step 2/))
    await openSetup(lab, fresh({ appliance: READY }, DANA), async ({ page }) =>
      assert.match(await heading(page), /Step 3/),
    )
    const { health } = state()
    await openSetup(lab, fresh({ appliance: READY, health }, DANA), async ({ page }) =>
      assert.match(await heading(page), /Step 4/),
    )
  })

  it('can be left and come back to, from the board and from the health line', () =>
    openSetup(lab, fresh(), async ({ page }) => {
      await button(page, 'Later').click()
      await page.getByText('Rep Tray is not set up yet.').waitFor()
      await button(page, 'Go on with the set-up').click()
      assert.equal(await focused(page), 'Step 1 of 5: Appliance')
      await page.getByRole('contentinfo').getByRole('button').click()
      await button(page, 'Go on with the set-up').waitFor()
    }))

  it('lets every step be skipped, and says at the end what is left', () =>
    openSetup(lab, fresh(), async (window) => {
      const { page } = window
      for (const name of STEPS.slice(0, -1)) {
        assert.equal(await page.locator('[aria-current=step]').count(), 1, name)
        await page.locator('.setup-foot button').last().click()
      }
      assert.equal(await page.locator('.setup-line[data-status=done]').count(), 0)
      await button(page, 'Open Who you are').click()
      assert.equal(await heading(page), 'Step 2 of 5: Who you are')
      await step(page, 'Done').click()
      await button(page, 'Open settings').click()
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
      assert.equal(window.asked('settings.set').length, 0)
    }))

  it('does not finish what main refuses to', () =>
    openSetup(
      lab,
      fresh(),
      async ({ page }) => {
        await step(page, 'Done').click()
        await button(page, 'Finish').click()
        await page.getByText('The disk is full.').waitFor()
        assert.equal(await heading(page), 'Step 5 of 5: Done')
      },
      { over: ({ type }) => (type === 'settings.set' ? { ok: false, message: 'The disk is full.' } : undefined) },
    ))

  it('finishes where the administrator has decided whether it is finished', () =>
    openSetup(lab, fresh({ settingInfo: settingInfo(['setup.done']) }), async (window) => {
      await step(window.page, 'Done').click()
      await button(window.page, 'Finish').click()
      await window.page.getByText('No sessions yet').waitFor()
      assert.equal(window.asked('settings.set').length, 0)
    }))

  it('is done by keyboard alone', () =>
    openSetup(lab, fresh({ appliance: READY }), async (window) => {
      const { page } = window
      const key = (name: string) => page.keyboard.press(name)
      /** Tabs on until the focus is on what is called so. */
      async function tabTo(name: string): Promise<void> {
        for (let presses = 0; presses < 40; presses++) {
          await key('Tab')
          const is = await page.evaluate(
            (wanted) =>
              document.activeElement?.textContent === wanted ||
              document.activeElement?.getAttribute('aria-label') === wanted ||
              (document.activeElement instanceof HTMLInputElement && document.activeElement.type === wanted),
            name,
          )
          if (is) return
        }
        assert.fail(`the focus never came to: ${name}`)
      }

      await page.getByRole('radio').first().waitFor()
      await tabTo('radio')
      await key('Space')
      await key('ArrowDown')
      await tabTo('This is me')
      await key('Enter')
      await until(() => window.asked('me.choose').length === 1, 'I am chosen')
      assert.deepEqual(window.asked('me.choose'), [{ type: 'me.choose', id: '7' }])
      await tabTo('Skip for now')
      await key('Enter')
      assert.equal(await focused(page), 'Step 3 of 5: Events')
      await tabTo('Test the way in')
      await key('Enter')
      await until(() => window.asked('listener.test').length === 1, 'it is tested')
      assert.equal(await focused(page), 'Test the way in', 'the focus stays')
      await tabTo('Next')
      await key('Enter')
      await tabTo('Show a test notification')
      await key('Enter')
      await tabTo('Skip for now')
      await key('Enter')
      assert.equal(await focused(page), 'Step 5 of 5: Done')
      await tabTo('Back')
      await key('Enter')
      assert.equal(await focused(page), 'Step 4 of 5: Notifications')
      await tabTo('Skip for now')
      await key('Enter')
      await tabTo('Finish')
      await key('Enter')
      await page.getByText('No sessions yet').waitFor()
    }))

  it('fits and can be read, in both themes, narrow and wide, at its longest', async () => {
    const long = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(6)
    const from = fresh({ appliance: READY, shell: 'browser' }, { ...DANA, 'me.name': long, 'listener.https': 'file' })
    const over: Over = ({ type }) => {
      if (type === 'me.candidates') return { ok: true, value: [{ id: '1'.repeat(18), name: long, username: long }] }
      const fields = [...FORM.fields, { label: 'URL', value: `https://${long}.example.com:8180/`, help: '' }].slice(1)
      return type === 'recipient.form' ? { ok: true, value: { ...FORM, fields, copyable: false } } : undefined
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [420, 1100]) {
        await openSetup(
          lab,
          from,
          async ({ page }) => {
            for (const name of ['Appliance', 'Who you are', 'Events', 'Notifications', 'Done']) {
              await step(page, name).click()
              await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')))
              assert.deepEqual(await overflow(page), [], `${name} ${width}`)
              assert.deepEqual(await faint(page), [], `${name} ${colorScheme}`)
              // There is no frame to look into, and one for the test would break the CSP. A label that is scrolled
              // out of sight counts as hidden to the one rule, since the page itself never scrolls.
              const axe = new AxeBuilder({ page }).setLegacyMode().disableRules('label-title-only')
              const { violations } = await axe.analyze()
              assert.deepEqual(
                violations.map(({ id, nodes }) => [name, id, nodes[0]?.html]),
                [],
              )
            }
          },
          { viewport: { width, height: 640 }, colorScheme, over, permission: 'default' },
        )
      }
    }
  })
})
