/**
 * Completes package-lock.json with the prebuilt platform packages that npm left out.
 *
 * npm writes only those optional packages into the lock file that its registry could resolve. Behind a mirror that
 * lacks, say, the Windows binaries, the lock file then makes `npm ci` fail on every machine ("Missing … from lock
 * file"). This adds the missing ones with the exact version their parent asks for, and with the platform that their
 * name states, so that each machine installs just its own. Run it after a change of dependencies: `npm run lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const OPERATING_SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const CPUS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** What a package called `@scope/binding-linux-arm64-musl` runs on; null if the name names no system. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | null {
  const words = name.split('/').at(-1)?.split('-') ?? []
  const cpu = CPUS.find((candidate) => words.includes(candidate))
  const os = OPERATING_SYSTEMS.find((candidate) => words.includes(candidate))
  if (cpu === undefined) return null
  return {
    ...(os === undefined ? {} : { os: [os] }),
    cpu: [cpu],
    ...(words.includes('musl') ? { libc: ['musl'] } : {}),
    ...(words.includes('gnu') ? { libc: ['glibc'] } : {}),
  }
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockEntry> }
const added: string[] = []
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`
    const hoisted = `node_modules/${name}`
    if (lock.packages[nested] ?? lock.packages[hoisted]) continue
    const platform = platformOf(name)
    if (platform === null || !/^\d/.test(version)) continue
    lock.packages[hoisted] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true }
    added.push(`${name}@${version}`)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.join(', ')}`)
