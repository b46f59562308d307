/** Pictures of the set-up assistant and of settings in a file. */
import type { Command, Reply, State } from '../preload/contract.ts'
import { answerAll, FORM, fresh, manyReps, READY, steps } from '../test/renderer/first-run.ts'
import type { TestWindow } from '../test/renderer/harness.ts'
import { monday } from '../test/renderer/monday.ts'
import { ago, alert, settingInfo, SETTINGS, state } from '../test/renderer/states.ts'
import type { Shot } from './screens.ts'

const { 'me.repId': repId, 'me.name': name, 'me.teams': teams } = SETTINGS
const ME = { 'me.repId': repId, 'me.name': name, 'me.teams': teams } as const

function answering(over: (command: Command) => Reply | undefined) {
  return { answer: (command: Command) => over(command) ?? answerAll(command) }
}

function toStep(title: string): (window: TestWindow) => Promise<void> {
  return async ({ page }) => {
    await page.getByRole('button', { name: new RegExp(`^${title} ?,`) }).click()
    await page.getByRole('heading', { level: 2, name: title }).waitFor()
  }
}

async function toEnd({ page }: TestWindow): Promise<void> {
  await page.locator('.setup-step').evaluate((element) => element.scrollTo(0, element.scrollHeight))
}

const PROBLEM: State['problems'][number] = {
  id: 'listener.name',
  severity: 'error',
  title: 'Events are refused: unknown host name',
  detail:
    'They are sent to the host name “desk-17”. If that is this computer, add it under Settings › Receiving events › Names of this computer.',
  since: ago(1),
  dismissible: true,
}

export const SETUP_SHOTS: readonly Shot[] = [
  { name: 'setup', state: fresh(), options: answering(() => undefined) },
  {
    name: 'setup-failed',
    state: fresh(
      {
        appliance: {
          ...READY,
          status: 'failed',
          problem: { title: 'The host name is not known.', detail: 'ENOTFOUND support.example.con' },
        },
        settingInfo: settingInfo(['appliance.host']),
      },
      { 'appliance.host': 'support.example.con' },
    ),
    options: answering(({ type }) =>
      type === 'appliance.check' ? { ok: true, value: steps('credentials') } : undefined,
    ),
    prepare: async (window) => {
      await window.page.getByRole('button', { name: 'Test the connection' }).click()
      await window.page.locator('.check-step').last().scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'setup-me',
    state: fresh({ appliance: READY }, ME),
    options: answering(() => undefined),
    prepare: toStep('Who you are'),
  },
  {
    name: 'setup-me-many',
    state: fresh({ appliance: READY }),
    options: answering(({ type }) => (type === 'me.candidates' ? { ok: true, value: manyReps(90) } : undefined)),
  },
  { name: 'setup-me-hand', state: fresh(), options: answering(() => undefined), prepare: toStep('Who you are') },
  {
    name: 'setup-events',
    state: fresh({ appliance: READY }, ME),
    options: answering(() => undefined),
    prepare: toStep('Events'),
  },
  {
    name: 'setup-https',
    state: fresh(
      {
        appliance: READY,
        health: {
          ...fresh().health,
          listener: {
            status: 'listening',
            addresses: ['192.0.2.17:8180'],
            retryAt: null,
            certificate: {
              subject: 'kiel-h4-0117.example.com',
              issuer: 'Rep Tray on kiel-h4-0117',
              expiresAt: ago(-500_000),
              fingerprint: Array.from({ length: 32 }, (_, index) => (index * 7 + 16).toString(16)).join(':'),
              own: true,
            },
          },
        },
      },
      { ...ME, 'listener.https': 'own', 'listener.addresses': ['192.0.2.17'] },
    ),
    options: answering(() => undefined),
    prepare: async ({ page }) => {
      await page.getByRole('button', { name: 'Save the root certificate' }).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'setup-events-end',
    state: fresh({ appliance: READY, problems: [PROBLEM] }, ME),
    options: answering(({ type }) =>
      type === 'recipient.form' ? { ok: true, value: { ...FORM, copyable: false } } : undefined,
    ),
    prepare: async (window) => {
      await toStep('Events')(window)
      await window.page.getByRole('button', { name: 'Test the way in' }).click()
      await window.page.locator('.check-step').last().waitFor()
      await toEnd(window)
    },
  },
  {
    name: 'setup-notifications',
    state: fresh({ shell: 'browser' }),
    options: { ...answering(() => undefined), permission: 'default' },
    prepare: async (window) => {
      await toStep('Notifications')(window)
      await window.page.getByText('Nothing appeared?').click()
    },
  },
  {
    name: 'setup-done',
    state: fresh(
      {
        appliance: READY,
        health: state().health,
        alerts: [alert(1, { kind: 'test', read: true })],
        problems: [PROBLEM],
      },
      ME,
    ),
    options: answering(() => undefined),
    prepare: toStep('Done'),
  },
  {
    name: 'setup-left',
    state: fresh(),
    options: answering(() => undefined),
    prepare: ({ page }) => page.getByRole('button', { name: 'Later' }).click(),
  },
  {
    name: 'settings-file',
    state: monday(),
    options: answering(({ type }) =>
      type === 'settings.import'
        ? {
            ok: true,
            value: {
              changed: ['listener.port', 'me.name'],
              refused: [{ key: 'nonsense', message: 'There is no such setting.' }],
            },
          }
        : undefined,
    ),
    prepare: async ({ page }) => {
      await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click()
      const file = { name: 'settings.json', mimeType: 'application/json', buffer: Buffer.from('{}') }
      await page.getByLabel('Read settings from a file').setInputFiles(file)
      await page.getByText('Not taken over').scrollIntoViewIfNeeded()
    },
  },
]
