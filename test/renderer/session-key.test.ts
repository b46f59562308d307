/** A session key for the customer: made, read out, scanned, copied. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { MadeSessionKey, Reply, State } from '../../preload/contract.ts'
import { at, createLab, until, type Answer, type Lab, type TestWindow, type WindowOptions } from './harness.ts'
import { answerLinks, KEY_URL, linkable, madeKey } from './link-states.ts'
import { faint, overflow } from './probes.ts'
import { ago, details, session, SETTINGS, state } from './states.ts'

let lab: Lab

const ROW = session(4)
const HOST = { ...SETTINGS, 'appliance.host': 'support.example.com' }

function shown(over: Partial<State> = {}): State {
  return state({
    sessions: [ROW],
    goTo: { seq: 1, place: at(ROW.lsid) },
    appliance: linkable(),
    settings: HOST,
    ...over,
  })
}

function making(value: MadeSessionKey): Answer {
  return (command) => (command.type === 'sessionKey.make' ? { ok: true, value } : undefined)
}

/** Opens the form for a session key, by keyboard alone. */
async function open(
  body: (window: TestWindow) => Promise<void>,
  { answer = () => undefined, ...options }: WindowOptions = {},
): Promise<void> {
  const answers: Answer = async (command): Promise<Reply | undefined> =>
    command.type === 'session.get'
      ? { ok: true, value: details(ROW) }
      : ((await answer(command)) ?? answerLinks(command))
  await lab.use({ state: shown(), ...options, answer: answers }, async (window) => {
    const { page } = window
    await page.getByRole('button', { name: 'Link for the customer' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.getByRole('radio', { checked: true }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('combobox', { name: 'For whom' }).waitFor()
    await body(window)
  })
}

async function make({ page }: TestWindow): Promise<void> {
  await page.getByRole('button', { name: 'Make session key' }).click()
  await page.getByRole('heading', { name: 'Session key ·' }).waitFor()
}

const options = ({ page }: TestWindow, name: string) =>
  page
    .getByRole('combobox', { name })
    .locator('option')
    .evaluateAll((all) => all.map((one) => [(one as HTMLOptionElement).value, one.textContent]))

describe('session key', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('is for me, my teams, anybody or an issue that has a code name; for as long as I like', () =>
    open(async (window) => {
      assert.deepEqual(await options(window, 'For whom'), [
        ['rep:12', 'Me (Dana Reyes)'],
        ['team:5', 'Network'],
        ['team:8', 'Team 8'],
        ['general', 'General queue'],
        ['issue:office', 'Office'],
      ])
      assert.deepEqual(
        (await options(window, 'Good for')).map(([value]) => value),
        ['', '15', '60', '480', '1440'],
      )
    }))

  it('is for others where nobody knows who I am', () =>
    open(
      async (window) => {
        assert.deepEqual(
          (await options(window, 'For whom')).map(([value]) => value),
          ['general', 'issue:office'],
        )
      },
      { state: shown({ settings: { ...HOST, 'me.repId': '', 'me.teams': [] } }) },
    ))

  it('is made by keyboard, shown large to be read out, and copied bit by bit', () =>
    open(async (window) => {
      const { page } = window
      await page.keyboard.press('Tab')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Tab')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Tab')
      assert.equal(await page.getByRole('textbox', { name: 'External key' }).inputValue(), 'INC0010004')
      await page.keyboard.press('End')
      await page.keyboard.type('7')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Session key · Network · INC00100047' }).waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H3', 'the news has the focus')
      assert.deepEqual(window.asked('sessionKey.make'), [
        { type: 'sessionKey.make', choice: { queue: 'team:5', externalKey: 'INC00100047', minutes: 15 } },
      ])
      await page.getByText('Good until 11:42 (1 h 00 min)').waitFor()
      await page.getByText('The customer types it at support.example.com').waitFor()
      const key = page.locator('.short-key')
      assert.deepEqual(await key.locator('span').allInnerTexts(), ['407', '1952'])
      assert.ok(await key.evaluate((element) => parseFloat(getComputedStyle(element).fontSize) >= 28))
      assert.equal(await page.getByText('4 0 7 1 9 5 2').count(), 1, 'one by one for a screen reader')
      assert.equal(await page.getByRole('textbox', { name: 'Link', exact: true }).inputValue(), KEY_URL)
      await page.getByRole('img', { name: 'QR code of the link' }).waitFor()
      const mail = await page.getByRole('textbox', { name: 'Mail text' }).inputValue()
      assert.match(mail, /^Remote Support Invitation\n\nPlease open[^]*6e8f0a1b$/)
      for (const name of ['Copy mail text', 'Copy short key', 'Copy link']) {
        await page.getByRole('button', { name }).click()
        await page.getByRole('button', { name: 'Copied' }).waitFor()
      }
      assert.deepEqual(
        window.asked('sessionKey.copy').map(({ id, what }) => [id, what]),
        [
          [1, 'mail'],
          [1, 'shortKey'],
          [1, 'url'],
        ],
      )
    }))

  it('stays while the other kind is looked at; another is made for another', () =>
    open(async (window) => {
      const { page } = window
      await make(window)
      await page.getByRole('radio', { name: 'Link with an issue' }).click()
      await page.getByRole('combobox', { name: 'Issue' }).waitFor()
      await page.getByRole('radio', { name: 'Session key' }).click()
      await page.getByRole('heading', { name: 'Session key ·' }).waitFor()
      await page.getByRole('button', { name: 'Make another' }).click()
      await page.getByRole('combobox', { name: 'For whom' }).waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SELECT')
    }))

  it('says clearly that the ticket is not on it, and that nobody is there', () =>
    open(
      async (window) => {
        await make(window)
        await window.page.getByText('The appliance did not take the external key').waitFor()
        await window.page.getByText('Nobody is there').waitFor()
      },
      { answer: making(madeKey({ externalKeyLost: true, available: false })) },
    ))

  it('shows what there is of it, and that it is over', () =>
    open(
      async (window) => {
        const { page } = window
        await make(window)
        await page.getByText('No longer good since 10:41').waitFor()
        assert.equal(await page.getByRole('img', { name: 'QR code' }).count(), 0)
        for (const name of ['Copy link', 'Copy short key', 'Copy mail text'])
          assert.equal(await page.getByRole('dialog').getByRole('button', { name }).count(), 0, name)
      },
      {
        answer: making(
          madeKey({ shortKey: null, url: null, qr: null, mailSubject: null, mailBody: null, expiresAt: ago(1) }),
        ),
      },
    ))

  it('groups keys of any length as one says them', async () => {
    for (const [shortKey, groups] of [
      ['123', ['123']],
      ['1234', ['1234']],
      ['12345', ['123', '45']],
      ['1234567890', ['123', '456', '7890']],
    ] as const) {
      await open(
        async (window) => {
          await make(window)
          assert.deepEqual(await window.page.locator('.short-key span').allInnerTexts(), groups)
        },
        { answer: making(madeKey({ shortKey })) },
      )
    }
  })

  it('says why it cannot be made: before, and after', async () => {
    await open(
      async ({ page }) => {
        await page.getByText('The API account may only read.').waitFor()
        assert.equal(await page.getByRole('button', { name: 'Make session key' }).isDisabled(), true)
      },
      { state: shown({ appliance: linkable({ cannot: { sessionKey: 'The API account may only read.' } }) }) },
    )
    await open(
      async ({ page }) => {
        await page.getByRole('button', { name: 'Make session key' }).focus()
        await page.keyboard.press('Enter')
        await page.getByRole('alert').getByText('There is no such queue.').waitFor()
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Make session key')
      },
      {
        answer: (command) =>
          command.type === 'sessionKey.make' ? { ok: false, message: 'There is no such queue.' } : undefined,
      },
    )
  })

  it('is made once, however often one presses', () => {
    const held = Promise.withResolvers<Reply>()
    return open(
      async (window) => {
        const { page } = window
        const button = page.getByRole('button', { name: 'Make session key' })
        await button.focus()
        await page.keyboard.press('Enter')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Making' }).waitFor()
        held.resolve({ ok: true, value: madeKey() })
        await page.getByRole('heading', { name: 'Session key ·' }).waitFor()
        assert.equal(window.asked('sessionKey.make').length, 1)
      },
      { answer: (command) => (command.type === 'sessionKey.make' ? held.promise : undefined) },
    )
  })

  it('can be copied by hand', () =>
    open(
      async (window) => {
        const { page } = window
        await make(window)
        await page.getByRole('button', { name: 'Copy short key' }).click()
        await page.getByText('Short key could not be copied from here').waitFor()
        assert.equal(await page.evaluate(() => String(getSelection())), '4071952')
      },
      {
        answer: (command) =>
          command.type === 'sessionKey.copy' ? { ok: true, value: { text: '4071952', copied: false } } : undefined,
      },
    ))

  it('is left by Escape, and the focus returns', () =>
    open(async (window) => {
      await make(window)
      await window.page.keyboard.press('Escape')
      await window.page.getByRole('dialog').waitFor({ state: 'detached' })
      assert.equal(await window.page.evaluate(() => document.activeElement?.textContent), 'Link for the customer…')
      await until(() => window.asked('sessionKey.make').length === 1, 'made once')
    }))

  it('fits a narrow window, legibly in both themes; a checker of accessibility finds nothing', async () => {
    const hostile = madeKey({
      shortKey: '8'.repeat(60),
      mailBody: 'Ŵ'.repeat(900),
      externalKeyLost: true,
      available: false,
    })
    for (const value of [madeKey(), hostile]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await open(
          async (window) => {
            assert.deepEqual(await overflow(window.page), [])
            await make(window)
            assert.deepEqual(await overflow(window.page), [])
            assert.deepEqual(await faint(window.page), [])
            // A page in an iframe would break the CSP of the window, and there is none to look into.
            const { violations } = await new AxeBuilder({ page: window.page })
              .setLegacyMode()
              .include('dialog')
              .analyze()
            assert.deepEqual(
              violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
              [],
            )
          },
          { answer: making(value), colorScheme, viewport: { width: 320, height: 480 } },
        )
      }
    }
  })
})
