import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import {
  listOf,
  LOGIN,
  parseXml,
  rootOf,
  sessionOf,
  seconds,
  START,
  startBox,
  type Fields,
} from './appliance-support.ts'

test('recordings are files, the same each time; old ones have expired', async (t) => {
  const box = await startBox(t, {
    appliance: { pastSessions: 400 },
    recordingSize: 200_000,
    permissions: { perm_reporting_presentation: '1' },
  })
  const records = [...box.appliance.archive.records()].toReversed()
  const fetchFile = async (form: Fields) => {
    const body = new URLSearchParams({ ...LOGIN, ...form })
    const response = await fetch(`${box.url}/api/reporting`, { method: 'POST', body })
    return { response, bytes: Buffer.from(await response.arrayBuffer()) }
  }
  const digests = new Set<string>()
  const seen = { screen: 0, shell: 0, expired: 0, none: 0 }
  for (const { lsid } of [...records.slice(0, 20), ...records.slice(-20)]) {
    const session = await sessionOf(box, lsid)
    const shells = session['command_shell_recordings'] as Record<string, unknown> | undefined
    const instances = listOf(shells?.['command_shell_recording']).map((shell) => String(shell['@instance']))
    const form = { generate_report: 'SupportSessionRecording', lsid }
    const { response, bytes } = await fetchFile(form)
    if ('session_recording_download_url' in session && response.headers.get('content-type') === 'video/mp4') {
      seen.screen += 1
      assert.equal(response.headers.get('content-length'), '200000')
      assert.match(response.headers.get('content-disposition') ?? '', new RegExp(`filename="${lsid}\\.mp4"`))
      assert.equal(bytes.length, 200_000)
      assert.equal(bytes.subarray(4, 8).toString(), 'ftyp')
      assert.deepEqual((await fetchFile(form)).bytes, bytes)
      digests.add(createHash('sha256').update(bytes).digest('hex'))
    } else {
      const { error } = parseXml(bytes.toString()) as { error: Fields }
      if (error['#text']?.includes('has expired') === true) seen.expired += 1
      else seen.none += 1
    }
    for (const instance of instances) {
      const shell = await fetchFile({ generate_report: 'CommandShellRecording', lsid, instance })
      if (shell.response.headers.get('content-type') === 'video/mp4') seen.shell += 1
    }
  }
  for (const [kind, count] of Object.entries(seen)) assert.ok(count > 0, `no session was of the kind ${kind}`)
  assert.equal(digests.size, seen.screen, 'each session has a film of its own')
  const [, , expired] = box.appliance.presentations
  const late = { generate_report: 'PresentationSessionRecording', lsid: expired?.lsid ?? '' }
  assert.match((await fetchFile(late)).bytes.toString(), /expired/)
})

test('permissions for reports and for the backup', async (t) => {
  const box = await startBox(t, { generation: '24.x', permissions: { perm_reporting_support: '0' } })
  const { lsid } = box.start('team:5')
  const refused = await box.report('SupportSession', { lsid })
  assert.deepEqual([refused.status, refused.text], [404, 'Document Not Found'])
  box.api.setPermissions({ perm_reporting_support: '1' })
  rootOf(await box.report('SupportSession', { lsid }), 'session_list')
  const presentation = { lsid: box.appliance.presentations[0]?.lsid ?? '' }
  assert.equal((await box.report('PresentationSessionRecording', presentation)).status, 404)
  const header = await box.bearer()
  assert.equal((await box.get('/api/backup', header)).text, 'Document Not Found')
  box.api.setPermissions({ perm_backup: '1' })
  const backup = await box.get('/api/backup', header)
  assert.equal(backup.type, 'application/octet-stream')
  assert.equal(backup.headers.get('content-disposition'), 'attachment; filename="backup-2019-11-24.nsb"')
  assert.equal((await box.get('/api/backup')).status, 401)
})

test('ten thousand past sessions are listed at once, and all that was listed can be had', async (t) => {
  const box = await startBox(t, { appliance: { pastSessions: 10_000 } })
  const window = { start_time: seconds(START - 91 * 86_400_000), duration: '0' }
  const startedAt = performance.now()
  const reply = await box.report('SupportSessionListing', window)
  const tookMs = performance.now() - startedAt
  assert.ok(tookMs < 3000, `${tookMs} ms`)
  const lines = listOf(rootOf(reply, 'session_summary_list')['session_summary'])
  assert.equal(lines.length, 10_000)
  assert.equal(new Set(lines.map((line) => line['@lsid'])).size, 10_000)
  const keys = lines.map((line) => line['@external_key']).filter((key) => key !== undefined)
  assert.ok(keys.length > 6000 && keys.length < 7000, 'about two thirds have a key')
  assert.ok(new Set(keys).size < keys.length * 0.95, 'some keys are on several sessions')
  const sample = lines.filter((_, index) => index % 500 === 0)
  const details = await box.report('SupportSession', { lsids: sample.map((line) => line['@lsid']).join(',') })
  const sessions = listOf(rootOf(details, 'session_list')['session'])
  for (const [index, session] of sessions.entries()) {
    const line = sample[index]
    assert.equal(session['@lsid'], line?.['@lsid'])
    assert.equal(session['external_key'], line?.['@external_key'] ?? '')
    assert.equal('session_recording_view_url' in session ? '1' : '0', line?.['@has_recording'])
  }
  const month = await box.report('SupportSessionSummary', { ...window, report_type: 'site' })
  assert.match(month.text, /<total_sessions>10000</)
})
