/**
 * Finds a nats-server that is new enough, or gets one: from PATH, from what an earlier run kept, else from Debian's
 * newer suites by apt, with sources, lists and cache of its own, so that the system's stay as they are. Nothing is
 * installed: the package is unpacked into a folder of the user's cache.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { isNewEnough, LEAST_VERSION, versionOf } from '../main/relay/broker-version.ts'

const execute = promisify(execFile)

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const SUITES = ['forky', 'sid']

/** What it says of itself; null if it does not run. */
async function versionAt(file: string): Promise<string | null> {
  try {
    const { stdout, stderr } = await execute(file, ['--version'], { timeout: 10_000 })
    return versionOf(stdout + stderr)?.join('.') ?? null
  } catch {
    return null
  }
}

/** Where it is kept from run to run. */
function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rep-tray')
}

async function fromDebian(kept: string, log: (line: string) => void): Promise<void> {
  const folder = cacheFolder()
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, 'apt-'))
  try {
    const sources = SUITES.map((suite) => `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${suite} main\n`)
    await writeFile(join(work, 'sources.list'), sources.join(''))
    for (const part of ['state/lists/partial', 'cache/archives/partial'])
      await mkdir(join(work, part), { recursive: true })
    const options = [
      `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State=${join(work, 'state')}`,
      `Dir::Cache=${join(work, 'cache')}`,
      // Its sandbox user may not read a folder of ours.
      'APT::Sandbox::User=',
    ].flatMap((option) => ['-o', option])
    log('nats-server: asking Debian for a newer one')
    await execute('apt-get', [...options, '-q', 'update'], { timeout: 120_000, maxBuffer: 1 << 24 })
    await execute('apt-get', [...options, '-q', 'download', 'nats-server'], { cwd: work, timeout: 120_000 })
    const file = (await readdir(work)).find((name) => /^nats-server_.*\.deb$/.test(name))
    if (file === undefined) throw new Error('apt-get downloaded no package.')
    await execute('dpkg-deb', ['-x', join(work, file), join(work, 'root')], { timeout: 60_000 })
    await rename(join(work, 'root/usr/sbin/nats-server'), kept)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * The path of a nats-server that is new enough.
 * @throws an Error that says what to do, if there is none and none can be had
 */
export async function findNatsServer(log: (line: string) => void = () => undefined): Promise<string> {
  const kept = join(cacheFolder(), 'nats-server')
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'nats-server'))
  const tooOld: string[] = []
  for (const file of [process.env['NATS_SERVER'] ?? '', ...places, kept]) {
    if (file === '' || !existsSync(file)) continue
    const version = await versionAt(file)
    if (version !== null && isNewEnough(version)) return file
    tooOld.push(version === null ? `${file} does not run` : `${file} is ${version}`)
  }
  const seen = tooOld.length === 0 ? '' : ` (${tooOld.join('; ')})`
  const wanted = `nats-server ${LEAST_VERSION.join('.')} or newer is needed${seen}.`
  if (process.platform !== 'linux' || !existsSync(KEYRING)) {
    throw new Error(`${wanted} Get it from nats.io, and put it on PATH or name it in NATS_SERVER.`)
  }
  try {
    await fromDebian(kept, log)
  } catch (error) {
    const reason = (error as Error).message.split('\n').find((line) => line.trim() !== '') ?? ''
    throw new Error(`${wanted} Debian did not give one: ${reason.slice(0, 200)}`, { cause: error })
  }
  const version = await versionAt(kept)
  if (version !== null && isNewEnough(version)) return kept
  throw new Error(`${wanted} What Debian gave is ${version ?? 'no program'}.`)
}

if (import.meta.main) {
  findNatsServer((line) => console.error(line)).then(
    (file) => console.log(file),
    (error: unknown) => {
      console.error((error as Error).message)
      process.exitCode = 1
    },
  )
}
