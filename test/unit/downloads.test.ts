import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import * as fc from 'fast-check'
import type { FilesApi } from '../../main/appliance/files.ts'
import type { ApplianceLink } from '../../main/appliance/link.ts'
import { createDownloads, recordingName, type WantedRecording } from '../../main/downloads.ts'
import { createStore } from '../../main/store.ts'
import { stateWith } from './helpers/state.ts'

const START = new Date(2026, 10, 2, 9, 5).getTime()
const SCREEN: WantedRecording = {
  lsid: '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b',
  kind: 'session',
  instance: null,
  externalKey: 'INC0010023',
  startedAt: START,
}
const MP4 = { contentType: 'video/mp4', suggestedName: null }

describe('the name of a recording', () => {
  test('says ticket and day; without a ticket, the session', () => {
    assert.equal(recordingName(SCREEN, 0, MP4), 'Recording INC0010023 2026-11-02.mp4')
    assert.equal(
      recordingName({ ...SCREEN, kind: 'commandShell', instance: 0, externalKey: null }, 0, MP4),
      'Recording session 0f3c5a7e 2026-11-02 shell 1.mp4',
    )
    assert.equal(recordingName({ ...SCREEN, startedAt: null }, START, MP4), 'Recording INC0010023 2026-11-02.mp4')
    assert.equal(
      recordingName({ ...SCREEN, externalKey: ' ../é:*?"<>|ticket\\x\u202e ' }, 0, MP4),
      'Recording é-ticket-x 2026-11-02.mp4',
    )
  })

  test('ends as the appliance says, but never as something that could be run', () => {
    const ending = (suggestedName: string | null, contentType: string | null) =>
      recordingName(SCREEN, 0, { suggestedName, contentType }).split('.').at(-1)
    assert.equal(ending('x.FLV', 'application/octet-stream'), 'flv')
    assert.equal(ending('x.exe', 'video/mp4'), 'mp4')
    assert.equal(ending('x.exe', 'application/x-msdownload'), 'bin')
    assert.equal(ending('x', 'Video/WebM; codecs=vp9'), 'webm')
    assert.equal(ending(null, null), 'bin')
    assert.equal(ending('x.constructor', 'constructor'), 'bin')
  })

  test('is one that every file system takes, whatever the ticket', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'binary' }), (externalKey, lsid) => {
        const name = recordingName({ ...SCREEN, externalKey, lsid, kind: 'commandShell', instance: 99 }, 0, MP4)
        assert.match(name, /^Recording [^/\\:*?"<>|\p{Cc}\u202e]+ \d{4}-\d\d-\d\d shell 100\.mp4$/u)
        assert.ok(Buffer.byteLength(name) < 220 && name.isWellFormed(), name)
      }),
      { numRuns: 100 },
    )
  })
})

/** Downloads by a client that does as told. */
function setUp(t: TestContext, downloadRecording: FilesApi['downloadRecording']) {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-downloads-'))
  t.after(() => rm(folder, { recursive: true }))
  const store = createStore(stateWith())
  const downloads = createDownloads({
    store,
    shell: { downloads: () => folder, reveal: () => {} },
    link: { client: () => ({ downloadRecording }) } as unknown as Pick<ApplianceLink, 'client'>,
    now: () => 5,
  })
  return { store, downloads, files: () => readdirSync(folder) }
}

describe('downloads', () => {
  test('that are tried again keep their name', async (t) => {
    const { store, downloads, files } = setUp(t, async (_, target) => {
      assert.ok(typeof target === 'function')
      const file = await target(MP4)
      assert.equal(await target(MP4), file)
      return { file, bytes: 3, ...MP4 }
    })
    downloads.start(SCREEN)
    while (store.get().downloads[0]?.status === 'running') await setTimeout(1)
    assert.equal(store.get().downloads[0]?.status, 'done')
    assert.deepEqual(files(), ['Recording INC0010023 2026-11-02.mp4'])
  })

  test('are all over, and leave nothing, once they have stopped', async (t) => {
    const { store, downloads, files } = setUp(t, async (_, target, { signal } = {}) => {
      assert.ok(typeof target === 'function')
      await target(MP4)
      await setTimeout(60_000, null, signal === undefined ? {} : { signal }).catch(() => {})
      // Closing a file takes its time.
      await setTimeout(20)
      throw new Error('aborted')
    })
    for (const lsid of ['a', 'b', 'c']) downloads.start({ ...SCREEN, lsid })
    while (files().length < 2) await setTimeout(1)
    await downloads.stop()
    assert.deepEqual(
      store.get().downloads.map(({ status }) => status),
      ['cancelled', 'cancelled', 'cancelled'],
    )
    assert.deepEqual(files(), [])
  })

  test('are so many at most; the oldest that are over make room', async (t) => {
    const { store, downloads } = setUp(t, () => new Promise(() => {}))
    const ids = () => store.get().downloads.map(({ id }) => id)
    for (let at = 0; at < 50; at += 1) downloads.start({ ...SCREEN, lsid: `s${at}` })
    assert.equal(new Set(ids()).size, 50)
    assert.throws(() => downloads.start(SCREEN), /too many/)
    const [third] = ids().slice(-3)
    downloads.cancel(third ?? 0)
    downloads.start(SCREEN)
    assert.equal(ids().length, 50)
    assert.ok(!ids().includes(third ?? 0))
  })
})
