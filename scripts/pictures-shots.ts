/** What the pictures of docs/ show, and how the window comes to show it. */
import type { Locator, Page } from 'playwright'
import type { Web } from '../main/web.ts'
import { DEFAULT_CLIENT } from '../test/appliance/api.ts'
import type { SessionRecord } from '../test/appliance/archive/record.ts'

/** Of a picture that says nothing else. */
export const SIZE = { width: 900, height: 600 }

export interface Scene {
  readonly page: Page
  readonly host: string
  readonly web: Web
  readonly found: SessionRecord
  readonly button: (name: string) => Locator
  readonly view: (name: string) => Promise<void>
}

export interface Picture {
  readonly name: string
  readonly theme?: 'dark'
  readonly size?: { readonly width: number; readonly height: number }
  /** Another page of the application than the window. */
  readonly hash?: string
  /** Brings the window to where it is to be seen. */
  readonly prepare: (scene: Scene) => Promise<unknown>
  /** Brings it back. */
  readonly after?: (scene: Scene) => Promise<unknown>
}

const row = (page: Page, name: string) => page.getByRole('row', { name })

async function openJane({ page, view }: Scene): Promise<void> {
  await view('Board')
  await row(page, 'Jane Doe').click({ position: { x: 20, y: 12 } })
  await page.getByRole('heading', { name: 'Timeline' }).waitFor()
}

async function lookUp({ page, view, found, button }: Scene): Promise<void> {
  await view('Lookup')
  await page.getByRole('searchbox').fill(found.externalKey?.slice(0, 8) ?? '')
  await button('Ask the appliance').or(button('Ask again')).click()
  await page.getByText(/found, the appliance’s reports included/).waitFor()
}

/** In this order: some need what the ones before them left. */
export const PICTURES: readonly Picture[] = [
  { name: 'board', prepare: ({ view }) => view('Board') },
  { name: 'board-dark', theme: 'dark', prepare: ({ view }) => view('Board') },
  { name: 'alerts', size: { width: 900, height: 430 }, prepare: ({ view }) => view('Alerts') },
  { name: 'session', prepare: openJane },
  {
    name: 'keys',
    size: { width: 900, height: 520 },
    prepare: async ({ page, view }) => {
      await view('Board')
      await row(page, 'Jane Doe').getByRole('button', { name: 'Edit external key' }).click()
      await page.getByRole('checkbox', { name: 'Björn' }).check()
      await page.getByRole('textbox', { name: 'External key' }).fill('INC0010499')
    },
  },
  {
    name: 'keys-undo',
    size: { width: 900, height: 520 },
    prepare: async ({ page, button }) => {
      await page.keyboard.press('Enter')
      await button('Undo').waitFor()
    },
    after: async ({ page, button }) => {
      await button('Undo').click()
      await page.getByText('Undone').waitFor()
      await button('Close').click()
    },
  },
  { name: 'lookup', size: { width: 900, height: 480 }, prepare: lookUp },
  {
    name: 'quick',
    size: { width: 520, height: 420 },
    hash: '#quick',
    prepare: async ({ page }) => {
      await page.getByRole('combobox').fill('INC001048')
      await page.getByRole('option').nth(2).waitFor()
    },
  },
  {
    name: 'report',
    size: { width: 900, height: 660 },
    prepare: async (scene) => {
      await lookUp(scene)
      const { page, found } = scene
      await row(page, found.externalKey ?? '')
        .first()
        .click({ position: { x: 20, y: 12 } })
      await page.getByRole('heading', { name: /^Chat/ }).waitFor()
      await page.locator('.report').evaluate((part) => part.scrollIntoView())
    },
  },
  {
    name: 'link',
    size: { width: 900, height: 700 },
    prepare: async (scene) => {
      await openJane(scene)
      await scene.button('Link for the customer…').click()
      await scene.page.getByRole('combobox', { name: 'Issue' }).selectOption({ label: 'Printer' })
      await scene.page.getByRole('textbox', { name: 'External key' }).fill('INC0010499')
      await scene.page.getByRole('textbox', { name: 'Link' }).waitFor()
    },
    after: ({ page }) => page.keyboard.press('Escape'),
  },
  {
    name: 'session-key-dark',
    theme: 'dark',
    size: { width: 900, height: 620 },
    prepare: async (scene) => {
      await openJane(scene)
      await scene.button('Link for the customer…').click()
      await scene.page.getByText('Session key', { exact: true }).click()
      await scene.page.getByRole('textbox', { name: 'External key' }).fill('INC0010499')
      await scene.button('Make session key').click()
      await scene.page.getByText('Short key').first().waitFor()
    },
    after: ({ page }) => page.keyboard.press('Escape'),
  },
  {
    name: 'health-dark',
    theme: 'dark',
    size: { width: 900, height: 520 },
    prepare: async ({ page, view, web }) => {
      // A body that is no event, as a wrong program would send it.
      await fetch(web.app.recipientUrl() ?? '', { method: 'POST', body: 'hello' })
      await view('Board')
      await page.getByRole('contentinfo').getByRole('button').first().click()
      await page.getByRole('heading', { name: 'Problems' }).waitFor()
    },
    after: ({ page }) => page.keyboard.press('Escape'),
  },
]

/** Pictures of the first start, each a step further. */
export const FIRST_START: readonly Picture[] = [
  {
    name: 'setup-appliance',
    size: { width: 900, height: 920 },
    prepare: async ({ page, button, host }) => {
      await page.getByLabel('Appliance', { exact: true }).fill(host)
      await page.getByLabel('API account: client ID', { exact: true }).fill(DEFAULT_CLIENT.id)
      await page.getByLabel('API account: client secret', { exact: true }).fill(DEFAULT_CLIENT.secret)
      await button('Test the connection').click()
      await page.getByText('Permission OK').waitFor()
    },
  },
  {
    name: 'setup-events',
    size: { width: 900, height: 700 },
    prepare: async ({ page }) => {
      await page.getByRole('list', { name: 'Steps' }).getByRole('button', { name: 'Events' }).click()
      await page
        .getByRole('heading', { name: 'What to enter at the appliance' })
        .evaluate((part) => part.scrollIntoView())
    },
  },
]
