/** What axe has to say of every view, in both themes, narrow and wide. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Command, Reply, State } from '../../preload/contract.ts'
import { createLab, flaws, type Lab, type TestWindow } from './harness.ts'
import { answerLinks } from './link-states.ts'
import { monday, PROBLEMS, storyOf } from './monday.ts'
import { download, report } from './report-states.ts'
import { details, goTo, hit, keyEdit, lookup, lsidOf, settingInfo, SETTINGS, state } from './states.ts'

let lab: Lab

const FULL = monday({
  problems: PROBLEMS,
  shell: 'browser',
  downloads: [
    download(10),
    download(4, { status: 'done', file: '/home/dana/a.mp4' }),
    download(7, { status: 'failed' }),
  ],
  keyEdits: [keyEdit(5), keyEdit(7, { status: 'notUndone', failures: [{ lsid: lsidOf(7), message: 'Gone.' }] })],
  settings: { ...SETTINGS, 'ticket.url': 'https://tickets.example.com/{key}' },
  settingInfo: settingInfo(['me.repId', 'notify.details', 'window.theme', 'link.mail', 'me.teams']),
})

/** Main as it answers here: everything is known of everything. */
function answer(from: State): (command: Command) => Reply | undefined {
  return (command) => {
    if (command.type === 'session.get') {
      const row = from.sessions.find(({ lsid }) => lsid === command.lsid)
      return { ok: true, value: row === undefined ? null : row.lsid === lsidOf(4) ? storyOf(from) : details(row) }
    }
    if (command.type === 'report.get') return { ok: true, value: report(10) }
    if (command.type !== 'lookup.search') return answerLinks(command)
    return { ok: true, value: [hit(31), hit(32, { customer: null, computer: null, match: 'words' })] }
  }
}

interface Look {
  readonly name: string
  readonly state: State
  readonly prepare?: (window: TestWindow) => Promise<unknown>
}

function press(name: string): (window: TestWindow) => Promise<void> {
  return ({ page }) => page.getByRole('navigation').getByRole('button', { name }).click()
}

const LOOKS: readonly Look[] = [
  { name: 'board', state: FULL },
  { name: 'board, empty', state: state() },
  { name: 'board, first run', state: state({ health: { ...state().health, lastEventAt: null } }) },
  {
    name: 'session, live, with its key being edited',
    state: { ...FULL, goTo: goTo(1, { view: 'session', lsid: lsidOf(4), purpose: 'editKey' }) },
    prepare: ({ page }) => page.getByText('Key set').waitFor(),
  },
  {
    name: 'session, ended, with its report',
    state: { ...FULL, goTo: goTo(1, { view: 'session', lsid: lsidOf(10) }) },
    prepare: async ({ page }) => {
      await page.getByText('It prints again').waitFor()
      await page.getByText('Everything else').click()
    },
  },
  {
    name: 'session, known from the lookup alone',
    state: FULL,
    prepare: async (window) => {
      await press('Lookup')(window)
      await window.page.getByRole('searchbox').fill('INC')
      await window.page.getByRole('row').first().click()
      await window.page.getByText('It prints again').waitFor()
    },
  },
  { name: 'alerts', state: FULL, prepare: press('Alerts') },
  { name: 'alerts, none', state: state(), prepare: press('Alerts') },
  { name: 'activity', state: FULL, prepare: press('Activity') },
  {
    name: 'lookup',
    state: monday({ lookup: lookup('INC', { hits: [hit(31)] }) }),
    prepare: async (window) => {
      await press('Lookup')(window)
      await window.page.getByRole('searchbox').fill('INC')
      await window.page.getByRole('row').first().waitFor()
    },
  },
  {
    name: 'lookup that cannot ask',
    state: monday({ appliance: { ...state().appliance, status: 'unset' } }),
    prepare: press('Lookup'),
  },
  { name: 'settings', state: FULL, prepare: press('Settings') },
  {
    name: 'health',
    state: FULL,
    prepare: ({ page }) => page.getByRole('contentinfo').getByRole('button').last().click(),
  },
  {
    name: 'link for the customer',
    state: { ...FULL, goTo: goTo(1, { view: 'session', lsid: lsidOf(4), purpose: 'link' }) },
    prepare: ({ page }) => page.getByRole('dialog').waitFor(),
  },
  {
    name: 'question',
    state: FULL,
    prepare: async (window) => {
      await press('Settings')(window)
      await window.page.getByRole('button', { name: 'Make a new URL' }).click()
    },
  },
  { name: 'setup', state: { ...FULL, goTo: goTo(1, { view: 'setup' }) } },
  { name: 'quarantine', state: { ...FULL, goTo: goTo(1, { view: 'quarantine' }) } },
]

describe('axe', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  for (const { name, state: shown, prepare } of LOOKS) {
    it(`finds nothing: ${name}`, async () => {
      for (const [colorScheme, width] of [
        ['light', 1100],
        ['dark', 420],
      ] as const) {
        const options = { state: shown, answer: answer(shown), colorScheme, viewport: { width, height: 720 } }
        await lab.use({ ...options, permission: 'default' }, async (window) => {
          await prepare?.(window)
          assert.deepEqual(await flaws(window.page), [], `${colorScheme}, ${width} px`)
        })
      }
    })
  }
})
