/** A rep's hands without a mouse: keys, and where they lead. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright'
import { until } from '../electron/until.ts'

/** Everything here has this long to come about (ms): machines that test many things at a time are slow. */
export const PATIENCE = 30_000
/** No view has more stops than this. */
const MOST_STOPS = 80

export interface Keys {
  /** Presses these keys, one after the other. */
  press(...keys: readonly string[]): Promise<void>
  /** Types over what is in the field that has the focus. */
  write(text: string): Promise<void>
  /** The focus is here, and is seen. */
  isAt(place: Locator): Promise<void>
  /** Goes from stop to stop with `key` until the focus is here. */
  go(place: Locator, key?: string): Promise<void>
  /** Goes there, and presses Enter. */
  use(place: Locator, key?: string): Promise<void>
}

/** The keyboard of this page. */
export function createKeys(page: Page): Keys {
  const has = (place: Locator) => place.evaluate((element) => element === document.activeElement)

  const keys: Keys = {
    press: async (...names) => {
      for (const name of names) await page.keyboard.press(name)
    },
    write: async (text) => {
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type(text)
    },
    isAt: async (place) => {
      await until(
        async () => (await place.count()) === 1 && (await has(place)),
        `the focus at ${String(place)}`,
        PATIENCE,
      ).catch(async (error: Error) => assert.fail(`${error.message}; it is at ${await page.evaluate(describeFocus)}`))
      assert.ok(
        await place.evaluate((element) => element.matches(':focus-visible')),
        `${String(place)} shows its focus`,
      )
    },
    go: async (place, key = 'Tab') => {
      await place.waitFor({ state: 'attached' })
      const passed: string[] = []
      while (!(await has(place))) {
        if (passed.length === MOST_STOPS) assert.fail(`${String(place)} is not to be reached: ${passed.join(' → ')}`)
        await page.keyboard.press(key)
        passed.push(await page.evaluate(describeFocus))
      }
      await keys.isAt(place)
    },
    use: async (place, key) => {
      await keys.go(place, key)
      await page.keyboard.press('Enter')
    },
  }
  return keys
}

/** Runs in the page: what has the focus, in a few words. */
function describeFocus(): string {
  const element = document.activeElement
  if (element === null || element === document.body) return 'nothing'
  const words = element.getAttribute('aria-label') ?? element.textContent
  return `${element.tagName.toLowerCase()} ${words.trim().slice(0, 40)}`
}
