/** The client against the simulated appliance: each command and report by name, over all generations of the box. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseVersion } from '../../main/appliance/version.ts'
import { buildConnectorUrl, proposeGeneration, sessionKeyUrl, shortKeyUrl } from '../../main/appliance/url.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { findRepresentative } from '../appliance/world.ts'
import { failure } from '../unit/appliance-client-stub.ts'
import { bench, finished } from './appliance-client-support.ts'
import { JANE, START, told } from './appliance-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'rep-tray-client-'))
after(() => rmSync(folder, { recursive: true }))

const EVERYTHING = { by: 'start', from: START - 3_600_000, until: null } as const
const ENDED = { by: 'end', from: START - 3_600_000, until: null } as const

for (const name of Object.keys(GENERATIONS) as GenerationName[]) {
  const generation = GENERATIONS[name]
  const can = (command: string) => generation.commands.has(command)

  test(`${name}: get_api_info, get_logged_in_reps, get_support_teams`, async (t) => {
    const { box, client } = await bench(t, name)
    const { world } = box.appliance
    const info = await client.getApiInfo()
    assert.equal(info.version, generation.apiVersion)
    assert.equal(info.clock, START)
    assert.equal(info.company, generation.companyName ? world.company : null)
    assert.equal(info.permissions?.['perm_command'], generation.permissions ? 'full_access' : undefined)

    const reps = await client.getLoggedInReps()
    const expected = world.representatives.filter(({ loggedInMinutes }) => loggedInMinutes !== null)
    assert.deepEqual(
      reps.map((rep) => [rep.id, rep.name]),
      expected.map((rep) => [String(rep.id), rep.name]),
    )
    assert.ok(reps.every(({ startUrl, loggedInSince }) => startUrl !== null && loggedInSince !== null))

    const teams = await client.getSupportTeams({ members: true })
    assert.deepEqual(
      teams.map((team) => ({ ...team, members: team.members.map((member) => [member.id, member.name]) })),
      world.teams.map((team) => ({
        id: String(team.id),
        name: team.name,
        members: team.members.map((id) => [String(id), findRepresentative(world, id).name]),
        issues: team.issues.map(({ id, title, codeName }) => ({
          id: String(id),
          title,
          codeName: generation.issueCode === 'none' ? null : codeName,
        })),
      })),
    )
    assert.ok((await client.getSupportTeams()).every(({ members }) => members.length === 0))
  })

  test(`${name}: generate_session_key, whose link carries the ticket`, async (t) => {
    const { box, client } = await bench(t, name, { publicUrl: 'served' })
    const key = await client.generateSessionKey({ queue: 'team:5', externalKey: 'INC 1/ü', ttl: 600 })
    assert.equal(key.externalKeyLost, false)
    assert.equal(key.externalKey, 'INC 1/ü')
    assert.equal(key.expiresAt, START + 600_000)
    assert.equal(key.available, true)
    assert.match(key.shortKey ?? '', /^\d{7}$/)
    assert.ok(key.mailBody?.includes(key.url ?? 'none'))
    const ak = /ak=([0-9a-f]{32})$/.exec(key.url ?? '')?.[1] ?? ''
    assert.equal(sessionKeyUrl(box.url, ak), key.url)
    const links = [sessionKeyUrl(box.url, ak)]
    if (generation.spelling.shortKey !== null) links.push(shortKeyUrl(box.url, key.shortKey ?? ''))
    for (const link of links) {
      const { headers } = await fetch(link)
      const session = box.appliance.sessions.get(headers.get('X-Simulated-Lsid') ?? '')
      assert.equal(session?.externalKey, 'INC 1/ü', link)
    }
  })

  test(`${name}: the connector URL of its generation starts a session with the ticket`, async (t) => {
    const { box, client } = await bench(t, name)
    const codeName = box.appliance.world.customFields[0]?.codeName ?? ''
    const proposed = proposeGeneration(parseVersion((await client.info()).version))
    const { url, problems } = buildConnectorUrl(proposed, {
      host: box.url,
      destination: { issueId: 3 },
      customerName: 'Jane Doe & Co',
      company: 'ACME #1',
      companyCode: 'A=C',
      description: 'It burns: 100 %',
      externalKey: 'INC 1+1/ü?',
      chatFirst: proposed !== 'connector',
      ...(proposed === 'start' ? { customFields: { [codeName]: 'ä b' } } : {}),
    })
    assert.deepEqual(problems, [])
    const reply = await fetch(url ?? '')
    assert.equal(reply.status, 200, await reply.text())
    const session = box.appliance.sessions.get(reply.headers.get('X-Simulated-Lsid') ?? '')
    assert.equal(session?.externalKey, 'INC 1+1/ü?')
    const { name: customer, company, companyCode, details } = session?.customer ?? JANE
    assert.deepEqual([customer, company, companyCode, details], ['Jane Doe & Co', 'ACME #1', 'A=C', 'It burns: 100 %'])
    if (proposed === 'start') assert.equal(session.attributes.get(codeName), 'ä b')
  })

  test(`${name}: transfer_session, join_session, leave_session, terminate_session`, async (t) => {
    const { box, client } = await bench(t, name)
    const { lsid } = box.start('team:5')
    await told(box)
    await client.transferSession({ lsid, to: 'rep:12' })
    assert.deepEqual(await told(box), ['owner_changed rep:12'])
    const acts = {
      join_session: () => client.joinSession({ lsid, repUsername: 'mokafor' }),
      leave_session: () => client.leaveSession({ lsid, repId: 14 }),
      terminate_session: () => client.terminateSession({ lsid }),
    }
    for (const [command, act] of Object.entries(acts)) {
      if (can(command)) {
        await act()
        assert.ok((await told(box)).length > 0, command)
      } else {
        const error = await failure(act())
        assert.equal(error.kind, 'unsupported', command)
        assert.ok(!box.api.requests.some((request) => request.name === command))
      }
    }
    const gone = await failure(client.transferSession({ lsid: 'f'.repeat(32), to: 'rep:12' }))
    assert.equal(gone.kind, 'box')
  })

  test(`${name}: set_session_attributes, get_session_attributes, and the key in the next event`, async (t) => {
    const { box, client } = await bench(t, name)
    const session = box.start('team:5', { key: 'OLD' })
    const { lsid } = session
    const codeName = box.appliance.world.customFields[0]?.codeName ?? ''
    if (!can('set_session_attributes')) {
      assert.equal((await failure(client.setSessionAttributes({ lsid, externalKey: 'NEW' }))).kind, 'unsupported')
      assert.match((await failure(client.getSessionAttributes({ lsid }))).message, /too old/)
      return
    }
    await client.setSessionAttributes({ lsid, externalKey: 'INC 1 & <2> ü', customFields: { [codeName]: 'x' } })
    const attributes = await client.getSessionAttributes({ lsid })
    assert.equal(attributes.find((each) => each.codeName === codeName)?.value, 'x')
    if (generation.keyIsAttribute) assert.equal(attributes[0]?.value, 'INC 1 & <2> ü')
    await told(box)
    session.pickUp(findRepresentative(box.appliance.world, 12))
    assert.deepEqual(await told(box), [
      'owner_changed INC 1 & <2> ü rep:12',
      'member_added INC 1 & <2> ü representative 12',
    ])
    await client.setSessionAttributes({ lsid, externalKey: null })
    assert.equal(session.externalKey, null)
    assert.equal(session.attributes.get(codeName), 'x')
    session.end()
    assert.equal((await failure(client.setSessionAttributes({ lsid, externalKey: 'LATE' }))).kind, 'box')
  })

  test(`${name}: check_health, get_connected_client_list`, async (t) => {
    const { box, client } = await bench(t, name)
    if (!can('check_health')) {
      assert.equal((await failure(client.checkHealth())).kind, 'unsupported')
      assert.equal((await failure(client.getConnectedClients())).kind, 'unsupported')
      return
    }
    assert.deepEqual([(await client.checkHealth()).ok, (await client.checkHealth()).failoverRole], [true, null])
    box.api.setHealth({ problem: 'Disk & fan', failover: 'primary' })
    const health = await client.checkHealth()
    assert.deepEqual([health.ok, health.errorMessage, health.failoverRole], [false, 'Disk & fan', 'primary'])
    assert.ok(health.sharedIps.length > 0 && health.lastSyncAt !== null)
    const { counts, clients } = await client.getConnectedClients({ types: ['representative'] })
    assert.equal(clients.length, counts[0]?.count)
    assert.equal((await client.getConnectedClients({ summaryOnly: true })).clients.length, 0)
  })

  test(`${name}: SupportSessionListing, SupportSession`, async (t) => {
    const { box, client } = await bench(t, name)
    const lsid = await finished(box)
    const running = box.start('general')
    const listing = await client.listSessions(ENDED)
    assert.deepEqual(
      listing.map((each) => [each.lsid, each.externalKey]),
      [[lsid, 'INC0010023 <&> ü']],
    )
    assert.equal(typeof listing[0]?.hasRecording, 'boolean')
    assert.equal((await client.listSessions(EVERYTHING)).length, 2)

    const [session] = await client.supportSessions({ lsid })
    assert.ok(session !== undefined)
    assert.deepEqual([session.startedAt, session.endedAt, session.durationSeconds], [START, START + 360_000, 360])
    assert.equal(session.externalKey, 'INC0010023 <&> ü')
    assert.equal(session.primaryRep?.id, '12')
    assert.equal(session.reps.find(({ owner }) => owner === true)?.username, 'jsmith')
    assert.equal(session.customers[0]?.info.company, JANE.company)
    assert.equal(session.teams[0]?.id, '5')
    assert.equal(session.events.find(({ type }) => type === 'Session Start')?.at, START)
    const said = session.events.filter(({ type }) => type === 'Chat Message').map(({ text }) => text)
    assert.ok(said.includes('It <does> & does not \u0001 print'), JSON.stringify(said))
    assert.ok([...session.customerSurveys, ...session.repSurveys].every(({ questions }) => questions.length > 0))
    assert.deepEqual(session.other, {})

    const both = await client.supportSessions({ lsids: [running.lsid, lsid] })
    assert.deepEqual(
      both.map((each) => [each.lsid, each.endedAt]),
      [
        [running.lsid, null],
        [lsid, START + 360_000],
      ],
    )
    assert.deepEqual(await client.supportSessions({ lsid: 'f'.repeat(32) }), [])
    assert.deepEqual(await client.listSessions({ by: 'end', from: 1000, until: 2000 }), [])
  })

  test(`${name}: SupportSessionSummary, SupportTeam, SupportCustExitSurvey, SupportRepExitSurvey`, async (t) => {
    const { box, client } = await bench(t, name)
    const lsid = await finished(box)
    const summary = await client.summarizeSessions({ ...ENDED, reportType: 'rep' })
    assert.deepEqual(
      summary.map((line) => [line.id, line.name, line.figures['total_sessions']]),
      [['12', 'John Smith', 1]],
    )
    assert.equal((await client.summarizeSessions({ ...ENDED, reportType: 'team' })).length, 1)
    assert.equal((await client.summarizeSessions({ ...ENDED, reportType: 'site' })).length, 1)
    const teams = await client.teamActivity({ by: 'start', from: START - 7 * 86_400_000, until: null })
    assert.equal(teams.length, box.appliance.world.teams.length)
    assert.ok(teams.some(({ events }) => events.some((event) => event.by?.name !== '' && event.at !== null)))
    assert.equal((await client.teamActivity({ ...EVERYTHING, teamId: 5 })).length, 1)
    for (const survey of [
      ...(await client.customerSurveys({ lsid, reportType: 'rep', id: 'all' })),
      ...(await client.repSurveys({ ...ENDED, reportType: 'rep', id: 'all' })),
    ]) {
      assert.equal(survey.lsid, lsid)
      assert.equal(survey.primaryRep?.id, '12')
      assert.ok(survey.questions.length > 0)
    }
  })

  test(`${name}: SupportSessionRecording, CommandShellRecording, PresentationRecording, backup`, async (t) => {
    const { box, client } = await bench(t, name)
    const file = join(folder, `${name}.bin`)
    /** Sessions until one has a recording of its screen and one of a shell; which do is drawn by the lsid. */
    let recorded = 0
    for (let tries = 0; tries < 30 && recorded < 2; tries += 1) {
      const lsid = await finished(box)
      for (const recording of (await client.findRecordings(lsid)) ?? []) {
        const { bytes, suggestedName } = await client.downloadRecording(recording, file)
        assert.equal(bytes, 256 * 1024)
        assert.equal(statSync(file).size, bytes)
        assert.match(suggestedName ?? '', /\.mp4$/)
        recorded += 1
      }
      if (generation.fullReports) continue
      // Reports of that time have no links: only the listing tells that there is one.
      const listed = (await client.listSessions(ENDED)).find((each) => each.lsid === lsid)
      const screen = client.downloadRecording({ kind: 'session', lsid, instance: null }, file)
      if (listed?.hasRecording === true) recorded += (await screen).bytes > 0 ? 1 : 0
      else assert.equal((await failure(screen)).kind, 'box')
    }
    assert.ok(recorded >= 2)
    const [presentation] = box.appliance.presentations
    const shown = client.downloadRecording(
      { kind: 'presentation', lsid: presentation?.lsid ?? '', instance: null },
      file,
    )
    assert.equal((await shown).bytes, 256 * 1024)
    assert.equal((await client.backup(file)).bytes, 300_000)
  })
}
