/** Which packages went into the bundles, and the text of their licences: what their authors ask for in return. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'rolldown'

/** The folder of the package that a bundled file is of; null: it is our own. */
function packageOf(id: string): string | null {
  const [file = ''] = id.replace(/^\0/, '').split('?')
  if (!/[\\/]node_modules[\\/]/.test(file)) return null
  let folder = dirname(file)
  // A package may have further package.json files inside, which tell no more than the kind of its modules.
  while (/[\\/]node_modules[\\/]/.test(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && 'version' in (JSON.parse(readFileSync(manifest, 'utf8')) as object)) return folder
    folder = dirname(folder)
  }
  return null
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license?: string
  }
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  const text = file === undefined ? `Licence: ${license ?? 'unknown'}` : readFileSync(join(folder, file), 'utf8').trim()
  return `${name} ${version}\n\n${text}`
}

export interface Licences {
  /** To be a plugin of every bundle. */
  readonly plugin: Plugin
  /** The text for all of them; once they are built. */
  text(): string
}

/** Watches what goes into bundles. */
export function collectLicences(): Licences {
  const folders = new Set<string>()
  return {
    plugin: {
      name: 'licences',
      generateBundle(_options, bundle) {
        for (const output of Object.values(bundle)) {
          if (output.type !== 'chunk') continue
          const found = output.moduleIds.map(packageOf)
          for (const folder of found) if (folder !== null) folders.add(folder)
        }
      },
    },
    text: () => {
      const texts = [...new Set([...folders].map(licenceOf))].toSorted()
      return `Rep Tray contains these packages.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
    },
  }
}
