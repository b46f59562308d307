/** Pictures of the form for links. */
import type { Command, Reply } from '../preload/contract.ts'
import { at, type TestWindow } from '../test/renderer/harness.ts'
import { answerLinks, linkable, madeKey } from '../test/renderer/link-states.ts'
import { monday, storyOf } from '../test/renderer/monday.ts'
import { lsidOf, SETTINGS } from '../test/renderer/states.ts'
import type { Shot } from './screens.ts'

async function open({ page }: TestWindow): Promise<void> {
  await page.getByText('Key set').waitFor()
  await page.getByRole('button', { name: 'Link for the customer' }).click()
}

async function make(window: TestWindow): Promise<void> {
  await open(window)
  await window.page.getByRole('radio', { name: 'Session key' }).click()
  await window.page.getByRole('button', { name: 'Make session key' }).click()
  await window.page.getByRole('heading', { name: 'Session key' }).waitFor()
}

function shot(
  name: string,
  prepare: Shot['prepare'] & object,
  answer: (command: Command) => Reply | undefined = () => undefined,
  appliance = linkable(),
): Shot {
  return {
    name,
    state: {
      ...monday(),
      settings: { ...SETTINGS, 'appliance.host': 'support.example.com' },
      appliance,
      goTo: { seq: 1, place: at(lsidOf(4)) },
    },
    options: {
      answer: (command) =>
        command.type === 'session.get'
          ? { ok: true, value: storyOf(monday()) }
          : (answer(command) ?? answerLinks(command)),
    },
    prepare,
  }
}

export const LINK_SHOTS: readonly Shot[] = [
  shot('link', async (window) => {
    await open(window)
    await window.page.getByRole('combobox', { name: 'Issue' }).selectOption('VPN')
    await window.page.getByRole('img', { name: 'QR code' }).waitFor()
  }),
  shot('link-open', open),
  shot(
    'link-wrong',
    async (window) => {
      await open(window)
      await window.page.getByRole('combobox', { name: 'Issue' }).selectOption('VPN')
      await window.page.getByText('This has 120').waitFor()
    },
    (command) =>
      command.type === 'connector.build' && command.choice.issueId !== ''
        ? {
            ok: true,
            value: {
              url: null,
              qr: null,
              problems: [{ field: 'company', message: 'This has 120 characters; at most 100 are possible.' }],
            },
          }
        : undefined,
  ),
  shot('link-large', async (window) => {
    await open(window)
    await window.page.getByRole('combobox', { name: 'Issue' }).selectOption('VPN')
    await window.page.getByRole('button', { name: 'Enlarge' }).click()
  }),
  shot('session-key', async (window) => {
    await open(window)
    await window.page.getByRole('radio', { name: 'Session key' }).click()
  }),
  shot(
    'session-key-cannot',
    async (window) => {
      await open(window)
      await window.page.getByRole('radio', { name: 'Session key' }).click()
    },
    undefined,
    linkable({ cannot: { sessionKey: 'The API account may only read. It needs full access to the Command API.' } }),
  ),
  shot('session-key-made', make),
  shot('session-key-lost', make, (command) =>
    command.type === 'sessionKey.make'
      ? { ok: true, value: madeKey({ externalKeyLost: true, available: false }) }
      : undefined,
  ),
]
