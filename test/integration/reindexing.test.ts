/** The index is made anew while events come in: nobody waits for it, and nobody is told of a half-known session. */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openJournal } from '../../main/events/journal.ts'
import { begin, customer, JANE, joins, leaves, MIRIAM, TO_ME, TO_MIRIAM } from '../unit/helpers/events.ts'
import { append } from './helpers/journals.ts'
import { createProfile, startRun, until } from './helpers/application.ts'

const SESSIONS = 1_500
const HERS = [begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM)]

/** A journal with so many sessions, whose index is of another version. */
async function makeOld(file: string): Promise<void> {
  const journal = openJournal(file)
  const events = Array.from({ length: SESSIONS }, (_, index) => `s${index}`).flatMap((lsid) =>
    HERS.map((own) => ({ version: '1', lsid, ...own })),
  )
  await Promise.all(events.map((variables) => append(journal, variables, 30 * 60_000)))
  const last = journal.eventsBefore(null, 1)[0]?.seq ?? 0
  journal.index([], last, {})
  journal.close()
  const database = new DatabaseSync(file)
  database.exec("UPDATE meta SET value = '0' WHERE name = 'indexVersion'")
  database.close()
}

function linesIn(file: string): readonly { lsid: string; members: number; owners: number }[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database
      .prepare('SELECT data FROM sessions ORDER BY lsid')
      .all()
      .map(({ data }) => JSON.parse(String(data)) as { lsid: string; members: []; owners: [] })
      .map(({ lsid, members, owners }) => ({ lsid, members: members.length, owners: owners.length }))
  } finally {
    database.close()
  }
}

test('an index that is made anew: events come in at once, into whole sessions, and all lines are made', async (t) => {
  const profile = createProfile(t)
  const file = `${profile.folder}/data/journal.db`
  await makeOld(file)
  const run = await startRun(t, profile)
  assert.ok(linesIn(file).length < SESSIONS, 'it has not waited for all of them')

  // The oldest comes last; of it nothing is known yet but its events.
  await run.happen([TO_ME], 's0')
  await run.shows('Session transferred to you — Jane Doe · no ticket')
  await run.happen([leaves(JANE)], 's1')
  const details = await run.run({ type: 'session.get', lsid: 's1' })
  assert.deepEqual(
    details?.members.map(({ name, leftAt }) => [name, leftAt === null]),
    [
      ['Jane Doe', false],
      ['Miriam Okafor', true],
    ],
  )
  await run.happen([begin(), TO_MIRIAM, joins(customer('Tom'))], 'new')
  await until(() => linesIn(file).length === SESSIONS + 1, 'all lines')
  await run.stop()
  for (const { lsid, members, owners } of linesIn(file)) {
    const expected = lsid === 'new' ? [1, 1] : lsid === 's0' ? [2, 2] : [2, 1]
    assert.deepEqual([members, owners], expected, lsid)
  }
  assert.deepEqual(run.state().problems, [])
})

test('one that was cut off goes on where it was', async (t) => {
  const profile = createProfile(t)
  const file = `${profile.folder}/data/journal.db`
  await makeOld(file)
  const first = await startRun(t, profile)
  await first.stop()
  const done = linesIn(file).length
  assert.ok(done > 0 && done < SESSIONS, `${done} lines`)
  const second = await startRun(t, profile)
  await until(() => linesIn(file).length === SESSIONS, 'all lines')
  await second.stop()
  const journal = openJournal(file)
  assert.equal(journal.indexedFrom, 0)
  journal.close()
})
