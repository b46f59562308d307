/** Whatever stands in a name: it is shown as text, stays in its place, and breaks nothing; in every colour and size. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Reply } from '../../preload/contract.ts'
import { at, createLab, type Lab, type TestWindow } from './harness.ts'
import { monday, PROBLEMS, storyOf } from './monday.ts'
import { faint, overflow } from './probes.ts'
import { activity, alert, details, session, SETTINGS, state, TEAM } from './states.ts'

let lab: Lab

const MARKUP = '<img src=x onerror="document.title=\'owned\'">'
const RTL = 'דנה \u202Etxet desrever\u202C مرحبا'
const LONG_KEY = 'K'.repeat(1024)
const ZALGO = `T${'\u0336\u0311\u0489'.repeat(40)}om`
const WIDE = 'Ŵ'.repeat(300)

const ROWS = [
  session(1, { customer: MARKUP, externalKey: '<b>INC</b>' }),
  session(2, { customer: RTL, owner: { ...TEAM, name: RTL }, relation: 'team', status: 'waiting' }),
  session(3, { customer: 'Long key', externalKey: LONG_KEY }),
  session(4, { customer: ZALGO, externalKey: ZALGO }),
  session(5, { customer: WIDE, owner: { ...TEAM, name: WIDE }, relation: 'team', externalKey: RTL }),
  session(6, { customer: '\n\t', externalKey: ' ', owner: { id: 'embassy:3:x', kind: 'other', ref: '3:x', name: '' } }),
]

const HOSTILE = state({
  sessions: ROWS,
  alerts: ROWS.map((row, index) => alert(index + 1, { title: row.customer ?? '', body: row.externalKey ?? '' })),
  activity: ROWS.map((row, index) =>
    activity(index + 1, {
      customer: row.customer,
      externalKey: row.externalKey,
      subject: WIDE,
      event: MARKUP,
      known: false,
    }),
  ),
  problems: [{ ...(PROBLEMS[0] as (typeof PROBLEMS)[number]), title: WIDE, detail: MARKUP + LONG_KEY }],
  settings: { ...SETTINGS, 'me.name': MARKUP, 'me.teams': [LONG_KEY, MARKUP], 'listener.names': [RTL] },
})

const VIEWS = ['Board', 'Alerts', 'Activity', 'Lookup', 'Settings'] as const

async function eachView(window: TestWindow, body: (view: string) => Promise<void>): Promise<void> {
  for (const view of VIEWS) {
    await window.page.getByRole('navigation').getByRole('button', { name: view }).click()
    await body(view)
  }
}

describe('hostile names, colours and sizes', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('shows markup as text, everywhere', () => {
    const answer = (): Reply => ({
      ok: true,
      value: details(ROWS[0] ?? session(1), { variables: { [MARKUP]: MARKUP } }),
    })
    const options = {
      state: HOSTILE,
      answer: (command: { type: string }) => (command.type === 'session.get' ? answer() : undefined),
    }
    return lab.use(options, async (window) => {
      const { page } = window
      await eachView(window, async () => {
        assert.equal(await page.locator('img, b, script:not([src])').count(), 0)
        assert.equal((await page.title()).includes('owned'), false)
      })
      await page.getByRole('navigation').getByRole('button', { name: 'Board' }).click()
      await page.getByRole('row', { name: MARKUP }).click()
      await page.getByRole('heading', { name: MARKUP }).waitFor()
      await page.locator('.part').getByText(MARKUP).first().waitFor()
      assert.equal(await page.locator('img').count(), 0)
    })
  })

  it('keeps every row as high as the others and everything within the window, from 320 px on', async () => {
    for (const width of [320, 420, 860, 1600]) {
      await lab.use({ state: HOSTILE, viewport: { width, height: 640 } }, async (window) => {
        await eachView(window, async (view) => {
          assert.deepEqual(await overflow(window.page), [], `${view} at ${width}`)
          const heights = await window.page
            .locator('.row:not(.row-heading)')
            .evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().height)))
          assert.equal(new Set(heights).size <= 1, true, `${view} at ${width}: ${heights.join()}`)
        })
        await window.page.getByRole('contentinfo').getByRole('button').last().click()
        assert.deepEqual(await overflow(window.page), [], `health at ${width}`)
      })
    }
  })

  it('keeps details within the window, too', () => {
    const row = ROWS[2] ?? session(3)
    const value = details(row, {
      variables: { [WIDE]: WIDE, x: LONG_KEY },
      keys: [{ key: LONG_KEY, at: row.updatedAt }],
      owners: [{ owner: { ...TEAM, name: WIDE }, at: row.updatedAt }],
    })
    const options = {
      state: { ...HOSTILE, goTo: { seq: 1, place: at(row.lsid) } },
      viewport: { width: 320, height: 640 },
      answer: (command: { type: string }): Reply | undefined =>
        command.type === 'session.get' ? { ok: true, value } : undefined,
    }
    return lab.use(options, async ({ page }) => {
      await page.getByRole('heading', { name: 'Other variables' }).waitFor()
      assert.deepEqual(await overflow(page), [])
      const pane = await page.locator('.session').evaluate((one) => [one.scrollWidth, one.clientWidth])
      assert.equal(pane[0], pane[1])
    })
  })

  it('lets no name turn the words around it', () => {
    // A right-to-left override that is never closed.
    const name = '\u202Eyad dog'
    const row = session(1, { customer: name, owner: { ...TEAM, name }, relation: 'team', representatives: ['Last'] })
    const value = details(row, { timeline: [{ seq: 1, at: 1, kind: 'left', member: { type: 'customer', name } }] })
    const options = {
      state: state({ sessions: [row], goTo: { seq: 1, place: at(row.lsid) } }),
      answer: (command: { type: string }): Reply | undefined =>
        command.type === 'session.get' ? { ok: true, value } : undefined,
    }
    return lab.use(options, async ({ page }) => {
      const present = page.locator('.facts dd').last()
      await present.getByText('Last').waitFor()
      const [customer, representative] = await present
        .locator('.name')
        .evaluateAll((names) => names.map((one) => one.getBoundingClientRect().left))
      assert.ok((customer ?? 0) < (representative ?? 0), `the customer at ${customer}, then ${representative}`)
      const words = page.locator('.timeline-words')
      // Where the first and the last letters of “Customer … left” are drawn.
      const [first, last] = await words.evaluate((element) => {
        const text = element.firstChild
        const length = text?.textContent?.length ?? 0
        return [0, length - 1].map((start) => {
          const range = document.createRange()
          if (text !== null) {
            range.setStart(text, start)
            range.setEnd(text, start + 1)
          }
          return range.getBoundingClientRect().left
        })
      })
      const end = await words.evaluate((element) => {
        const range = document.createRange()
        range.selectNodeContents(element)
        return range.getBoundingClientRect().right
      })
      assert.ok((first ?? 0) < (last ?? 0) && end - (last ?? 0) < 12, `“left” ends the line: ${first} ${last} ${end}`)
    })
  })

  it('stands text of twice the size', () =>
    lab.use({ state: HOSTILE, viewport: { width: 420, height: 640 } }, async (window) => {
      const { page } = window
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%'
      })
      await eachView(window, async (view) => {
        assert.deepEqual(await overflow(page), [], view)
        const cut = await page
          .locator('.row:not(.row-heading)')
          .evaluateAll((rows) => rows.filter((row) => row.scrollHeight > row.clientHeight + 1).length)
        assert.equal(cut, 0, `${view}: nothing is cut off at the bottom of a row`)
      })
    }))

  it('has enough contrast in both themes, and by request more', async () => {
    for (const options of [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { colorScheme: 'light', contrast: 'more' },
      { colorScheme: 'dark', contrast: 'more' },
    ] as const) {
      const full = monday({ problems: PROBLEMS, shell: 'browser' })
      const answer = (command: { type: string }): Reply | undefined =>
        command.type === 'session.get' ? { ok: true, value: storyOf(full) } : undefined
      const wide = { width: 1100, height: 720 }
      await lab.use({ ...options, state: full, answer, viewport: wide, permission: 'default' }, async (window) => {
        const { page } = window
        await page.getByRole('row', { name: 'Priya' }).click()
        await page.getByText('Key set').waitFor()
        await eachView(window, async (view) => {
          assert.deepEqual(await faint(page), [], `${view} ${JSON.stringify(options)}`)
        })
        await page.getByRole('contentinfo').getByRole('button').last().click()
        await window.link(false)
        assert.deepEqual(await faint(page), [], `health ${JSON.stringify(options)}`)
      })
    }
  })

  it('obeys the theme of the settings against the system’s', async () => {
    const dark = state({ settings: { ...SETTINGS, 'window.theme': 'dark' } })
    await lab.use({ state: dark, colorScheme: 'light' }, async ({ page, push }) => {
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      const night = await ground()
      await push(state({ settings: { ...SETTINGS, 'window.theme': 'system' } }))
      assert.notEqual(await ground(), night)
    })
  })

  it('renders in forced colours, with states told by more than a background', () =>
    lab.use({ state: monday({ problems: PROBLEMS }), forcedColors: 'active' }, async (window) => {
      const { page } = window
      await eachView(window, async (view) => assert.deepEqual(await overflow(page), [], view))
      await page.getByRole('navigation').getByRole('button', { name: 'Board' }).click()
      const [chosen, other] = await page
        .locator('.segment')
        .evaluateAll((all) =>
          [all.find((one) => one.matches(':has(:checked)')), all.find((one) => !one.matches(':has(:checked)'))].map(
            (one) => (one === undefined ? '' : getComputedStyle(one).backgroundColor),
          ),
        )
      assert.notEqual(chosen, other)
    }))

  it('moves nothing when motion is unwanted', () =>
    lab.use({ state: monday(), reducedMotion: 'reduce' }, async (window) => {
      await eachView(window, async (view) => {
        const moving = await window.page.locator('*').evaluateAll(
          (all) =>
            all.filter((one) => {
              const style = getComputedStyle(one)
              return style.animationDuration !== '0s' || !['0s', ''].includes(style.transitionDuration)
            }).length,
        )
        assert.equal(moving, 0, view)
      })
    }))

  it('has targets of 24 px and more', () =>
    lab.use({ state: monday({ problems: PROBLEMS }), permission: 'default' }, async (window) => {
      await window.page.getByRole('contentinfo').getByRole('button').last().click()
      await eachView(window, async (view) => {
        const filter = window.page.getByRole('searchbox')
        if ((await filter.count()) > 0) await filter.fill('e')
        const small = await window.page
          .locator('button, input:not([type=radio]):not([type=checkbox]), .segment, .switch')
          .evaluateAll((all) =>
            all
              .map((one) => ({ box: one.getBoundingClientRect(), html: one.outerHTML.slice(0, 90) }))
              .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
              .map(({ html }) => html),
          )
        assert.deepEqual(small, [], view)
      })
    }))
})
