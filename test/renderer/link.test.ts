/** The link for the customer: made while one types, with what is wrong at its field, scanned and copied. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { qrOf } from '../../main/appliance/qr.ts'
import type { ConnectorChoice, ConnectorUrl, Reply, State } from '../../preload/contract.ts'
import { at, createLab, until, type Answer, type Lab, type TestWindow, type WindowOptions } from './harness.ts'
import { answerLinks, drawnCode, linkable } from './link-states.ts'
import { faint, overflow } from './probes.ts'
import { details, hit, session, state } from './states.ts'

let lab: Lab

const ROW = session(4, { customer: 'Priya Natarajan' })

function shown(appliance = linkable(), row = ROW): State {
  return state({ sessions: [row], goTo: { seq: 1, place: at(row.lsid) }, appliance })
}

/** Answers as main would, but for what `other` says. */
function answering(other: Answer = () => undefined): Answer {
  return async (command): Promise<Reply | undefined> => {
    if (command.type === 'session.get') return { ok: true, value: details(ROW) }
    if (command.type === 'lookup.search') return { ok: true, value: [hit(8)] }
    return (await other(command)) ?? answerLinks(command)
  }
}

/** The last link was made of this. */
function last(value: Partial<ConnectorChoice>): Answer {
  const empty = { issueId: '', customerName: '', company: '', companyCode: '', description: '', externalKey: '' }
  return (command) => (command.type === 'connector.last' ? { ok: true, value: { ...empty, ...value } } : undefined)
}

/** Every question for a link is answered with this. */
function always(value: ConnectorUrl): Answer {
  return (command) => (command.type === 'connector.build' ? { ok: true, value } : undefined)
}

async function open(
  body: (window: TestWindow) => Promise<void>,
  { answer, ...options }: WindowOptions = {},
): Promise<void> {
  await lab.use({ state: shown(), ...options, answer: answering(answer) }, async (window) => {
    const button = window.page.getByRole('button', { name: 'Link for the customer' })
    await button.focus()
    await window.page.keyboard.press('Enter')
    await window.page.getByRole('dialog', { name: 'Link for the customer' }).waitFor()
    await body(window)
  })
}

const issue = ({ page }: TestWindow) => page.getByRole('combobox', { name: 'Issue' })

async function preview(window: TestWindow, url: string): Promise<void> {
  const field = window.page.getByRole('textbox', { name: 'Link', exact: true })
  await until(async () => (await field.count()) === 1 && (await field.inputValue()) === url, url)
}

const focused = ({ page }: TestWindow) => page.evaluate(() => document.activeElement?.tagName)

describe('link for the customer', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('takes over what is known, follows what is typed, and is copied', () =>
    open(async (window) => {
      const { page } = window
      assert.equal(await page.getByLabel('Customer’s name').inputValue(), 'Priya Natarajan')
      assert.deepEqual(
        await page.locator('optgroup').evaluateAll((all) => all.map((one) => (one as HTMLOptGroupElement).label)),
        ['Network', 'Licences', 'My teams', 'Licences: Teams by issue'],
      )
      assert.equal(await focused(window), 'SELECT')
      await page.getByText('Choose an issue: it says').waitFor()
      assert.equal(await issue(window).getAttribute('aria-invalid'), 'false')
      assert.equal(await page.getByRole('button', { name: 'Copy link' }).isDisabled(), true)
      await issue(window).selectOption('Office')
      await page.getByLabel('Company', { exact: true }).fill('Acme')
      await preview(window, 'https://support.example.com/?i=7&c=Acme&k=INC0010004')
      await page.getByRole('button', { name: 'Copy link' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      await page.getByRole('dialog').getByText('Link copied').waitFor()
      await page.getByRole('button', { name: 'Copy mail text' }).click()
      await until(() => window.asked('connector.copy').length === 2, 'the mail is asked for')
      const choice = {
        issueId: '7',
        customerName: 'Priya Natarajan',
        company: 'Acme',
        companyCode: '',
        description: '',
        externalKey: 'INC0010004',
      }
      assert.deepEqual(window.asked('connector.copy'), [
        { type: 'connector.copy', choice, as: 'url' },
        { type: 'connector.copy', choice, as: 'mail' },
      ])
    }))

  it('remembers the last link of the ticket; the session’s own data win', () =>
    open(
      async (window) => {
        const { page } = window
        await preview(window, 'https://support.example.com/?i=3&c=ACME&k=INC0010004')
        assert.deepEqual(window.asked('connector.last'), [{ type: 'connector.last', externalKey: 'INC0010004' }])
        assert.equal(await page.getByLabel('Customer’s name').inputValue(), 'Priya Natarajan')
        assert.equal(await page.getByLabel('Description').inputValue(), 'It burns')
        await page.getByLabel('Description').fill('')
        await until(() => window.asked('connector.build').at(-1)?.choice.description === '', 'it can be emptied')
      },
      { answer: last({ issueId: '3', customerName: 'P. N.', company: 'ACME', description: 'It burns' }) },
    ))

  it('forgets an issue that is gone, and takes the only one', async () => {
    await open(
      async (window) => {
        await until(() => window.asked('connector.build').at(-1)?.choice.company === 'ACME', 'the rest is taken over')
        assert.equal(window.asked('connector.build').at(-1)?.choice.issueId, '')
        assert.equal(await issue(window).inputValue(), '')
      },
      { answer: last({ issueId: '99', company: 'ACME' }) },
    )
    const [only] = linkable().teams
    await open((window) => preview(window, 'https://support.example.com/?i=3&c=&k=INC0010004'), {
      state: shown(linkable({ teams: only === undefined ? [] : [only] })),
    })
  })

  it('shows a code that is what main made, dark on white, with room around it, in every theme', async () => {
    const url = 'https://support.example.com/?i=3&c=&k=INC0010004'
    const expected = qrOf(url) ?? []
    for (const theme of [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { colorScheme: 'dark', forcedColors: 'active' },
    ] as const) {
      await open(async (window) => {
        await issue(window).selectOption('VPN')
        const picture = window.page.getByRole('img', { name: 'QR code of the link' })
        await picture.waitFor()
        const drawn = await picture.evaluate(drawnCode)
        const free = '0'.repeat(4)
        const blank = '0'.repeat(expected.length + 8)
        const framed = expected.map((row) => `${free}${row}${free}`)
        assert.deepEqual(drawn.rows, [blank, blank, blank, blank, ...framed, blank, blank, blank, blank])
        assert.deepEqual(drawn.colours, ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
        assert.deepEqual(drawn.ground, [String(blank.length), String(blank.length)])
        assert.ok(drawn.perModule >= 3 && Number.isInteger(drawn.perModule), `${drawn.perModule} px to a module`)
      }, theme)
    }
  })

  it('enlarges the code by keyboard; Escape takes that away first, then the form', () =>
    open(async (window) => {
      const { page } = window
      await issue(window).selectOption('VPN')
      const small = await page.getByRole('img', { name: 'QR code' }).boundingBox()
      const enlarge = page.getByRole('button', { name: 'Enlarge QR code' })
      await enlarge.focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'QR code of the link' })
      await dialog.waitFor()
      const large = await dialog.getByRole('img', { name: 'QR code' }).boundingBox()
      assert.ok((large?.width ?? 0) >= 380 && (large?.width ?? 0) > (small?.width ?? 0))
      assert.deepEqual(await overflow(page), [])
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Enlarge QR code')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }))

  it('is left by Escape, and the session stays', () =>
    open(async ({ page }) => {
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Link for the customer…')
    }))

  it('is what the tray came for; once it is left, the focus is in the session, and it stays away', async () => {
    for (const viewport of [
      { width: 420, height: 640 },
      { width: 1100, height: 720 },
    ]) {
      const from = { ...shown(), goTo: null }
      await lab.use({ state: from, answer: answering(), viewport }, async (window) => {
        const { page } = window
        const place = { view: 'session', lsid: ROW.lsid, purpose: 'link' } as const
        await window.push({ ...from, goTo: { seq: 2, place } })
        await page.getByRole('dialog', { name: 'Link for the customer' }).waitFor()
        assert.equal(await page.getByLabel('Customer’s name').inputValue(), 'Priya Natarajan')
        assert.equal(await focused(window), 'SELECT')
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        const heading = page.getByRole('heading', { name: 'Priya Natarajan' })
        assert.ok(await heading.evaluate((element) => element === document.activeElement))
        await window.push({ ...from, goTo: { seq: 2, place }, health: { ...from.health, stored: 9 } })
        assert.equal(await page.getByRole('dialog').count(), 0)
      })
    }
  })

  it('says what is wrong at its field, and makes no link until it is mended', () =>
    open(
      async ({ page }) => {
        await page.getByText('This has 2000 bytes.').waitFor()
        const field = page.getByLabel('Description')
        assert.equal(await field.getAttribute('aria-invalid'), 'true')
        const described = await field.getAttribute('aria-describedby')
        assert.equal(await page.locator(`[id="${described}"]`).innerText(), 'This has 2000 bytes.')
        assert.equal(await page.getByRole('button', { name: 'Copy link' }).isDisabled(), true)
        assert.equal(await page.getByRole('button', { name: 'Copy mail text' }).isDisabled(), true)
        assert.equal(await page.getByRole('img', { name: 'QR code' }).count(), 0)
      },
      {
        answer: always({
          url: null,
          qr: null,
          problems: [{ field: 'description', message: 'This has 2000 bytes.' }],
        }),
      },
    ))

  it('says what no field can mend', async () => {
    await open(({ page }) => page.getByText('This is no host name.').waitFor(), {
      answer: always({ url: null, qr: null, problems: [{ field: 'host', message: 'This is no host name.' }] }),
    })
    await open(({ page }) => page.getByText('Enter the host first.').waitFor(), {
      answer: (command) =>
        command.type === 'connector.build' ? { ok: false, message: 'Enter the host first.' } : undefined,
    })
  })

  it('says why there is no issue to choose from', async () => {
    await open(({ page }) => page.getByText('The appliance’s API is not set up.').first().waitFor(), {
      state: shown(linkable({ status: 'unset', teams: [] })),
    })
    await open(
      async (window) => {
        // A session key can be made without one, so that comes first.
        assert.equal(await window.page.getByRole('radio', { name: 'Session key' }).isChecked(), true)
        await window.page.getByRole('radio', { name: 'Link with an issue' }).click()
        await window.page.getByText('The appliance lists no issue').waitFor()
        assert.equal(await issue(window).isDisabled(), true)
      },
      { state: shown(linkable({ teams: [] })) },
    )
  })

  it('can be copied by hand where the clipboard is out of reach, link and mail', () =>
    open(
      async (window) => {
        const { page } = window
        await issue(window).selectOption('VPN')
        for (const name of ['Copy link', 'Copy mail text']) {
          await page.getByRole('button', { name }).click()
          await page.getByText('could not be copied from here. Select it and copy it yourself').waitFor()
          assert.equal(await focused(window), 'TEXTAREA')
          const marked = await page.evaluate(() => String(getSelection()))
          assert.equal(marked, name === 'Copy link' ? 'text as url' : 'text as mail')
        }
      },
      {
        answer: (command) =>
          command.type === 'connector.copy'
            ? { ok: true, value: { text: `text as ${command.as}`, copied: false } }
            : undefined,
      },
    ))

  it('says why it was not copied', () =>
    open(
      async (window) => {
        await issue(window).selectOption('VPN')
        await window.page.getByRole('button', { name: 'Copy link' }).click()
        await window.page.getByRole('alert').getByText('That did not work.').waitFor()
      },
      {
        answer: (command) =>
          command.type === 'connector.copy' ? { ok: false, message: 'That did not work.' } : undefined,
      },
    ))

  it('is made from a row of the lookup, too', () =>
    lab.use({ answer: answering() }, async ({ page }) => {
      await page.keyboard.press('Control+4')
      await page.keyboard.type('c')
      await page.getByRole('row', { name: 'Customer 8' }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      assert.equal(await page.getByLabel('Customer’s name').inputValue(), 'Customer 8')
      assert.equal(await page.getByRole('textbox', { name: 'External key' }).inputValue(), 'INC0010008')
    }))

  it('fits a narrow window, legibly in both themes', async () => {
    const url = `https://support.example.com/${'x'.repeat(2_000)}`
    const fields = ['issueId', 'customerName', 'company', 'externalKey']
    const problems = fields.map((field) => ({ field, message: 'Ŵ'.repeat(200) }))
    for (const value of [
      { url, qr: qrOf(url), problems: [] },
      { url: null, qr: null, problems },
    ]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await open(
          async (window) => {
            if (value.url === null) await window.page.getByText('ŴŴ').first().waitFor()
            else await preview(window, url)
            assert.deepEqual(await overflow(window.page), [])
            assert.deepEqual(await faint(window.page), [])
          },
          { answer: always(value), colorScheme, viewport: { width: 320, height: 480 } },
        )
      }
    }
  })
})
