/** States, answers and windows of a first run, from nothing set up to all of it. */
import type { Page } from 'playwright'
import type { CheckStep, Command, RecipientForm, RepCandidate, Reply, Settings, State } from '../../preload/contract.ts'
import type { Lab, TestWindow, WindowOptions } from './harness.ts'
import { SETTINGS, state } from './states.ts'

/** Nothing is set up yet. */
export function fresh(over: Partial<State> = {}, settings: Partial<Settings> = {}): State {
  const ready = state()
  return {
    ...ready,
    appliance: {
      ...ready.appliance,
      status: 'unset',
      origin: null,
      apiVersion: null,
      product: null,
      teams: [],
      secrets: { ...ready.appliance.secrets, 'appliance.clientSecret': null },
    },
    health: { ...ready.health, lastEventAt: null, stored: 0, repeated: 0 },
    ...over,
    settings: {
      ...SETTINGS,
      'me.repId': '',
      'me.username': '',
      'me.name': '',
      'me.teams': [],
      'listener.allow': [],
      'setup.done': false,
      ...settings,
    },
  }
}

/** The appliance answers. */
export const READY: State['appliance'] = {
  ...state().appliance,
  teams: [
    { id: '5', name: 'Network', issues: [] },
    { id: '8', name: 'Accounts and Licences', issues: [] },
  ],
}

export const REPS: readonly RepCandidate[] = [
  { id: '12', name: 'Dana Reyes', username: 'dreyes' },
  { id: '7', name: 'Jonas Weber', username: null },
  { id: '31', name: 'Margarethe Fürstenberg-Liechtenstein', username: 'mfuerstenberg' },
]

/** So many more of them. */
export function manyReps(amount: number): readonly RepCandidate[] {
  return Array.from({ length: amount }, (_, index) => ({
    id: String(100 + index),
    name: `Representative ${String(index).padStart(3, '0')}`,
    username: `rep${index}`,
  }))
}

export const FORM: RecipientForm = {
  fields: [
    { label: 'Name', value: 'Rep Tray on KIEL-H4-0117', help: 'Any will do.' },
    {
      label: 'URL',
      value: 'http://kiel-h4-0117.example.com:8180/events?token=…',
      help: 'Cloud sites take https addresses alone.',
    },
    { label: 'Events to Send', value: 'all', help: 'Sessions that start and end, owners that change, surveys.' },
    { label: 'Retry Interval', value: 'the shortest', help: 'While this computer is away, only its recipient waits.' },
  ],
  copyable: true,
  fixed: false,
  addresses: [
    { address: '192.0.2.17', name: 'Ethernet' },
    { address: '2001:db8::17', name: 'Ethernet' },
  ],
}

const STEP_NAMES = ['name', 'port', 'tls', 'credentials', 'version', 'permission'] as const

/** The steps of a test; those before the one that failed went well, those after it were not tried. */
export function steps(failed: CheckStep['step'] | null = null): readonly CheckStep[] {
  const at = STEP_NAMES.findIndex((step) => step === failed)
  return STEP_NAMES.map((step, index) =>
    index === at
      ? { step, status: 'failed', message: `The ${step} is not right.`, detail: 'EXAMPLE' }
      : { step, status: at < 0 || index < at ? 'ok' : 'skipped', message: '', detail: '' },
  )
}

const ANSWERS: Readonly<Record<string, Reply>> = {
  'me.candidates': { ok: true, value: REPS },
  'recipient.form': { ok: true, value: FORM },
  'recipient.copyForm': { ok: true, value: { text: 'copied text', copied: true } },
  'appliance.check': { ok: true, value: steps() },
  'listener.test': { ok: true, value: steps() },
}

/** A main that can do all of it. */
export function answerAll({ type }: Command): Reply | undefined {
  return ANSWERS[type]
}

/** Who the rep turns out to be. */
export const DANA = { 'me.repId': '12', 'me.name': 'Dana Reyes', 'me.teams': ['5', '8'] } as const

/** Answers a command otherwise than {@link answerAll}. */
export type Over = (command: Command) => Reply | undefined

/** Opens a window in this State, with a main that can do all but what `over` says. */
export function openSetup(
  lab: Lab,
  from: State,
  body: (window: TestWindow) => Promise<void>,
  { over = () => undefined, ...options }: WindowOptions & { readonly over?: Over } = {},
): Promise<void> {
  return lab.use({ answer: (command) => over(command) ?? answerAll(command), ...options, state: from }, body)
}

/** The heading of the step that is shown. */
export const heading = (page: Page) => page.locator('.setup-step h2').innerText()

/** A step in the list of them. */
export const step = (page: Page, name: string) =>
  page.locator('.setup-steps').getByRole('button', { name: new RegExp(`^${name} ?,`) })

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

export const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')
