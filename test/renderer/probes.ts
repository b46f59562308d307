/** Looks at a page for what no single test names: things that stick out, text that can hardly be read. */
import type { Page } from 'playwright'

/** What sticks out of the window sideways, be it cut off there or not; but for text that ends in an ellipsis. */
export async function overflow(page: Page): Promise<readonly string[]> {
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

/** Text whose contrast with what it stands on is below 4.5:1 (3:1 where it is large). */
export async function faint(page: Page): Promise<readonly string[]> {
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
      if (
        element === null ||
        text === '' ||
        element.closest('.hidden-text, :disabled, label:has(:disabled), noscript') !== null
      )
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
