/**
 * `npm run licences`: under which licences the packages are that we ship; fails on one that nobody has agreed to. What of
 * them is really in the bundles, with the texts of their licences, the build writes to dist/licences.txt.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')

/** Licences whose terms are met by naming the authors and giving the text. */
const AGREED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
])

export interface ThirdParty {
  readonly name: string
  readonly version: string
  /** As the package states it; empty: it states none. */
  readonly licence: string
}

interface Locked {
  readonly version?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly license?: string
}

interface Manifest {
  readonly license?: string | { readonly type?: string }
  readonly licenses?: readonly { readonly type?: string }[]
}

function licenceOf({ license, licenses }: Manifest, locked: Locked): string {
  if (typeof license === 'string') return license
  return license?.type ?? licenses?.map(({ type }) => type).join(' OR ') ?? locked.license ?? ''
}

/** All packages that are needed at run time, by the lock file: those that are bundled, and more. */
export function thirdParties(root = ROOT): readonly ThirdParty[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>
  }
  const shipped = Object.entries(lock.packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  )
  return shipped
    .map(([path, locked]): ThirdParty => {
      const file = join(root, path, 'package.json')
      // What is for another system is locked, but not here.
      const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {}
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return { name, version: locked.version ?? '', licence: licenceOf(manifest, locked) }
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'))
}

/** Is the licence, or one of those that may be chosen from, agreed to? Of several that hold together, all must be. */
export function isAgreed(licence: string): boolean {
  const choices = licence
    .replaceAll(/[()]/g, ' ')
    .trim()
    .split(/\s+OR\s+/i)
  return choices.some((choice) => choice.split(/\s+AND\s+/i).every((each) => AGREED.has(each.trim())))
}

function main(): void {
  const packages = thirdParties()
  const byLicence = [...Map.groupBy(packages, ({ licence }) => licence)]
  for (const [licence, all] of byLicence.toSorted((a, b) => b[1].length - a[1].length))
    console.log(`${licence || 'none'}: ${all.map(({ name }) => name).join(', ')}`)
  for (const { name, version, licence } of packages) {
    if (isAgreed(licence)) continue
    console.error(
      `${name} ${version}: the licence “${licence}” is not among those agreed to (scripts/licence-check.ts).`,
    )
    process.exitCode = 1
  }
}

if (import.meta.main) main()
