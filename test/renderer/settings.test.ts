/** Settings: shown as main describes them, changed by asking main, and what main refuses is said at the field. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { State } from '../../preload/contract.ts'
import { groupTitle } from '../../renderer/text.ts'
import { createLab, until, type Lab, type TestWindow } from './harness.ts'
import { settingInfo, SETTINGS, state } from './states.ts'

let lab: Lab

function setting(page: Page, label: string) {
  return page.locator('.setting').filter({ has: page.getByRole('heading', { name: label, exact: true }) })
}

/** Opens the settings of a window with this State. */
function open(over: Partial<State>, body: (window: TestWindow) => Promise<void>): Promise<void> {
  return lab.use({ state: state(over) }, async (window) => {
    await window.page.getByRole('button', { name: 'Settings' }).click()
    await body(window)
  })
}

describe('settings', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('shows every setting in its group, with its help and its default', () =>
    open({}, async ({ page }) => {
      for (const { key, label, help } of settingInfo()) {
        // A tool stands for what the set-up has come to.
        if (key.startsWith('browser.') || key === 'setup.done') continue
        const field = setting(page, label)
        await field.getByText(help, { exact: false }).waitFor()
        await field.locator('.setting-default').waitFor()
      }
      const groups = new Set(settingInfo().map(({ key }) => key.split('.')[0] ?? ''))
      assert.deepEqual(
        await page.locator('.setting-group > h2').allInnerTexts(),
        [...groups].filter((group) => group !== 'browser').map(groupTitle),
      )
      await page.getByText('Rep Tray 0.1.0 · desktop').waitFor()
    }))

  it('leaves out what means nothing in this shell', () =>
    open({ shell: 'browser' }, async ({ page }) => {
      await page.getByText('Rep Tray 0.1.0 · browser mode').waitFor()
      assert.equal(await page.getByRole('heading', { name: 'Browser mode' }).count(), 1)
      assert.equal(await page.getByRole('heading', { name: 'Tray', exact: true }).count(), 0)
    }))

  it('searches labels, help and what the view can do', () =>
    open({}, async ({ page }) => {
      const search = page.getByRole('searchbox', { name: 'Search settings' })
      await search.fill('megabytes')
      assert.deepEqual(await page.locator('.setting-label').allInnerTexts(), ['Keep at most megabytes'])
      await search.fill('recipient')
      assert.deepEqual(await page.locator('.setting-label').allInnerTexts(), ['Recipient URL', 'Is the way open?'])
      await search.fill('zebra')
      await page.getByRole('heading', { name: 'No setting matches' }).waitFor()
      await page.getByText('zebra').waitFor()
      await page.getByRole('button', { name: 'Clear filter' }).last().click()
      assert.ok((await page.locator('.setting-label').count()) >= settingInfo().length, 'all are back')
    }))

  it('asks main for every kind of change, and shows what main then says', () =>
    open({}, async (window) => {
      const { page } = window
      await setting(page, 'Session ended').locator('.switch').click()
      await page.locator('.segment', { hasText: 'Dark' }).first().click()
      await page.getByRole('textbox', { name: 'Port', exact: true }).fill('9090')
      await page.keyboard.press('Enter')
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('D. Reyes')
      await page.keyboard.press('Tab')
      await setting(page, 'Teams').getByRole('textbox').fill('11, 12')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Remove 5' }).click()
      await until(() => window.asked('settings.set').length === 6, 'six changes are asked for')
      assert.deepEqual(
        window.asked('settings.set').map(({ key, value }) => [key, value]),
        [
          ['notify.ended', false],
          ['window.theme', 'dark'],
          ['listener.port', 9090],
          ['me.name', 'D. Reyes'],
          ['me.teams', ['5', '8', '11', '12']],
          ['me.teams', ['8']],
        ],
      )
      // Main alone decides: what it did not send is not shown.
      await until(
        async () => (await page.getByRole('textbox', { name: 'Port', exact: true }).inputValue()) === '8180',
        'the field shows main’s value again',
      )
      assert.equal(await page.getByRole('switch', { name: 'Session ended' }).isChecked(), true)
      const changed: State['settings'] = {
        ...SETTINGS,
        'notify.ended': false,
        'window.theme': 'dark',
        'listener.port': 9090,
      }
      await window.push(state({ settings: changed }))
      assert.equal(await page.getByRole('switch', { name: 'Session ended' }).isChecked(), false)
      assert.equal(await page.getByRole('textbox', { name: 'Port', exact: true }).inputValue(), '9090')
      assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark')
    }))

  it('says at the field what main refuses, and keeps what was typed', () =>
    open({}, async (window) => {
      const { page } = window
      const port = page.getByRole('textbox', { name: 'Port', exact: true })
      window.answer((command) =>
        command.type === 'settings.set' ? { ok: false, message: 'Port 80 is taken.' } : undefined,
      )
      await port.fill('80')
      await port.press('Enter')
      await setting(page, 'Port').getByRole('alert').getByText('Port 80 is taken.').waitFor()
      assert.equal(await port.getAttribute('aria-invalid'), 'true')
      const described = (await port.getAttribute('aria-describedby')) ?? ''
      const words = await page.evaluate(
        (ids) => ids.split(' ').map((id) => document.getElementById(id)?.textContent ?? 'NOT THERE'),
        described,
      )
      assert.ok(words.join(' ').includes('Port 80 is taken.'), words.join(' '))
      assert.equal(await port.inputValue(), '80')
      await port.press('Escape')
      assert.equal(await port.inputValue(), '8180')
      assert.equal(await page.getByText('Port 80 is taken.').count(), 0)
      await port.fill('eighty')
      await port.press('Enter')
      await setting(page, 'Port').getByText('Type a whole number.').waitFor()
      assert.equal(window.asked('settings.set').length, 1)
      const teams = setting(page, 'Teams').getByRole('textbox')
      window.answer((command) =>
        command.type === 'settings.set' ? { ok: false, message: '“x” is not the number of a team.' } : undefined,
      )
      await teams.fill('x')
      await teams.press('Enter')
      await setting(page, 'Teams').getByText('is not the number of a team').waitFor()
      assert.equal(await teams.inputValue(), 'x')
    }))

  it('takes several lines where several are meant: Enter is a new line, Ctrl+Enter or leaving sends', () =>
    open({}, async (window) => {
      const { page } = window
      const mail = page.getByRole('textbox', { name: 'Mail with a link' })
      await mail.fill('Hello,')
      await mail.press('End')
      await mail.press('Enter')
      await page.keyboard.type('/ {link}')
      assert.equal(await mail.inputValue(), 'Hello,\n/ {link}', 'a slash is a slash')
      assert.equal(window.asked('settings.set').length, 0)
      await mail.press('Control+Enter')
      await until(() => window.asked('settings.set').length === 1, 'it is sent')
      assert.deepEqual(window.asked('settings.set')[0], {
        type: 'settings.set',
        key: 'link.mail',
        value: 'Hello,\n/ {link}',
      })
      await mail.fill('Bye')
      await mail.press('Escape')
      assert.equal(await mail.inputValue(), SETTINGS['link.mail'])
      await window.push(state({ settingInfo: settingInfo(['link.mail']) }))
      assert.equal(await mail.isEditable(), false)
    }))

  it('locks what the administrator has set', () =>
    open(
      { settingInfo: settingInfo(['listener.port', 'notify.quiet', 'window.theme', 'me.teams', 'notify.details']) },
      async ({ page }) => {
        for (const label of ['Port', 'Quiet', 'Theme', 'Teams', 'Show customer and ticket'])
          await setting(page, label).getByText('Set by your administrator').waitFor()
        assert.equal(await page.getByText('Set by your administrator').count(), 5)
        assert.equal(await page.getByRole('textbox', { name: 'Port', exact: true }).isDisabled(), true)
        assert.equal(await page.getByRole('switch', { name: 'Show customer and ticket' }).isDisabled(), true)
        assert.equal(await setting(page, 'Theme').getByRole('radio', { name: 'Dark' }).isDisabled(), true)
        assert.equal(await page.getByRole('button', { name: 'Remove 5' }).count(), 0)
        assert.equal(await setting(page, 'Teams').getByRole('button').count(), 0)
        assert.equal(await page.getByRole('button', { name: 'Quiet' }).isDisabled(), true)
      },
    ))

  it('goes back to the default where the value differs', () =>
    open({ settings: { ...SETTINGS, 'journal.days': 30 } }, async (window) => {
      const { page } = window
      assert.equal(await setting(page, 'Keep at most megabytes').getByRole('button').count(), 0)
      await setting(page, 'Keep events for days')
        .getByRole('button', { name: 'Use default for Keep events for days' })
        .click()
      await until(() => window.asked('settings.reset').length === 1, 'the default is asked for')
      assert.deepEqual(window.asked('settings.reset'), [{ type: 'settings.reset', key: 'journal.days' }])
    }))

  it('takes a pasted list apart', () =>
    open({}, async (window) => {
      const { page } = window
      const field = setting(page, 'Names of this computer').getByRole('textbox')
      await field.focus()
      await field.evaluate((element) => {
        const data = new DataTransfer()
        data.setData('text', 'desk-17.example.net\ndesk-17, desk-17')
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
      })
      await until(() => window.asked('settings.set').length === 1, 'the list is asked for')
      assert.deepEqual(window.asked('settings.set')[0]?.value, ['desk-17.example.net', 'desk-17'])
    }))

  it('copies the recipient URL, and makes a new one only after a question', () =>
    open({}, async (window) => {
      const { page } = window
      await page.getByRole('button', { name: 'Copy recipient URL' }).click()
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      const renew = page.getByRole('button', { name: 'Make a new URL…' })
      await renew.click()
      const question = page.getByRole('dialog', { name: 'Make a new recipient URL?' })
      await question.waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Keep the present one')
      await page.keyboard.press('Escape')
      await question.waitFor({ state: 'detached' })
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Make a new URL…')
      assert.equal(window.asked('recipient.renew').length, 0)
      window.answer((command) =>
        command.type === 'recipient.renew'
          ? { ok: true, value: { text: 'http://new.example/t', copied: false } }
          : undefined,
      )
      await renew.click()
      await page.getByRole('button', { name: 'Make and copy' }).click()
      await page.getByRole('textbox', { name: /could not be copied/ }).waitFor()
      assert.equal(window.asked('recipient.renew').length, 1)
    }))

  it('leads back to the set-up assistant', () =>
    open({}, async ({ page }) => {
      await page.getByRole('button', { name: 'Run the set-up assistant again' }).click()
      await page.getByRole('heading', { level: 1, name: 'Set up Rep Tray' }).waitFor()
    }))

  it('saves the settings to a file, and says where it is', () =>
    open({}, async (window) => {
      const { page } = window
      window.answer(({ type }) =>
        type === 'settings.export' ? { ok: true, value: { file: '/home/dana/Downloads/rep-tray.json' } } : undefined,
      )
      await page.getByRole('button', { name: 'Save settings to a file' }).click()
      await page.getByText('Saved: /home/dana/Downloads/rep-tray.json').waitFor()
      window.answer(({ type }) =>
        type === 'settings.export' ? { ok: false, message: 'No file could be made there.' } : undefined,
      )
      await page.getByRole('button', { name: 'Save settings to a file' }).click()
      await page.getByRole('alert').getByText('No file could be made there.').waitFor()
      assert.equal(await page.getByText('Saved:').count(), 0)
    }))

  it('reads settings from a file, and lists what came of each', () =>
    open({}, async (window) => {
      const { page } = window
      const field = page.getByLabel('Read settings from a file')
      const give = (text: string) =>
        field.setInputFiles({ name: 'settings.json', mimeType: 'application/json', buffer: Buffer.from(text) })
      window.answer(({ type }) =>
        type === 'settings.import'
          ? {
              ok: true,
              value: {
                changed: ['listener.port', 'me.name'],
                refused: [{ key: 'nonsense', message: 'There is no such setting.' }],
              },
            }
          : undefined,
      )
      await give('{"listener.port": 8200}')
      await page.getByText('2 settings changed · Port · Name').waitFor()
      await page.getByText('nonsense: There is no such setting.').waitFor()
      await give('{"listener.port": 8200}')
      await until(() => window.asked('settings.import').length === 2, 'the same file can be read again')
      assert.equal(window.asked('settings.import')[0]?.text, '{"listener.port": 8200}')

      window.answer(({ type }) =>
        type === 'settings.import' ? { ok: false, message: 'This is no file of settings.' } : undefined,
      )
      await give('{')
      await page.getByRole('alert').getByText('This is no file of settings.').waitFor()
      assert.equal(await page.getByText('settings changed').count(), 0)
      await give(' '.repeat(40_000))
      await page.getByText('This file is too large').waitFor()
      assert.equal(window.asked('settings.import').length, 3)
    }))

  it('shows a test notification, and quits only after a question', () =>
    open({}, async (window) => {
      const { page } = window
      await page.getByRole('button', { name: 'Show a test notification' }).click()
      await until(() => window.asked('notification.test').length === 1, 'a test is asked for')
      await page.getByRole('button', { name: 'Quit Rep Tray…' }).click()
      await page.getByRole('button', { name: 'Stay' }).click()
      assert.equal(window.asked('app.quit').length, 0)
      await page.getByRole('button', { name: 'Quit Rep Tray…' }).click()
      await page.getByRole('button', { name: 'Quit', exact: true }).click()
      await until(() => window.asked('app.quit').length === 1, 'the end is asked for')
    }))
})
