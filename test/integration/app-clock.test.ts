/** This computer's clock is five minutes ahead of the appliance's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, customer, JANE, joins, MIRIAM, TO_ME, TO_MIRIAM } from '../unit/helpers/events.ts'
import { createProfile, startRun, until } from './helpers/application.ts'

const AHEAD = 300

test('a clock that is ahead is found out, said, and no longer in the way', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const run = await startRun(t, createProfile(t, { 'me.teams': [] }), { elapsed: Date.now })
  for (const event of [begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM)]) {
    await run.happen([event], 'one', { ago: AHEAD })
    t.mock.timers.setTime(Date.now() + 60_000)
  }
  assert.match(run.problem('clock')?.title ?? '', /^This computer’s clock is 5 minutes ahead/)
  await until(() => !run.state().health.catchingUp, 'what was held back is done')
  await run.happen([TO_ME], 'one', { ago: AHEAD })
  await run.shows('Session transferred to you — Jane Doe · no ticket')

  await run.happen([begin(), TO_MIRIAM, joins(customer('Tom')), joins(MIRIAM), TO_ME], 'two')
  await run.shows('Session transferred to you — Tom · no ticket')
  assert.equal(run.problem('clock'), undefined, 'somebody has set it right')
})
