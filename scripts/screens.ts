/**
 * Takes pictures of the window: every view, light and dark, narrow and wide, and the board in forced colours.
 * `npm run screens -- FOLDER [NAME…]`. For looking at; nothing compares them.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CheckStep, Reply, State } from '../preload/contract.ts'
import { at, createLab, type TestWindow, type WindowOptions } from '../test/renderer/harness.ts'
import { LINK_SHOTS } from './screens-link.ts'
import { QUICK_SHOTS } from './screens-quick.ts'
import { REPORT_SHOTS } from './screens-report.ts'
import { SETUP_SHOTS } from './screens-setup.ts'
import { monday, PROBLEMS, storyOf } from '../test/renderer/monday.ts'
import { ago, hit, keyEdit, lookup, lsidOf, settingInfo, SETTINGS, state } from '../test/renderer/states.ts'

const SIZES = [
  { width: 420, height: 640 },
  { width: 1100, height: 720 },
] as const

export interface Shot {
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
  listener: { status: 'failed', addresses: [], retryAt: ago(-0.5), certificate: null },
  relay: null,
  lastEventAt: ago(4),
  stored: 1204,
  repeated: 3,
  held: 0,
  quarantined: 1,
  catchingUp: false,
}

const HITS = [
  hit(4, { customer: 'Priya Natarajan', externalKey: 'INC0010471', computer: 'KIEL-H4-0117', endedAt: null }),
  hit(31, { customer: 'Priya Natarajan', externalKey: 'inc0010471', match: 'anyCase', computer: 'KIEL-H4-0117' }),
  hit(32, { customer: null, externalKey: 'INC00104711', match: 'prefix', computer: null }),
  hit(33, { customer: 'Margarethe Fürstenberg-Liechtenstein', externalKey: null, match: 'words' }),
]

const STEPS: readonly CheckStep[] = [
  { step: 'name', status: 'ok', message: 'support.example.com is known.', detail: '192.0.2.10' },
  { step: 'port', status: 'ok', message: 'Port 443 answers.', detail: '' },
  {
    step: 'tls',
    status: 'failed',
    message: 'The certificate has run out. IT must renew it.',
    detail: 'CERT_HAS_EXPIRED',
  },
  { step: 'credentials', status: 'skipped', message: '', detail: '' },
  { step: 'permission', status: 'skipped', message: '', detail: '' },
]

async function find(window: TestWindow): Promise<void> {
  await press('Lookup')(window)
  await window.page.getByRole('searchbox').fill('INC0010471')
  await window.page.getByRole('row').first().waitFor()
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
  {
    name: 'key',
    state: monday({ keyEdits: [keyEdit(1, { lsids: [lsidOf(5)], key: 'INC0010499' })] }),
    prepare: async ({ page }) => {
      await page.getByRole('row', { name: 'Priya' }).getByRole('button', { name: 'Edit external key' }).click()
      await page.getByRole('checkbox', { name: 'Luis' }).click()
      await page.getByRole('textbox', { name: 'External key' }).fill('10499')
    },
  },
  {
    name: 'key-session',
    state: {
      ...monday({
        keyEdits: [
          keyEdit(1, {
            status: 'failed',
            lsids: [lsidOf(5)],
            failures: [{ lsid: lsidOf(5), message: 'The appliance did not answer in time.' }],
          }),
        ],
      }),
      goTo: { seq: 1, place: at(lsidOf(4)) },
    },
    prepare: async ({ page }) => {
      await page.locator('.session').getByRole('button', { name: 'Edit external key' }).click()
    },
  },
  { name: 'alerts', state: monday(), prepare: press('Alerts') },
  { name: 'activity', state: monday(), prepare: press('Activity') },
  {
    name: 'lookup',
    state: monday(),
    options: { answer: (command) => (command.type === 'lookup.search' ? { ok: true, value: HITS } : undefined) },
    prepare: find,
  },
  {
    name: 'lookup-asking',
    state: monday({ lookup: lookup('INC0010471', { hits: HITS }) }),
    prepare: find,
  },
  {
    name: 'lookup-cannot',
    state: monday({ appliance: { ...state().appliance, status: 'unset' } }),
    prepare: press('Lookup'),
  },
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
    name: 'settings-lines',
    state: monday({
      settings: { ...SETTINGS, 'link.mail': 'Hello {customer},\n\nplease open {link}\n\nYour service desk' },
    }),
    prepare: async (window) => {
      await press('Settings')(window)
      await window.page.getByRole('textbox', { name: 'Mail with a link' }).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'settings-appliance',
    state: monday({
      appliance: { ...state().appliance, cannot: { lookup: 'The API account may not read reports.' } },
    }),
    options: {
      answer: (command): Reply | undefined =>
        command.type === 'appliance.check' ? { ok: true, value: STEPS } : undefined,
    },
    prepare: async (window) => {
      await press('Settings')(window)
      await window.page.getByRole('button', { name: 'Test the connection' }).click()
      await window.page.locator('.check-step').last().scrollIntoViewIfNeeded()
    },
  },
  ...LINK_SHOTS,
  ...QUICK_SHOTS,
  ...REPORT_SHOTS,
  ...SETUP_SHOTS,
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
