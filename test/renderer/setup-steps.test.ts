/** The steps of the set-up assistant: how each stands, what it does, and what it says when something fails. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { CheckStep, Problem, State } from '../../preload/contract.ts'
import { firstOpen, stepStatuses } from '../../renderer/views/setup-steps.ts'
import { button, FORM, fresh, manyReps, openSetup, READY, step, steps, type Over } from './first-run.ts'
import { createLab, until, type Lab, type TestWindow } from './harness.ts'
import { ago, alert, settingInfo, SETTINGS, state } from './states.ts'

let lab: Lab

describe('where the set-up stands', () => {
  const problem = (id: string): Problem => ({
    id,
    severity: 'error',
    title: id,
    detail: '',
    since: 0,
    dismissible: false,
  })

  it('follows from the State alone', () => {
    const nothing = stepStatuses(fresh(), null)
    assert.deepEqual(nothing, { appliance: 'todo', me: 'todo', events: 'waiting', notifications: 'todo', done: 'todo' })
    assert.equal(firstOpen(nothing), 'appliance')
    const all = stepStatuses({ ...state(), alerts: [alert(1, { kind: 'test' })] }, 'granted')
    assert.deepEqual(new Set(Object.values(all)), new Set(['done']))
    assert.equal(firstOpen(all), 'done')
  })

  it('says what needs attention', () => {
    const failed = { ...state().appliance, status: 'failed' } as const
    assert.equal(stepStatuses(state({ appliance: failed }), null).appliance, 'problem')
    assert.equal(stepStatuses(state({ appliance: { ...failed, status: 'checking' } }), null).appliance, 'waiting')
    for (const id of ['listener.listen', 'listener.name', 'listener.address', 'journal.open', 'journal.write'])
      assert.equal(stepStatuses(state({ problems: [problem(id)] }), null).events, 'problem', id)
    for (const id of ['journal.index', 'clock', 'me.unknown'])
      assert.equal(stepStatuses(state({ problems: [problem(id)] }), null).events, 'done', id)
    const { health } = state()
    const stopped = { ...health, listener: { ...health.listener, status: 'failed' } } as const
    assert.equal(stepStatuses(state({ health: stopped }), null).events, 'problem')
    const notifications = (over: Partial<State>, permission: Parameters<typeof stepStatuses>[1]) =>
      stepStatuses(state(over), permission).notifications
    const tried = { alerts: [alert(1, { kind: 'test' })] }
    assert.equal(notifications(tried, 'denied'), 'problem')
    assert.equal(notifications(tried, 'unsupported'), 'problem')
    assert.equal(notifications(tried, 'default'), 'todo')
    assert.equal(notifications({ ...tried, problems: [problem('notification.failed')] }, null), 'problem')
    assert.equal(notifications({}, null), 'todo')
    assert.equal(notifications({ settings: { ...SETTINGS, 'notify.quiet': true } }, null), 'done')
  })

  it('counts a username as known, for the number is learned from it', () => {
    assert.equal(stepStatuses(fresh({}, { 'me.username': 'dreyes' }), null).me, 'done')
  })
})

describe('a step of the set-up', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  describe('the appliance', () => {
    for (const failed of ['name', 'port', 'tls', 'credentials', 'version', 'permission'] as const) {
      it(`says what to do when the test ends at: ${failed}`, () =>
        openSetup(
          lab,
          fresh(),
          async ({ page }) => {
            await button(page, 'Test the connection').click()
            const bad = page.locator('.check-step[data-status=failed]')
            await bad.getByText(`The ${failed} is not right.`).waitFor()
            assert.ok((await bad.locator('.check-advice').innerText()).length > 20)
            assert.equal(await page.locator('.check-advice').count(), 1)
            assert.equal(await page.locator('.check-step').count(), 6)
          },
          { over: ({ type }) => (type === 'appliance.check' ? { ok: true, value: steps(failed) } : undefined) },
        ))
    }

    it('lets a user of an older box in', () =>
      openSetup(lab, fresh(), async ({ page }) => {
        assert.equal(await page.getByLabel('API user: password', { exact: true }).count(), 0)
        await page.getByRole('radio', { name: 'User' }).check()
        await page.getByLabel('API user: username', { exact: true }).waitFor()
        await page.getByLabel('API user: password', { exact: true }).waitFor()
        assert.equal(await page.getByLabel('API account: client ID', { exact: true }).count(), 0)
      }))

    it('shows what the administrator has set as set', () =>
      openSetup(
        lab,
        fresh({
          settingInfo: settingInfo(['appliance.host', 'appliance.clientId', 'me.repId', 'listener.addresses']),
          appliance: { ...READY, secrets: { ...READY.secrets, 'appliance.clientSecret': 'policy' } },
        }),
        async ({ page }) => {
          await step(page, 'Appliance').click()
          assert.equal(await page.getByText('Set by your administrator', { exact: false }).count(), 3)
          assert.equal(await page.getByLabel('Appliance', { exact: true }).isDisabled(), true)
          await step(page, 'Who you are').click()
          assert.equal(await page.getByRole('radio').count(), 0)
          await page.getByText('Set by your administrator').waitFor()
          await step(page, 'Events').click()
          await page.getByText('Set by your administrator').waitFor()
          assert.equal(await button(page, 'Listen on 192.0.2.17 (Ethernet)').count(), 0)
        },
      ))
  })

  describe('who you are', () => {
    const ready = fresh({ appliance: READY })

    it('is searched where many are logged in, and asked again', () =>
      openSetup(
        lab,
        ready,
        async (window) => {
          const { page } = window
          await page.getByRole('radio').first().waitFor()
          assert.equal(await page.getByRole('radio').count(), 50)
          await page.getByText('40 more').waitFor()
          assert.equal(await button(page, 'This is me').isDisabled(), true)
          await page.keyboard.press('/')
          await page.keyboard.type('rep77')
          await until(async () => (await page.getByRole('radio').count()) === 1, 'one is left')
          await page.keyboard.press('Escape')
          await page.getByRole('searchbox').fill('nobody of this name')
          await page.getByText('Nobody matches.').waitFor()
          await button(page, 'Refresh').click()
          await until(() => window.asked('me.candidates').length > 1, 'it is asked again')
        },
        { over: ({ type }) => (type === 'me.candidates' ? { ok: true, value: manyReps(90) } : undefined) },
      ))

    it('is chosen beforehand where the username is known', () =>
      openSetup(lab, fresh({ appliance: READY }, { 'me.username': 'MFuerstenberg' }), async ({ page }) => {
        await step(page, 'Who you are').click()
        await page.getByText('You are MFuerstenberg. Your number is learned').waitFor()
        assert.equal(await page.getByRole('radio', { name: 'Margarethe' }).isChecked(), true)
      }))

    it('says when nobody is there, when the appliance cannot say, and when it refuses the choice', async () => {
      const answers: Over = ({ type }) => (type === 'me.candidates' ? { ok: true, value: [] } : undefined)
      await openSetup(lab, ready, async ({ page }) => page.getByText('Nobody is logged in').waitFor(), {
        over: answers,
      })
      const refuses: Over = ({ type }) =>
        type === 'me.candidates' ? { ok: false, message: 'The account may not do this.' } : undefined
      await openSetup(lab, ready, async ({ page }) => page.getByText('The account may not do this.').waitFor(), {
        over: refuses,
      })
      const other: Over = ({ type }) =>
        type === 'me.choose' ? { ok: false, message: 'Your administrator has set who you are.' } : undefined
      await openSetup(
        lab,
        ready,
        async ({ page }) => {
          await page.getByRole('radio', { name: 'Jonas' }).check()
          await button(page, 'This is me').click()
          await page.getByRole('alert').getByText('Your administrator has set').waitFor()
        },
        { over: other },
      )
    })

    it('is entered by hand where there is no appliance to ask', () =>
      openSetup(lab, fresh(), async (window) => {
        const { page } = window
        await step(page, 'Who you are').click()
        await page.getByText('The appliance’s API is not set up.').waitFor()
        await page.getByLabel('Username', { exact: true }).fill('dreyes')
        await page.keyboard.press('Enter')
        await until(() => window.asked('settings.set').length === 1, 'it is set')
        assert.equal(window.asked('me.candidates').length, 0)
      }))
  })

  describe('events', () => {
    const toEvents = (from: State, body: (window: TestWindow) => Promise<void>, over?: Over) =>
      openSetup(
        lab,
        from,
        async (window) => {
          await step(window.page, 'Events').click()
          await window.page.getByText('Retry Interval').waitFor()
          await body(window)
        },
        over === undefined ? {} : { over },
      )

    it('shows what to enter, without the token, and asks anew when it listens elsewhere', () =>
      toEvents(fresh(), async ({ page, push, asked }) => {
        for (const { label, value } of FORM.fields) {
          await page.getByRole('term').getByText(label, { exact: true }).waitFor()
          await page.getByRole('definition').getByText(value, { exact: true }).waitFor()
        }
        const { health } = fresh()
        const earlier = asked('recipient.form').length
        const moved = { ...health, listener: { ...health.listener, addresses: ['192.0.2.17:8180'] } }
        await push(fresh({ health: moved }))
        await until(() => asked('recipient.form').length > earlier, 'it is asked anew')
        assert.equal(await page.getByText('reached from this computer only').count(), 1, 'the help of the setting')
      }))

    it('makes a new URL where the old one cannot be shown again', () => {
      let renewed = false
      const over: Over = ({ type }) => {
        renewed ||= type === 'recipient.renew'
        return type === 'recipient.form' ? { ok: true, value: { ...FORM, copyable: renewed } } : undefined
      }
      return toEvents(
        fresh(),
        async ({ page }) => {
          await page.getByText('Only a fingerprint').waitFor()
          assert.equal(await button(page, 'Copy all for the administrator').count(), 0)
          await button(page, 'Make a new URL…').click()
          await button(page, 'Make and copy').click()
          await button(page, 'Copy all for the administrator').waitFor()
          assert.equal(await page.getByText('Only a fingerprint').count(), 0)
        },
        over,
      )
    })

    it('makes none where the administrator has set it', () =>
      toEvents(
        fresh(),
        async ({ page }) => assert.equal(await button(page, 'Make a new URL…').count(), 0),
        ({ type }) => (type === 'recipient.form' ? { ok: true, value: { ...FORM, fixed: true } } : undefined),
      ))

    it('takes an address to those that others reach, or all of them', () =>
      toEvents(fresh({}, { 'listener.addresses': ['192.0.2.17'] }), async ({ page, asked }) => {
        assert.equal(await button(page, 'Listen on 192.0.2.17 (Ethernet)').count(), 0)
        await button(page, 'Listen on 2001:db8::17 (Ethernet)').click()
        await button(page, 'Listen on 0.0.0.0 (all addresses)').click()
        await until(() => asked('settings.set').length === 2, 'both are set')
        assert.deepEqual(
          asked('settings.set').map(({ value }) => value),
          [['192.0.2.17', '2001:db8::17'], ['0.0.0.0']],
        )
      }))

    it('shows what is refused the moment it is, with the setting that mends it', () =>
      toEvents(fresh(), async ({ page, push }) => {
        assert.equal(await page.getByRole('heading', { name: 'Names of this computer' }).count(), 0)
        const problem: Problem = {
          id: 'listener.name',
          severity: 'error',
          title: 'Events are refused: unknown host name',
          detail: 'They are sent to the host name “desk-17”.',
          since: ago(0),
          dismissible: true,
        }
        await push(fresh({ problems: [problem] }))
        await page.locator('.setup-problems').getByText('unknown host name').waitFor()
        await page.getByRole('heading', { name: 'Names of this computer' }).waitFor()
        await step(page, 'Events').and(page.locator('[data-status=problem]')).waitFor()
      }))

    it('come from the relay where the site has one, and nothing is entered', () => {
      const relay = { status: 'attached', server: '192.0.2.20:443', retryAt: null } as const
      const { health } = fresh()
      const from = fresh({ health: { ...health, relay, listener: { ...health.listener, status: 'stopped' } } })
      return openSetup(lab, from, async ({ page, push }) => {
        await step(page, 'Events').click()
        await page.getByText('Events come from the relay').waitFor()
        assert.equal(await button(page, 'Test the way in').count(), 0)
        const lost = { id: 'relay', severity: 'error', title: 'The site’s relay cannot be reached' } as const
        await push({ ...from, problems: [{ ...lost, detail: '', since: ago(0), dismissible: false }] })
        await page.locator('.setup-problems').getByText('cannot be reached').waitFor()
        await step(page, 'Events').and(page.locator('[data-status=problem]')).waitFor()
      })
    })

    it('says where the test of the way ends', () => {
      const value: readonly CheckStep[] = [
        { step: 'name', status: 'ok', message: '', detail: '' },
        { step: 'port', status: 'failed', message: 'Nothing answers at 192.0.2.17.', detail: 'ECONNREFUSED' },
      ]
      return toEvents(
        fresh(),
        async ({ page }) => {
          await button(page, 'Test the way in').click()
          await page.getByText('Nothing answers at').waitFor()
        },
        ({ type }) => (type === 'listener.test' ? { ok: true, value } : undefined),
      )
    })
  })

  describe('notifications', () => {
    it('asks for the browser’s leave here, not in a banner, and says what to do if nothing appears', () =>
      openSetup(
        lab,
        fresh({ shell: 'browser' }),
        async ({ page }) => {
          assert.equal(await page.locator('.banner').count(), 0)
          await step(page, 'Notifications').click()
          await button(page, 'Allow notifications').click()
          await page.getByText('This browser may show notifications.').waitFor()
          await page.getByText('Nothing appeared?').click()
          await page.getByText('This page has to stay open').waitFor()
        },
        { permission: 'default' },
      ))
  })
})
