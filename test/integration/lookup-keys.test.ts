/** Lookups at appliances whose listings lack keys, or that call it an error if there is nothing: found all the same. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { until } from './helpers/application.ts'
import { startSite, type Site } from './helpers/site.ts'

const NAMES = Object.keys(GENERATIONS) as GenerationName[]
const WITHOUT = { features: { listingKeys: false } } as const

async function lookUp({ run }: Pick<Site, 'run'>, query: string) {
  await run.run({ type: 'lookup.start', query })
  await until(
    () => run.state().lookup?.query === query && run.state().lookup?.status !== 'running',
    'it is over',
    60_000,
  )
  const { lookup } = run.state()
  assert.equal(lookup?.status, 'done', lookup?.message ?? '')
  return lookup?.hits ?? []
}

const count = ({ api }: Site, name: string) => api.requests.filter((request) => request.name === name).length

describe('a listing without keys', () => {
  for (const generation of NAMES) {
    test(`${generation}: reports are asked for instead, once, and kept`, async (t) => {
      const site = await startSite(t, generation, { past: 300, api: WITHOUT })
      const records = [...site.appliance.archive.records()]
      const old = records.find(({ externalKey }) => externalKey !== null)
      const key = old?.externalKey ?? ''
      const hits = await lookUp(site, key)
      const wanted = records.filter(({ externalKey }) => externalKey === key).map(({ lsid }) => lsid)
      assert.deepEqual(hits.map(({ lsid }) => lsid).toSorted(), wanted.toSorted())
      assert.ok(hits.every(({ customer, computer, startedAt }) => customer !== null && computer !== null && startedAt))
      const { done, total } = site.run.state().lookup ?? {}
      assert.deepEqual([done, total], [90, 90])
      assert.ok(count(site, 'SupportSessionListing') <= 2, 'that there are no keys is seen at once')

      const asked = count(site, 'SupportSession')
      const other =
        records.findLast(({ externalKey }) => externalKey !== null && externalKey !== key)?.externalKey ?? ''
      assert.ok((await lookUp(site, other)).some(({ externalKey }) => externalKey === other))
      assert.ok(count(site, 'SupportSession') - asked <= 1, 'only what may be new')
      const [found] = await site.run.run({ type: 'lookup.search', query: hits[0]?.customer ?? '' })
      assert.equal(found?.match, 'words')

      const next = await site.restart()
      assert.deepEqual(
        (await next.run({ type: 'lookup.search', query: key })).map(({ lsid }) => lsid).toSorted(),
        wanted.toSorted(),
      )
    })
  }

  test('is cancelled half-way, and goes on from there', async (t) => {
    const site = await startSite(t, '24.x', { past: 300, api: WITHOUT })
    const { run, api } = site
    const oldest = [...site.appliance.archive.records()].find(({ externalKey }) => externalKey !== null)
    const query = oldest?.externalKey ?? ''
    api.next('slow', { on: 'SupportSession', times: 100 })
    await run.run({ type: 'lookup.start', query })
    await until(() => (run.state().lookup?.done ?? 0) > 1, 'some of it is known', 60_000)
    await run.run({ type: 'lookup.cancel' })
    await until(() => run.state().lookup?.status === 'cancelled', 'it is cancelled')
    const { done = 0, total = 0 } = run.state().lookup ?? {}
    assert.ok(done < total)
    api.clearNext()
    assert.ok((await lookUp(site, query)).length > 0)
    assert.ok((run.state().lookup?.total ?? 0) < total, 'what is known is not asked for again')
  })
})

describe('an error in place of an empty list', () => {
  for (const features of [{}, WITHOUT.features]) {
    test(`does not stop a lookup, listings ${features === WITHOUT.features ? 'without' : 'with'} keys`, async (t) => {
      const site = await startSite(t, '24.x', { past: 8, api: { features, noMatch: 'error' } })
      const key =
        [...site.appliance.archive.records()].find(({ externalKey }) => externalKey !== null)?.externalKey ?? ''
      assert.ok((await lookUp(site, key)).some(({ externalKey }) => externalKey === key))
      assert.deepEqual(await lookUp(site, 'INC-NOT-THERE'), [], 'nothing new is no failure')
    })
  }
})
