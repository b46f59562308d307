import { chmodSync, chownSync, closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import {
  createWatcher,
  install,
  start,
  temporaryFolder,
  type Installation,
  type Running,
} from '../support/application.ts'
import { makeFaultyDisk } from '../support/faulty-disk.ts'
import { compare, failuresOf, readJournal } from '../support/history.ts'
import { holds } from '../support/inside.ts'
import { createSender, posting, transfers } from '../support/sender.ts'
import { mount } from '../support/volume.ts'

const SENDERS = 4
/** Room for the data (bytes): a journal with its log, and not much more. */
const ROOM = 12 * 1024 * 1024
/** Events before a trouble and after it. */
const EVENTS = 150
const WITHIN = 25_000
const NOBODY = 65_534
/** How long a trouble lasts once it is noticed (ms). */
const LASTS = 300

/** What is done to the disk. */
interface Trouble {
  readonly name: string
  /** It is there from the start. */
  readonly isThere?: boolean
  begin(folder: string): void
  end(folder: string): void
}

const ballast = (folder: string) => join(folder, 'ballast')

const FULL: Trouble = {
  name: 'disk full',
  begin: (folder) => {
    const descriptor = openSync(ballast(folder), 'w')
    try {
      for (;;) writeSync(descriptor, Buffer.alloc(4096))
    } catch {
      // Not one page is left.
    } finally {
      closeSync(descriptor)
    }
  },
  end: (folder) => rmSync(ballast(folder)),
}

interface Result {
  readonly figures: Record<string, number | string>
  readonly failures: string[]
}

/** Troubles under load: 503 meanwhile, a problem is shown, all goes on by itself, and nothing is lost. */
async function attack(
  installation: Installation,
  folder: string,
  troubles: readonly Trouble[],
  rounds: number,
  deadline: number,
): Promise<Result> {
  const app = start(installation)
  try {
    return await attackOn(app, installation, folder, troubles, rounds, deadline)
  } finally {
    app.child.kill('SIGKILL')
    await app.exited
  }
}

async function attackOn(
  app: Running,
  installation: Installation,
  folder: string,
  troubles: readonly Trouble[],
  rounds: number,
  deadline: number,
): Promise<Result> {
  const failures: string[] = []
  const watcher = createWatcher()
  const senders = Array.from({ length: SENDERS }, (_, index) =>
    createSender(`appliance${index}`, transfers(`appliance${index}`)),
  )
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0)
  const refused = () => senders.reduce((sum, sender) => sum + (sender.refusals.get(503) ?? 0), 0)
  const others = () => senders.flatMap(({ refusals }) => [...refusals.keys()].filter((status) => status !== 503))
  const problems = () => (watcher.state()?.problems ?? []).filter(({ id }) => id.startsWith('journal.'))
  const window = await app.window
  if (window !== null) await watcher.watch(window)
  // It says on the terminal that events can come in only when they can be stored.
  const port = () => Number(/:(\d+)$/.exec(watcher.state()?.health.listener.addresses[0] ?? '')?.[1])
  if (!(await holds(() => port() > 0, WITHIN)))
    return { figures: {}, failures: [`it did not start: ${app.errors().slice(-500)}`] }
  const post = posting(port(), true)
  let isOver = false
  const sending = senders.map((sender) => sender.run(post, () => isOver, true))
  let troubled = 0
  let slowest = 0
  for (let round = 0; round < rounds && failures.length === 0 && Date.now() < deadline; round += 1) {
    for (const trouble of troubles) {
      const goal = acknowledged() + (trouble.isThere ? 0 : EVENTS)
      await holds(() => acknowledged() >= goal, WITHIN)
      const before = refused()
      trouble.begin(folder)
      const isNoticed = await holds(() => refused() > before && problems().length > 0, WITHIN)
      if (!isNoticed) failures.push(`${trouble.name}: no 503, or no problem is shown`)
      await setTimeout(LASTS)
      const reached = acknowledged()
      const since = performance.now()
      trouble.end(folder)
      const isOn = await holds(() => acknowledged() >= reached + EVENTS && problems().length === 0, WITHIN)
      if (!isOn)
        failures.push(`${trouble.name}: it does not go on: ${problems()[0]?.detail ?? acknowledged() - reached}`)
      slowest = Math.max(slowest, performance.now() - since)
      troubled += 1
    }
  }
  isOver = true
  await Promise.all(sending)
  post.close()
  app.child.kill('SIGTERM')
  await app.exited
  const stored = readJournal(join(installation.data, 'journal.db'))
  const verdict = compare(stored, senders)
  if (others().length > 0) failures.push(`answered ${others().join(', ')}`)
  return {
    figures: {
      troubles: troubled,
      'answered 200': acknowledged(),
      'answered 503': refused(),
      [`until ${EVENTS} more are in, at most (ms)`]: Math.round(slowest),
      ...verdict,
    },
    failures: [...failures, ...failuresOf(verdict, stored.integrity)],
  }
}

const named = (what: string, { figures, failures }: Result): Result => ({
  figures: Object.fromEntries(Object.entries(figures).map(([name, figure]) => [`${what}: ${name}`, figure])),
  failures: failures.map((failure) => `${what}: ${failure}`),
})

/** A folder in which nothing can be made when it starts: 503 and a problem, until that is changed. */
async function denied(installation: Installation, root: string): Promise<Result> {
  const { data } = installation
  // Root may write everywhere, so it is somebody else's process then.
  const isRoot = process.getuid?.() === 0
  const mine = isRoot ? { ...installation, uid: NOBODY } : installation
  mkdirSync(data)
  if (isRoot) for (const path of [root, data]) chownSync(path, NOBODY, NOBODY)
  if (isRoot) chmodSync(dirname(dirname(installation.main)), 0o755)
  const first = start(mine)
  if ((await first.port) === null) return { figures: {}, failures: [`it did not start: ${first.errors().slice(-500)}`] }
  first.child.kill('SIGTERM')
  await first.exited
  chmodSync(data, 0o500)
  const trouble: Trouble = { name: 'not writable', isThere: true, begin: () => {}, end: () => chmodSync(data, 0o700) }
  return attack(mine, root, [trouble], 1, Number.POSITIVE_INFINITY)
}

async function run({ rounds, deadline }: TrustContext): Promise<Outcome> {
  const root = temporaryFolder()
  const installation = await install()
  const results: Result[] = []
  const skipped: string[] = []
  try {
    const volume = mount(join(root, 'disk'), '-t', 'tmpfs', '-o', `size=${ROOM}`, 'tmpfs')
    const data = join(volume.folder, 'data')
    results.push(named('full', await attack({ ...installation, data }, volume.folder, [FULL], rounds, deadline)))
    volume.unmount()
  } catch (error) {
    skipped.push(
      `no file system can be mounted (${(error as { stderr?: Buffer }).stderr?.toString().trim() ?? String(error)})`,
    )
  }
  const home = temporaryFolder()
  results.push(named('denied', await denied({ ...installation, data: join(home, 'data') }, home)))
  const faulty = makeFaultyDisk(root)
  if (faulty === null) skipped.push('there is no compiler for a disk that fails')
  else {
    const { env, flag } = faulty
    const eio: Trouble = { name: 'EIO', begin: () => writeFileSync(flag, ''), end: () => rmSync(flag) }
    const data = join(root, 'data')
    results.push(named('EIO', await attack({ ...installation, data, env }, root, [eio], rounds, deadline)))
  }
  const outcome = {
    figures: Object.assign({}, ...results.map(({ figures }) => figures)) as Result['figures'],
    failures: results.flatMap(({ failures }) => failures),
  }
  return skipped.length === 0 ? outcome : { ...outcome, skipped: skipped.join('; ') }
}

export const program: TrustProgram = {
  name: 'disk',
  about: 'a disk that is full, may not be written, or fails, under load and over again',
  rounds: { short: 1, long: 40 },
  run,
}
