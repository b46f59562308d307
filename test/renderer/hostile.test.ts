/** Whatever stands in a name: it is shown as text, stays in its place, and breaks nothing; in every colour and size. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { Reply } from '../../preload/contract.ts'
import { at, createLab, type Lab, type TestWindow } from './harness.ts'
import { monday, PROBLEMS, storyOf } from './monday.ts'
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

const VIEWS = ['Board', 'Alerts', 'Activity', 'Settings'] as const

/** What sticks out of the window sideways, be it cut off there or not; but for text that ends in an ellipsis. */
async function overflow(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    function endsInEllipsis(element: Element): boolean {
      for (let one = element.parentElement; one !== null; one = one.parentElement)
        if (getComputedStyle(one).textOverflow === 'ellipsis') return true
      return false
    }
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect()
      const seen = box.width > 0 && box.height > 0 && element.closest('.hidden-text, .rows-ruler') === null
      return seen && (box.right > width + 1 || box.left < -1) && !endsInEllipsis(element)
    })
    return wide.map((element) => element.outerHTML.slice(0, 120))
  })
}

async function eachView(window: TestWindow, body: (view: string) => Promise<void>): Promise<void> {
  for (const view of VIEWS) {
    await window.page.getByRole('navigation').getByRole('button', { name: view }).click()
    await body(view)
  }
}

/** Text whose contrast with what it stands on is below 4.5:1 (3:1 where it is large). */
async function faint(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const known = new Map<string, readonly [number, number, number, number]>()
    function rgba(color: string): readonly [number, number, number, number] {
      const made = known.get(color) ?? paint(color)
      known.set(color, made)
      return made
    }
    function paint(color: string): readonly [number, number, number, number] {
      if (canvas === null) return [0, 0, 0, 0]
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = color
      canvas.fillRect(0, 0, 1, 1)
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data
      return [r, g, b, a / 255]
    }
    function light([r, g, b]: readonly number[]): number {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((part = 0) =>
        part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      )
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    function ground(element: Element | null): readonly number[] {
      for (let one = element; one !== null; one = one.parentElement) {
        const color = rgba(getComputedStyle(one).backgroundColor)
        if (color[3] > 0.99) return color
      }
      return [255, 255, 255]
    }
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement
      const text = (node.textContent ?? '').trim()
      if (element === null || text === '' || element.closest('.hidden-text, [data-disabled], noscript') !== null)
        continue
      const style = getComputedStyle(element)
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      const [a, b] = [light(rgba(style.color)), light(ground(element))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${text.slice(0, 40)} (${element.className})`)
    }
    return found
  })
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
          [
            all.find((one) => one.hasAttribute('data-selected')),
            all.find((one) => !one.hasAttribute('data-selected')),
          ].map((one) => (one === undefined ? '' : getComputedStyle(one).backgroundColor)),
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
