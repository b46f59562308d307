/** Whatever came in, however it was cut up, and wherever the process died: the journal tells the same story again. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { parseEvent, type Variables } from '../../main/events/event.ts'
import { openJournal, type Journal } from '../../main/events/journal.ts'
import { createIntake } from '../../main/intake.ts'
import { pruned, restoredBoard, type Board } from '../../main/sessions/board.ts'
import { applyEvent, type Session } from '../../main/sessions/session.ts'
import { createStore } from '../../main/store.ts'
import { checkSession } from '../unit/helpers/sessions.ts'
import { stateWith } from '../unit/helpers/state.ts'
import { anyEvent } from '../unit/helpers/traffic.ts'
import { append } from './helpers/journals.ts'

/** Journal, intake and State as the application puts them together. */
function start(file: string) {
  const journal = openJournal(file)
  const store = createStore(stateWith())
  const failures: unknown[] = []
  const intake = createIntake({
    store,
    journal: () => journal,
    now: Date.now,
    elapsed: () => performance.now(),
    notify: () => {},
    dismiss: () => {},
    sees: () => true,
    onRepId: () => {},
    onClock: () => {},
    onIndexed: () => {},
    onIndexFailure: (error) => failures.push(error),
  })
  store.change({ type: 'restored', state: { board: restoredBoard(journal, Date.now()) } })
  intake.catchUp()

  async function take(variables: Variables): Promise<{ seq: number; repeated: boolean }> {
    const received = await append(journal, variables)
    if (!received.appended.repeated) intake.take(received)
    return received.appended
  }

  return {
    take,
    /** As a process that is killed before it works the event in. */
    store: async (variables: Variables) => (await append(journal, variables)).appended,
    flush: () => intake.flush(),
    caughtUp: () => intake.caughtUp(),
    board: () => pruned(store.get().board, Date.now()),
    stop: () => {
      intake.flush()
      assert.deepEqual(failures, [])
      journal.close()
    },
    /** As a process that is killed: nothing is written any more. */
    die: () => journal.close(),
  }
}

const plain = (board: Board) => [...board.values()].toSorted((a, b) => a.lsid.localeCompare(b.lsid))
const indexOf = (journal: Pick<Journal, 'sessionsSince'>) =>
  journal.sessionsSince(0).toSorted((a, b) => a.lsid.localeCompare(b.lsid))

function readIndex(file: string) {
  const journal = openJournal(file)
  try {
    return indexOf(journal)
  } finally {
    journal.close()
  }
}

function forgetIndex(file: string, how: 'version' | 'rows'): void {
  const database = new DatabaseSync(file)
  database.exec(
    how === 'version'
      ? "UPDATE meta SET value = '0' WHERE name = 'indexVersion'"
      : "DELETE FROM sessions; UPDATE meta SET value = '0' WHERE name = 'indexed'",
  )
  database.close()
}

/** A journal's file in a folder of its own. The timers stand still, so that nothing is written but on request. */
function files(t: TestContext): () => string {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-replay-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  let count = 0
  return () => {
    count += 1
    return join(folder, String(count), 'journal.db')
  }
}

const NOW = Math.floor(Date.now() / 1000)
const anyPost = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd'), anyEvent, fc.oneof(fc.integer({ min: -400, max: 60 }), fc.constant(null)))
  .map(([lsid, own, shift]): Variables => ({
    version: '1',
    lsid,
    ...own,
    ...(shift === null ? {} : { timestamp: String(NOW + shift) }),
  }))

/**
 * What happens to the application: posts together or alone, again and again, writes of the index, restarts, deaths,
 * also between storing events and working them in.
 */
const anyHistory = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.array(anyPost, { minLength: 1, maxLength: 6 }).map((posts) => ({ posts })) },
    { weight: 2, arbitrary: fc.nat().map((again) => ({ again })) },
    { weight: 1, arbitrary: fc.array(anyPost, { minLength: 1, maxLength: 3 }).map((stored) => ({ stored })) },
    { weight: 2, arbitrary: fc.constant('flush' as const) },
    { weight: 1, arbitrary: fc.constant('die' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  ),
  { maxLength: 25 },
)

/** What the sessions must be: each event once, in the order of its number. */
function expectedSessions(taken: ReadonlyMap<number, { variables: Variables; at: number }>): readonly Session[] {
  const sessions = new Map<string, Session>()
  for (const [seq, { variables, at }] of [...taken].toSorted(([a], [b]) => a - b)) {
    const event = parseEvent(variables)
    if ('malformed' in event || event.lsid === null) continue
    const before = sessions.get(event.lsid) ?? null
    if (before === null && event.kind === 'other') continue
    sessions.set(event.lsid, applyEvent(before, { ...event, lsid: event.lsid, seq, time: event.at ?? at }))
  }
  return [...sessions.values()]
}

describe('replaying the journal', () => {
  test('gives the same board and the same index, from nothing and through any history', async (t) => {
    const newFile = files(t)
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.constantFrom('version', 'rows'), async (history, how) => {
        const file = newFile()
        const taken = new Map<number, { variables: Variables; at: number }>()
        const posted: Variables[] = []
        let run = start(file)

        async function post(posts: readonly Variables[], by: 'take' | 'store' = 'take'): Promise<void> {
          posted.push(...posts)
          const appended = await Promise.all(posts.map((variables) => run[by](variables)))
          for (const [index, { seq, repeated }] of appended.entries()) {
            const variables = posts[index]
            if (variables !== undefined && !repeated) taken.set(seq, { variables, at: 0 })
          }
        }

        for (const step of history) {
          if (step === 'flush') run.flush()
          else if (step === 'die' || step === 'restart') {
            if (step === 'die') run.die()
            else run.stop()
            run = start(file)
          } else if ('posts' in step) await post(step.posts)
          else if ('stored' in step) {
            await post(step.stored, 'store')
            run.die()
            run = start(file)
          } else if (posted.length > 0) await post([posted[step.again % posted.length] ?? {}])
        }
        const live = plain(run.board())
        run.stop()
        const index = readIndex(file)

        forgetIndex(file, how)
        const again = start(file)
        await again.caughtUp()
        assert.deepEqual(plain(again.board()), live)
        again.stop()
        assert.deepEqual(readIndex(file), index)

        const journal = openJournal(file)
        const stored = new Map(journal.eventsAfter(0, 10_000).map(({ seq, at }) => [seq, at]))
        journal.close()
        for (const [seq, each] of taken) each.at = stored.get(seq) ?? 0
        const expected = expectedSessions(taken).toSorted((a, b) => a.lsid.localeCompare(b.lsid))
        assert.deepEqual(
          live,
          expected.filter((session) => live.some(({ lsid }) => lsid === session.lsid)),
        )
        assert.deepEqual(
          index.map(({ data }) => JSON.parse(data)),
          expected,
        )
        for (const session of expected) checkSession(session)
      }),
      { numRuns: 30 },
    )
  })

  test('of thousands of events goes in steps, and can be cut off between them', async (t) => {
    const file = files(t)()
    const journal = openJournal(file)
    const events = Array.from({ length: 3_500 }, (_, index) => {
      const lsid = `session ${index % 700}`
      return index < 700
        ? { event: 'support_conference_begin', lsid }
        : { event: 'support_conference_owner_changed', lsid, conference_id: `rep:${index}`, conference_name: '' }
    })
    await Promise.all(events.map((variables) => append(journal, { version: '1', ...variables })))
    journal.close()

    const first = start(file)
    assert.ok(first.board().size < 500, 'nobody waits for all of it')
    await first.caughtUp()
    assert.equal(first.board().size, 500, 'the board is bounded')
    first.die()
    const second = start(file)
    second.stop()
    const third = start(file)
    await third.caughtUp()
    third.stop()
    const index = readIndex(file)
    assert.equal(index.length, 700)
    for (const { data, revision } of index) {
      const session = JSON.parse(data) as Session
      assert.equal(session.owners.length, 4)
      assert.equal(session.revision, revision)
    }
    const again = openJournal(file)
    assert.equal(again.indexedThrough, 3_500)
    again.close()
  })
})
