/**
 * Draws the pictures of assets/, and those of installer/, from their SVG sources: `npm run icons`. The results are committed, so this is needed
 * only when a source changes. It paints with the Chromium that the tests use.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Page } from 'playwright'
import { findChromium } from './prerequisites.ts'

const assets = resolve(import.meta.dirname, '../assets')
const installer = resolve(import.meta.dirname, '../installer')
const STATES = ['idle', 'waiting', 'attention', 'offline']

/** Windows picks the size that its scale wants; Linux panels are given one, by main/shell/electron/icon.ts. */
const ICO_SIZES = [16, 20, 24, 32, 40, 48, 64]
const LINUX_SIZES = [24, 32, 48, 64]

/** The application's own icon, for desktops and installers. */
const APP_SIZES = { linux: [16, 24, 32, 48, 64, 128, 256, 512], windows: [16, 20, 24, 32, 40, 48, 64, 256] } as const
/** What macOS calls the sizes of an ICNS; those with a 1 at 11 to 14 are for screens of double density. */
const ICNS_TYPES = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 } as const

type Inks = Readonly<Record<'ink' | 'waiting' | 'attention' | 'sign' | 'offline', string>>

/** `light` is for dark bars. The halo keeps either legible on the wrong one. */
const TONES: Readonly<Record<'light' | 'dark', { inks: Inks; halo: string }>> = {
  light: {
    inks: { ink: '#ffffff', waiting: '#ffc24b', attention: '#ff6b5e', sign: '#2b0b08', offline: '#ff9d94' },
    halo: 'rgb(0 0 0 / 0.6)',
  },
  dark: {
    inks: { ink: '#1d2429', waiting: '#a85b00', attention: '#c8281c', sign: '#ffffff', offline: '#c8281c' },
    halo: 'rgb(255 255 255 / 0.7)',
  },
}
/** macOS takes the alpha alone. */
const TEMPLATE: Inks = { ink: '#000', waiting: '#000', attention: '#000', sign: 'none', offline: '#000' }

interface Picture {
  readonly size: number
  readonly png: Buffer
  /** Rows from the top, four bytes a pixel: red, green, blue, alpha. */
  readonly pixels: Buffer
}

/** Paints an SVG on a transparent ground. */
async function paint(page: Page, file: string, size: number, inks: Inks | null, halo: string | null): Promise<Picture> {
  const style = Object.entries(inks ?? {})
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')
  const source = readFileSync(join(assets, file), 'utf8')
  const filter =
    halo === null
      ? ''
      : `<filter id="halo" x="-10%" y="-10%" width="120%" height="120%">
          <feMorphology in="SourceAlpha" operator="dilate" radius="0.7" result="wide"/>
          <feFlood flood-color="${halo}"/><feComposite in2="wide" operator="in" result="ring"/>
          <feMerge><feMergeNode in="ring"/><feMergeNode in="SourceGraphic"/></feMerge></filter>`
  const inner = source.replace(/^<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '')
  const viewBox = /viewBox="([^"]+)"/.exec(source)?.[1] ?? '0 0 16 16'
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${size}" height="${size}" style="display:block;${style}">`
  const svg = `${open}${filter}<g ${halo === null ? '' : 'filter="url(#halo)"'}>${inner}</g></svg>`
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<body style="margin:0">${svg}</body>`)
  const png = await page.screenshot({ omitBackground: true })
  const base64 = await page.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0)
    const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? []
    return btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join(''))
  }, png.toString('base64'))
  return { size, png, pixels: Buffer.from(base64, 'base64') }
}

/** One picture as ICO keeps it: a bitmap from the bottom up, blue first, then a mask of zeros (the alpha says it all). */
function icoBitmap({ size, pixels }: Picture): Buffer {
  const header = Buffer.alloc(40)
  header.writeUInt32LE(40, 0)
  header.writeInt32LE(size, 4)
  header.writeInt32LE(size * 2, 8)
  header.writeUInt16LE(1, 12)
  header.writeUInt16LE(32, 14)
  const colours = Buffer.alloc(size * size * 4)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = (y * size + x) * 4
      const to = ((size - 1 - y) * size + x) * 4
      const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray(from, from + 4)
      colours.set([blue, green, red, alpha], to)
    }
  }
  const mask = Buffer.alloc(Math.ceil(size / 32) * 4 * size)
  return Buffer.concat([header, colours, mask])
}

/** An ICO of several sizes; 256 pixels and more are kept as PNG, as Windows has it since Vista. */
function ico(pictures: readonly Picture[]): Buffer {
  const bitmaps = pictures.map((picture) => (picture.size >= 256 ? picture.png : icoBitmap(picture)))
  const header = Buffer.alloc(6 + 16 * pictures.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let offset = header.length
  for (const [index, bitmap] of bitmaps.entries()) {
    const entry = 6 + 16 * index
    const size = pictures[index]?.size ?? 0
    // 0 stands for 256.
    header.writeUInt8(size % 256, entry)
    header.writeUInt8(size % 256, entry + 1)
    header.writeUInt16LE(1, entry + 4)
    header.writeUInt16LE(32, entry + 6)
    header.writeUInt32LE(bitmap.length, entry + 8)
    header.writeUInt32LE(offset, entry + 12)
    offset += bitmap.length
  }
  return Buffer.concat([header, ...bitmaps])
}

/** An ICNS: each picture as PNG, under the name of its size. */
function icns(pictures: ReadonlyMap<string, Picture>): Buffer {
  const parts = [...pictures].map(([type, { png }]) => {
    const header = Buffer.alloc(8)
    header.write(type, 0, 'latin1')
    header.writeUInt32BE(8 + png.length, 4)
    return Buffer.concat([header, png])
  })
  const body = Buffer.concat(parts)
  const header = Buffer.alloc(8)
  header.write('icns', 0, 'latin1')
  header.writeUInt32BE(8 + body.length, 4)
  return Buffer.concat([header, body])
}

async function drawInstallers(page: Page): Promise<void> {
  const draw = (size: number) => paint(page, 'icon.svg', size, null, null)
  for (const size of APP_SIZES.linux)
    writeFileSync(join(installer, 'icons', `${size}x${size}.png`), (await draw(size)).png)
  const pictures: Picture[] = []
  for (const size of APP_SIZES.windows) pictures.push(await draw(size))
  writeFileSync(join(installer, 'icon.ico'), ico(pictures))
  const named = new Map<string, Picture>()
  for (const [type, size] of Object.entries(ICNS_TYPES)) named.set(type, await draw(size))
  writeFileSync(join(installer, 'icon.icns'), icns(named))
}

async function drawTray(page: Page, state: string): Promise<void> {
  const source = `tray/${state}.svg`
  const save = (name: string, data: Buffer) => writeFileSync(join(assets, 'tray', name), data)
  save(`${state}Template.png`, (await paint(page, source, 16, TEMPLATE, null)).png)
  save(`${state}Template@2x.png`, (await paint(page, source, 32, TEMPLATE, null)).png)
  for (const [tone, { inks, halo }] of Object.entries(TONES)) {
    for (const size of LINUX_SIZES) {
      save(`${state}-${tone}-${size}.png`, (await paint(page, source, size, inks, halo)).png)
    }
    const pictures: Picture[] = []
    for (const size of ICO_SIZES) pictures.push(await paint(page, source, size, inks, halo))
    save(`${state}-${tone}.ico`, ico(pictures))
  }
}

const executablePath = findChromium()
if (executablePath === null) throw new Error('There is no Chromium: npm test says what to install.')
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
try {
  const page = await browser.newPage()
  for (const state of STATES) await drawTray(page, state)
  // For windows and notifications.
  writeFileSync(join(assets, 'icon-128.png'), (await paint(page, 'icon.svg', 128, null, null)).png)
  await drawInstallers(page)
} finally {
  await browser.close()
}
