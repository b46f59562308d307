/**
 * Puts browser mode for a Node.js of the system beside the archive, on Linux: see installer/linux/rep-tray-browser. Not by
 * electron-builder's extraResources, which would take the same files out of the archive.
 */
import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const dist = resolve(import.meta.dirname, '../dist')

const FILES = [
  'package.json',
  ...['web', 'relay', 'authority', 'workstation'].map((name) => `main/${name}.js`),
  ...['index.html', 'index.js', 'style.css', 'bridge.js', 'icon.svg'].map((name) => `renderer/${name}`),
]

/** Called by electron-builder once a folder is packaged. */
export function afterPack(context: { readonly appOutDir: string; readonly electronPlatformName: string }): void {
  if (context.electronPlatformName !== 'linux') return
  for (const name of FILES) {
    const place = join(context.appOutDir, 'resources/node', name)
    mkdirSync(dirname(place), { recursive: true })
    cpSync(join(dist, name), place)
  }
}
