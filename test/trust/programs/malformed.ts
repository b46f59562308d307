import { setTimeout } from 'node:timers/promises'
import { createRandom } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { install, start, TOKEN } from '../support/application.ts'
import { compare, failuresOf, readJournal } from '../support/history.ts'
import { watchMemory } from '../support/memory.ts'
import { commit, createMischief } from '../support/mischief.ts'
import { createSender, posting, transfers } from '../support/sender.ts'

/** Connections at once. */
const AT_ONCE = 128
/** Malformed requests between two honest events. */
const BETWEEN = 50
/** MiB */
const MOST_MEMORY = 200
/** A connection that goes nowhere must be gone after so long (ms). */
const LONGEST = 12_000

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const installation = await install()
  const app = start(installation)
  const port = await app.port
  const failures: string[] = []
  const { pid } = app.child
  if (port === null || pid === undefined) return { figures: {}, failures: [`It did not start: ${app.errors()}`] }
  const memory = watchMemory(pid)
  const atStart = memory.now()
  const draw = createMischief(createRandom(seed), `/events?token=${TOKEN}`)
  let isRunning = true
  app.child.once('exit', () => {
    isRunning = false
  })
  let requests = 0
  let connections = 0
  let longest = 0
  const isOver = () => requests >= rounds || Date.now() > deadline || !isRunning

  async function attack(lane: number): Promise<void> {
    // Several attackers, so that the system does not run out of ports.
    const localAddress = process.platform === 'linux' ? `127.0.0.${2 + (lane % 8)}` : undefined
    while (!isOver()) {
      const mischief = draw()
      requests += mischief.requests
      connections += 1
      const began = performance.now()
      await commit(mischief, port ?? 0, localAddress)
      longest = Math.max(longest, performance.now() - began)
    }
  }

  const post = posting(port, true)
  const sender = createSender('appliance', transfers('appliance'))
  let due = 0
  const isDue = () => requests >= due
  const honest = sender.run(
    async (body) => {
      while (!isDue() && !isOver()) await setTimeout(2)
      due = Math.max(due + BETWEEN, requests - 20 * BETWEEN)
      return post(body)
    },
    isOver,
    true,
  )
  const telling = setInterval(() => log(`${requests} requests, ${Math.round(memory.now())} MiB`), 20_000)
  telling.unref()
  await Promise.all([honest, ...Array.from({ length: AT_ONCE }, (_, lane) => attack(lane))])
  clearInterval(telling)
  const isAlive = isRunning
  const status = isAlive ? await post('event=last&lsid=last') : null
  post.close()
  memory.stop()
  const errors = app.errors()
  app.child.kill('SIGTERM')
  await app.exited

  const stored = readJournal(`${installation.data}/journal.db`)
  const mischief = stored.rows.length - sender.acknowledged.length
  if (!isAlive) failures.push(`The application ended: ${errors.slice(-1_000)}`)
  if (isAlive && status !== 200) failures.push(`An event after it all was answered ${status ?? 'not at all'}`)
  if (/internal error|unhandled/i.test(errors)) failures.push(`An error that nobody caught: ${errors.slice(-1_000)}`)
  // What the attack brought is there too, where it was right enough to be read.
  failures.push(...failuresOf({ ...compare(stored, [sender]), strange: 0 }, stored.integrity))
  for (const [code, count] of sender.refusals) failures.push(`${count} honest events were answered ${code}`)
  if (memory.most() > MOST_MEMORY) failures.push(`It took ${Math.round(memory.most())} MiB`)
  if (longest > LONGEST) failures.push(`A connection stayed for ${Math.round(longest)} ms`)
  if (sender.acknowledged.length === 0) failures.push('No honest event was answered 200.')
  if (mischief < 2) failures.push('Nothing of it was right enough to be read: the attack was none.')
  return {
    figures: {
      requests,
      connections,
      'honest events stored': sender.acknowledged.length,
      'honest events tried again': sender.tries() - sender.acknowledged.length,
      'mischief read as an event': mischief,
      'memory at start (MiB)': Math.round(atStart),
      'memory at most (MiB)': Math.round(memory.most()),
      'memory at the end (MiB)': Math.round(memory.now()),
      'longest connection (ms)': Math.round(longest),
    },
    failures,
  }
}

export const program: TrustProgram = {
  name: 'malformed',
  about: 'requests that are odd in framing, headers, encoding, parts or size, with honest events between them',
  rounds: { short: 20_000, long: 1_000_000 },
  run,
}
