/** Recordings through the whole application: into the folder for downloads, a few at a time, with an end to each. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import type { Download, ReportRecording } from '../../preload/contract.ts'
import { recordingBody } from '../appliance/api/recording.ts'
import { recordingsOf } from '../appliance/archive/details.ts'
import type { SessionRecord } from '../appliance/archive/record.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { until } from './helpers/application.ts'
import { startSite, type Site } from './helpers/site.ts'

const NAMES = Object.keys(GENERATIONS) as GenerationName[]

/** Sessions with a recording of the screen that has not expired, the newest first. */
function recorded({ appliance }: Site, shells = 0): readonly SessionRecord[] {
  return [...appliance.archive.records()].toReversed().filter((record) => {
    const found = recordingsOf(record, Date.now())
    return found.screen && !found.expired && found.shells >= shells
  })
}

function download(
  { run }: Site,
  lsid: string,
  kind: ReportRecording['kind'] = 'session',
  instance: number | null = null,
) {
  return run.run({ type: 'recording.download', lsid, kind, instance })
}

const folderOf = ({ run }: Site) => run.desktop.downloads()
const filesOf = (site: Site) => (existsSync(folderOf(site)) ? readdirSync(folderOf(site)) : [])

async function ended({ run }: Site, lsid: string, status: Download['status'] = 'done'): Promise<Download> {
  const find = () => run.state().downloads.find((each) => each.lsid === lsid)
  await until(() => find()?.status !== undefined && find()?.status !== 'running', 'the download is over')
  const found = find() ?? assert.fail('it is gone')
  assert.equal(found.status, status, found.message ?? '')
  return found
}

function contentOf(label: string, filename: string, length: number): Buffer {
  return Buffer.concat([...recordingBody(label, 'video/mp4', filename, length).chunks])
}

describe('a recording', () => {
  for (const generation of NAMES) {
    test(`${generation}: comes in whole, is called by its ticket, and is shown`, async (t) => {
      const site = await startSite(t, generation, { past: 100 })
      const { run } = site
      const record = recorded(site, 1)[0] ?? assert.fail('nothing was recorded')
      const { lsid, externalKey } = record
      // The key is known once the report is.
      await run.run({ type: 'report.get', lsid, fresh: false })
      await download(site, lsid)
      const done = await ended(site, lsid)
      const file = done.file ?? ''
      const day = new Date(record.startedAt)
      const date = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0'))
      const subject = externalKey ?? `session ${lsid.slice(0, 8)}`
      assert.equal(basename(file), `Recording ${subject} ${date.join('-')}.mp4`)
      assert.ok(readFileSync(file).equals(contentOf(lsid, basename(file), 256 * 1024)))
      assert.deepEqual([done.bytes, done.totalBytes, done.message], [256 * 1024, 256 * 1024, null])
      assert.equal(statSync(file).mode & 0o077, 0)
      await run.run({ type: 'download.show', id: done.id })
      assert.deepEqual(run.desktop.revealed, [file])

      await download(site, lsid, 'commandShell', 0)
      await until(() => run.state().downloads[0]?.status === 'done', 'the shell has come in')
      assert.match(run.state().downloads[0]?.file ?? '', / shell 1\.mp4$/)

      await download(site, lsid)
      await until(
        () => run.state().downloads[0]?.kind === 'session' && run.state().downloads[0]?.status === 'done',
        'again',
      )
      assert.match(run.state().downloads[0]?.file ?? '', / \(2\)\.mp4$/, 'nothing is replaced')
      assert.deepEqual(filesOf(site).length, 3)

      for (const { id } of run.state().downloads) await run.run({ type: 'download.dismiss', id })
      assert.deepEqual(run.state().downloads, [])
      assert.equal(filesOf(site).length, 3, 'the files stay')
    })
  }

  test('tells how far it is, not too often, and can be cancelled without a trace', async (t) => {
    const site = await startSite(t, '24.x', { past: 100, api: { recordingSize: 40_000_000 } })
    const { run, api } = site
    const lsid = recorded(site)[0]?.lsid ?? ''
    const told: number[] = []
    run.app.subscribe((state) => {
      const bytes = state.downloads[0]?.bytes ?? 0
      if (bytes !== told.at(-1)) told.push(bytes)
    })
    const startedAt = performance.now()
    await download(site, lsid)
    await until(() => told.at(-1) === 40_000_000, 'all has come in')
    assert.ok(told.length > 1 && told.length <= (performance.now() - startedAt) / 200 + 3, `${told.length} changes`)
    rmSync(run.state().downloads[0]?.file ?? '')
    await run.run({ type: 'download.dismiss', id: run.state().downloads[0]?.id ?? 0 })

    api.next('slow', { on: 'SupportSessionRecording' })
    await download(site, lsid)
    await until(() => (run.state().downloads[0]?.bytes ?? 0) > 0, 'something has come in')
    const { id, totalBytes } = run.state().downloads[0] ?? assert.fail()
    assert.equal(totalBytes, 40_000_000)
    assert.equal(filesOf(site).length, 2, 'its name, and what there is of it')
    await assert.rejects(run.run({ type: 'download.dismiss', id }), /still on its way/)
    await assert.rejects(run.run({ type: 'download.show', id }), /not there yet/)
    await run.run({ type: 'download.cancel', id })
    await ended(site, lsid, 'cancelled')
    assert.deepEqual(filesOf(site), [])
    await run.run({ type: 'download.cancel', id })
    await run.run({ type: 'download.dismiss', id })
    assert.deepEqual(run.state().downloads, [])
  })

  test('waits while two others come in; the same one is not had twice at a time', async (t) => {
    const site = await startSite(t, '24.x', { past: 200 })
    const { run, api } = site
    const [one, two, three, four] = recorded(site).map(({ lsid }) => lsid)
    api.next('hang', { on: 'SupportSessionRecording', times: 2 })
    for (const lsid of [one, two, three, four]) await download(site, lsid ?? '')
    await download(site, one ?? '')
    await download(site, four ?? '')
    assert.equal(run.state().downloads.length, 4)
    const asked = () => api.requests.filter(({ name }) => name === 'SupportSessionRecording').length
    await until(() => asked() === 2, 'two are asked for')
    const [fourth, third, second, first] = run.state().downloads
    await run.run({ type: 'download.cancel', id: fourth?.id ?? 0 })
    await ended(site, four ?? '', 'cancelled')
    assert.deepEqual([asked(), third?.status, third?.bytes], [2, 'running', 0])
    await run.run({ type: 'download.cancel', id: first?.id ?? 0 })
    await ended(site, three ?? '')
    assert.equal(asked(), 3, 'that which was cancelled in time was never asked for')
    await run.stop()
    assert.equal(run.state().downloads.find(({ id }) => id === second?.id)?.status, 'cancelled')
    assert.deepEqual(filesOf(site).length, 1, 'only what is whole is left')
  })

  test('that cannot be had says why, and leaves nothing', async (t) => {
    const site = await startSite(t, '24.x', { past: 200 })
    const { run, api, appliance } = site
    const lsid = recorded(site)[0]?.lsid ?? ''
    const message = async (status: Download['status'] = 'failed') => (await ended(site, lsid, status)).message ?? ''
    api.next('error', { on: 'SupportSessionRecording' })
    await download(site, lsid)
    assert.match(await message(), /^The appliance says: /)
    await download(site, lsid)
    await ended(site, lsid)
    const file = run.state().downloads[0]?.file ?? ''
    rmSync(file)
    await assert.rejects(run.run({ type: 'download.show', id: run.state().downloads[0]?.id ?? 0 }), /no longer where/)

    const expired = [...appliance.archive.records()].find((record) => {
      const found = recordingsOf(record, Date.now())
      return found.screen && found.expired
    })
    await download(site, expired?.lsid ?? '')
    assert.match((await ended(site, expired?.lsid ?? '', 'failed')).message ?? '', /expired/)

    rmSync(folderOf(site), { recursive: true })
    writeFileSync(folderOf(site), 'in the way')
    await download(site, lsid)
    assert.match(await message(), /No file could be made in /)
    rmSync(folderOf(site))
    mkdirSync(join(folderOf(site)))

    api.setPermissions({ perm_reporting_support: '0' })
    await run.run({ type: 'appliance.check' })
    const refused = await run.app.run({ type: 'recording.download', lsid, kind: 'session', instance: null })
    assert.deepEqual(refused, { ok: false, message: run.state().appliance.cannot.recordings })
    assert.deepEqual(filesOf(site), [])
  })
})
