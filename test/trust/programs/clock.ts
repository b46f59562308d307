import { mock } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createRandom, type Random } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { temporaryFolder } from '../support/application.ts'
import { compare, failuresOf, readJournal, toldTwice } from '../support/history.ts'
import { holds, startInside, type Inside } from '../support/inside.ts'
import { createSender, posting, transfers, type Sender } from '../support/sender.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Longer than the application waits for more of a backlog (ms). */
const DRAINED = 4_000
/** Events of one session, and which of them tells the rep: the transfer, and the end. */
const SESSION = 6
const TOLD = 2
/** Until it is found out that a clock is wrong from the start, so many events are held back. */
const FOUND_OUT = 4

/** The true time, and how wrong the two clocks are (ms). Timers go on as ever. */
interface Time {
  passed: number
  ours: number
  theirs: number
  /** This computer sleeps: time passes at once. */
  pass(ms: number): void
  /** What the appliance's clock says. */
  appliance(): number
}

function createTime(): Time {
  // In the middle of a day, so that no shift of an hour is one of a day; and the true clock stands still but for `pass`.
  const start = Date.UTC(2026, 10, 24, 12)
  const time: Time = {
    passed: 0,
    ours: 0,
    theirs: 0,
    pass: (ms) => {
      time.passed += ms
      mock.timers.setTime(start + time.passed + time.ours)
    },
    appliance: () => start + time.passed + time.theirs,
  }
  mock.timers.enable({ apis: ['Date'], now: start })
  return time
}

interface Site {
  readonly inside: Inside
  readonly sender: Sender
  readonly time: Time
  /** Sends whole sessions, each event a second after the one before. */
  sessions(count: number, pace?: number): Promise<void>
  digests(): number
  singles(): number
}

async function startSite(folder: string, time: Time, sender: Sender): Promise<Site> {
  const inside = await startInside(folder, {}, () => time.passed)
  const post = posting(inside.port(), true)
  return {
    inside: { ...inside, stop: async () => (post.close(), inside.stop()) },
    sender,
    time,
    sessions: async (count, pace = 1_000) => {
      for (let left = count * SESSION; left > 0; left -= 1) {
        const goal = sender.acknowledged.length + 1
        await sender.run(post, () => sender.acknowledged.length >= goal)
        time.pass(pace)
      }
    },
    digests: () => inside.shown.filter(({ kind }) => kind === 'digest').length,
    singles: () => inside.shown.filter(({ kind }) => kind !== 'digest').length,
  }
}

/** What the clock of this computer is set to, by how much (ms). */
const JUMPS = [
  ['+1 h', HOUR],
  ['−1 day', -DAY],
  ['+1 year', 365 * DAY],
  ['−1 year', -365 * DAY],
] as const

const ZONES = ['Pacific/Kiritimati', 'America/Los_Angeles', 'Europe/Berlin', 'UTC'] as const

/** Sends sessions that are in time; each is to be told by itself. */
async function inTime(site: Site, what: string, failures: string[]): Promise<void> {
  const [singles, digests] = [site.singles(), site.digests()]
  await site.sessions(2)
  const isTold = await holds(() => site.singles() >= singles + 2 * TOLD, 2_000)
  if (!isTold || site.digests() > digests)
    failures.push(`${what}: ${site.singles() - singles} of ${2 * TOLD} told, ${site.digests() - digests} digests`)
}

async function attempt(site: Site, random: Random, failures: string[]): Promise<void> {
  const { time, inside } = site
  const order = JUMPS.map((jump) => ({ jump, by: random.next() })).sort((a, b) => a.by - b.by)
  for (const { jump } of order) {
    const [name, by] = jump
    await inTime(site, `before ${name}`, failures)
    const board = inside.app.getState().sessions.length
    time.ours += by
    time.pass(1_000)
    await inTime(site, `after ${name}`, failures)
    if (inside.app.getState().sessions.length < board) failures.push(`${name}: the board lost what is still on`)
    if (inside.problem('clock') === null) failures.push(`${name}: not shown`)
    time.ours -= by
    time.pass(1_000)
    await inTime(site, `back from ${name}`, failures)
    if (inside.problem('clock') !== null) failures.push(`back from ${name}: still shown`)
  }
  for (const zone of ZONES) {
    process.env['TZ'] = zone
    await inTime(site, `in ${zone}`, failures)
  }
  // Summer time begins and ends in this zone; what time it is does not change by that.
  process.env['TZ'] = 'Europe/Berlin'
  for (const change of [Date.UTC(2027, 2, 28, 1), Date.UTC(2027, 9, 31, 1)]) {
    const now = time.appliance()
    time.pass(change - 2 * MINUTE - now)
    await site.sessions(1)
    time.pass(2 * MINUTE)
    await inTime(site, 'over the change of summer time', failures)
  }
}

/** An hour asleep: what happened meanwhile is late, and what happens then is not. */
async function asleep(site: Site, failures: string[]): Promise<void> {
  const { time, sender } = site
  await inTime(site, 'before sleep', failures)
  const digests = site.digests()
  const singles = site.singles()
  const late = sender.acknowledged.length
  // The appliance makes these while this computer sleeps, and delivers them when it is awake.
  time.theirs -= HOUR
  time.pass(HOUR)
  await site.sessions(3, 10)
  time.theirs += HOUR
  const isSummed = await holds(() => site.digests() > digests, DRAINED)
  if (!isSummed) failures.push('asleep: no digest')
  if (site.singles() > singles)
    failures.push(`asleep: ${site.singles() - singles} of ${sender.acknowledged.length - late} told as news`)
  await inTime(site, 'after sleep', failures)
}

async function run({ rounds, seed, deadline }: TrustContext): Promise<Outcome> {
  const random = createRandom(seed)
  const zone = process.env['TZ']
  const time = createTime()
  const failures: string[] = []
  const folder = temporaryFolder()
  const began = process.cpuUsage()

  const sender = createSender(
    'appliance',
    transfers('appliance', () => time.appliance()),
  )
  const site = await startSite(folder, time, sender)
  let done = 0
  // The time of day is not what it was; what has passed is.
  while (done < rounds && performance.timeOrigin + performance.now() < deadline && failures.length === 0) {
    await attempt(site, random, failures)
    await asleep(site, failures)
    done += 1
  }
  const { shown } = site.inside
  const used = process.cpuUsage(began)
  await site.inside.stop()
  const stored = readJournal(site.inside.journal)
  const verdict = compare(stored, [sender])
  const twice = toldTwice(shown)
  if (twice.length > 0) failures.push(`told twice: ${twice.slice(0, 3).join(', ')}`)

  // The appliance's clock is wrong from the start: nobody can know, but it is found out, and remembered.
  const held: number[] = []
  for (const wrong of [-HOUR, HOUR]) {
    const other = temporaryFolder()
    time.theirs = wrong
    const wrongSender = createSender(
      'appliance',
      transfers(`off${wrong}`, () => time.appliance()),
    )
    const first = await startSite(other, time, wrongSender)
    await first.sessions(2, 30_000)
    await setTimeout(DRAINED)
    const before = first.singles()
    held.push(Math.max(0, 2 * TOLD - before))
    await inTime(first, `appliance ${wrong > 0 ? 'ahead' : 'behind'} by an hour, once found out`, failures)
    await first.inside.stop()
    const second = await startSite(other, time, wrongSender)
    await inTime(second, `appliance ${wrong > 0 ? 'ahead' : 'behind'} by an hour, after a restart`, failures)
    await second.inside.stop()
    time.theirs = 0
  }
  if (Math.max(...held) > FOUND_OUT) failures.push(`${Math.max(...held)} held back before it was found out`)
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
  const idle = await idleShare()
  mock.timers.reset()
  if (idle > 0.2) failures.push(`busy without anything to do: ${(idle * 100).toFixed(0)} %`)
  return {
    figures: {
      rounds: done,
      'times that the clock was set': done * 2 * JUMPS.length,
      events: sender.acknowledged.length,
      'told by themselves': shown.filter(({ kind }) => kind !== 'digest').length,
      'digests (one for each sleep)': shown.filter(({ kind }) => kind === 'digest').length,
      'held back until a wrong clock was found out': held.join(' and '),
      'processor time (s)': ((used.user + used.system) / 1e6).toFixed(1),
      ...verdict,
    },
    failures: [...failures, ...failuresOf(verdict, stored.integrity)],
  }
}

/** How much of its time a process uses that has nothing to do: a timer that storms would show. */
async function idleShare(): Promise<number> {
  const began = process.cpuUsage()
  const beganAt = performance.now()
  await setTimeout(1_000)
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000 / (performance.now() - beganAt)
}

export const program: TrustProgram = {
  name: 'clock',
  about: 'clocks that jump by an hour, a day, a year; zones, summer time, an hour asleep; an appliance an hour off',
  rounds: { short: 1, long: 20 },
  run,
}
