import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { recordingName, type WantedRecording } from '../../main/downloads.ts'

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
      { numRuns: 200 },
    )
  })
})
