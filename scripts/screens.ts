/**
 * Takes pictures of the window: every view, light and dark, narrow and wide, and the board in forced colours.
 * `npm run screens -- FOLDER [NAME…]`. For looking at; nothing compares them.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Reply, State } from '../preload/contract.ts'
import { at, createLab, type TestWindow, type WindowOptions } from '../test/renderer/harness.ts'
import { monday, PROBLEMS, storyOf } from '../test/renderer/monday.ts'
import { ago, lsidOf, settingInfo, SETTINGS, state } from '../test/renderer/states.ts'

const SIZES = [
  { width: 420, height: 640 },
  { width: 1100, height: 720 },
] as const

interface Shot {
  readonly name: string
  readonly state: State
  readonly options?: WindowOptions
  /** Brings the window to where it is to be seen. */
  readonly prepare?: (window: TestWindow) => Promise<void>
}

function press(name: string): (window: TestWindow) => Promise<void> {
  return ({ page }) => page.getByRole('navigation').getByRole('button', { name }).click()
}

const failed: State['health'] = {
  listener: { status: 'failed', addresses: [], retryAt: ago(-0.5) },
  lastEventAt: ago(4),
  stored: 1204,
  repeated: 3,
  quarantined: 1,
  catchingUp: false,
}

const SHOTS: readonly Shot[] = [
  { name: 'board', state: monday() },
  {
    name: 'board-all',
    state: monday(),
    prepare: ({ page }) => page.getByText('All', { exact: false }).first().click(),
  },
  { name: 'board-first-run', state: state({ health: { ...monday().health, lastEventAt: null, stored: 0 } }) },
  { name: 'board-calm', state: state() },
  {
    name: 'board-nobody',
    state: state({ settings: { ...SETTINGS, 'me.repId': '', 'me.username': '', 'me.name': '' } }),
  },
  {
    name: 'board-no-match',
    state: monday(),
    prepare: ({ page }) => page.getByRole('searchbox').fill('INC0099999'),
  },
  {
    name: 'session',
    state: { ...monday(), goTo: { seq: 1, place: at(lsidOf(4)) } },
  },
  {
    name: 'session-end',
    state: { ...monday(), goTo: { seq: 1, place: at(lsidOf(4)) } },
    prepare: async ({ page }) => {
      await page.getByRole('heading', { name: 'Other variables' }).waitFor()
      await page.locator('.session').evaluate((element) => element.scrollTo(0, element.scrollHeight))
    },
  },
  { name: 'alerts', state: monday(), prepare: press('Alerts') },
  { name: 'activity', state: monday(), prepare: press('Activity') },
  {
    name: 'settings',
    state: monday({ settingInfo: settingInfo(['notify.details', 'me.repId']) }),
    prepare: press('Settings'),
  },
  {
    name: 'settings-listener',
    state: monday({ settingInfo: settingInfo(['listener.allow', 'journal.days']) }),
    options: {
      answer: (command): Reply | undefined =>
        command.type === 'settings.set'
          ? { ok: false, message: 'This must be a whole number from 0 to 65535.' }
          : undefined,
    },
    prepare: async (window) => {
      await press('Settings')(window)
      const { page } = window
      await page.getByRole('heading', { name: 'Receiving events' }).scrollIntoViewIfNeeded()
      await page.getByLabel('Port', { exact: true }).fill('99999')
      await page.keyboard.press('Enter')
      await page.getByText('from 0 to 65535').waitFor()
      await page.locator('.settings-list').evaluate((list) => {
        const heading = list.querySelector('#group-listener')
        list.scrollTop += (heading?.getBoundingClientRect().top ?? 0) - list.getBoundingClientRect().top - 8
      })
    },
  },
  {
    name: 'settings-renew',
    state: monday(),
    prepare: async (window) => {
      await press('Settings')(window)
      await window.page.getByRole('button', { name: 'Make a new URL' }).click()
    },
  },
  {
    name: 'health',
    state: monday({ problems: PROBLEMS, health: failed }),
    prepare: ({ page }) => page.getByRole('contentinfo').getByRole('button').click(),
  },
  { name: 'health-closed', state: monday({ problems: PROBLEMS.slice(1) }) },
  { name: 'link-lost', state: monday(), prepare: (window) => window.link(false) },
  { name: 'permission', state: monday({ shell: 'browser' }), options: { permission: 'default' } },
  {
    name: 'denied-and-quiet',
    state: monday({ shell: 'browser', settings: { ...SETTINGS, 'notify.quiet': true } }),
    options: { permission: 'denied' },
    prepare: press('Settings'),
  },
]

const [to = 'screens', ...names] = process.argv.slice(2)
const folder = resolve(to)
mkdirSync(folder, { recursive: true })
const lab = await createLab()

async function take(shot: Shot, size: (typeof SIZES)[number], look: string, options: WindowOptions): Promise<void> {
  const window = await lab.open({
    state: shot.state,
    viewport: size,
    deviceScaleFactor: 2,
    answer: (command): Reply | undefined =>
      command.type === 'session.get' ? { ok: true, value: storyOf(shot.state) } : undefined,
    ...shot.options,
    ...options,
  })
  try {
    await shot.prepare?.(window)
    // What was just pressed would be shown as hovered.
    await window.page.mouse.move(0, 0)
    await window.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 250))))
    await window.page.screenshot({ path: join(folder, `${shot.name}-${size.width}-${look}.png`) })
  } finally {
    await window.close()
  }
}

try {
  for (const size of SIZES) {
    for (const shot of SHOTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      for (const colorScheme of ['light', 'dark'] as const) await take(shot, size, colorScheme, { colorScheme })
    }
    const [board] = SHOTS
    if (board !== undefined && (names.length === 0 || names.includes(board.name)))
      await take(board, size, 'forced', { forcedColors: 'active', colorScheme: 'dark' })
  }
} finally {
  await lab.close()
}
console.log(`pictures are in ${folder}`)
