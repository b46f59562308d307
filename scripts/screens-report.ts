/** Pictures of what the appliance has kept of a session, and of recordings on their way. */
import type { Command, Reply, State } from '../preload/contract.ts'
import { at } from '../test/renderer/harness.ts'
import { monday } from '../test/renderer/monday.ts'
import { download, report } from '../test/renderer/report-states.ts'
import { details, hit, lsidOf, SETTINGS, state } from '../test/renderer/states.ts'
import type { Shot } from './screens.ts'

const HIT = hit(31, { customer: 'Elena Petrova', externalKey: 'INC0010471', computer: 'KIEL-H4-0117' })

/** A session that has ended, with downloads in all states. */
const ENDED: State = {
  ...monday({
    settings: { ...SETTINGS, 'ticket.url': 'https://tickets.example.com/{key}' },
    downloads: [
      download(10),
      download(11, { kind: 'commandShell', instance: 0, status: 'done', file: '/home/dana/Downloads/a.mp4' }),
      download(12, { status: 'failed', message: 'The appliance closed the connection.' }),
      download(13, { status: 'cancelled' }),
    ],
  }),
  goTo: { seq: 1, place: at(lsidOf(10)) },
}

function answerEnded(command: Command): Reply | undefined {
  const row = ENDED.sessions.find(({ lsid }) => lsid === lsidOf(10))
  if (command.type === 'session.get' && row !== undefined) return { ok: true, value: details(row) }
  return command.type === 'report.get' ? { ok: true, value: report(10) } : undefined
}

export const REPORT_SHOTS: readonly Shot[] = [
  {
    name: 'report',
    state: ENDED,
    options: { answer: answerEnded },
    prepare: async ({ page }) => {
      await page.getByRole('heading', { name: 'From the appliance' }).waitFor()
      await page.locator('.report').evaluate((element) => element.scrollIntoView())
    },
  },
  {
    name: 'report-chat',
    state: { ...ENDED, downloads: [] },
    options: { answer: answerEnded },
    prepare: async ({ page }) => {
      await page.getByRole('heading', { name: 'Recordings' }).evaluate((element) => element.scrollIntoView())
    },
  },
  {
    name: 'report-end',
    state: ENDED,
    options: { answer: answerEnded },
    prepare: async ({ page }) => {
      await page.getByText('Everything else').click()
      await page.locator('.session').evaluate((element) => element.scrollTo(0, element.scrollHeight))
    },
  },
  {
    name: 'report-live',
    state: { ...monday(), goTo: { seq: 1, place: at(lsidOf(4)) } },
    prepare: async ({ page }) => {
      await page.locator('.report').evaluate((element) => element.scrollIntoView())
    },
  },
  {
    name: 'report-failed',
    state: { ...ENDED, appliance: { ...state().appliance, status: 'unset' } },
    options: {
      answer: (command): Reply | undefined =>
        command.type === 'report.get' ? { ok: false, message: 'The appliance did not answer.' } : answerEnded(command),
    },
    prepare: async ({ page }) => {
      await page.locator('.report').evaluate((element) => element.scrollIntoView())
    },
  },
  {
    name: 'report-hit',
    state: monday(),
    options: {
      answer: (command): Reply | undefined => {
        if (command.type === 'lookup.search') return { ok: true, value: [HIT] }
        if (command.type === 'report.get') return { ok: true, value: report(31) }
        return command.type === 'session.get' ? { ok: true, value: null } : undefined
      },
    },
    prepare: async ({ page }) => {
      await page.keyboard.press('Control+4')
      await page.getByRole('searchbox').fill('INC0010471')
      await page.getByRole('row').first().click()
      await page.getByRole('heading', { name: 'Chat' }).waitFor()
    },
  },
  {
    name: 'by-hand',
    state: { ...ENDED, shell: 'browser' },
    options: {
      answer: (command): Reply | undefined =>
        command.type === 'report.open'
          ? { ok: true, value: { url: 'https://support.example.com/login/session_report?lsid=1', opened: false } }
          : answerEnded(command),
    },
    prepare: ({ page }) => page.getByRole('button', { name: 'Web report' }).click(),
  },
]
