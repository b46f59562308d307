import { reads } from './appliance-client-reads.ts'
import { LSID } from './appliance-client-stub.ts'

reads('get_api_info.xml', (client) => client.getApiInfo(), {
  version: '1.19.0',
  product: '19.1',
  company: 'examplecorp',
  clock: 1_574_600_000_000,
  permissions: { perm_command: 'full_access', perm_reporting_support: '1' },
})

reads('get_logged_in_reps.xml', (client) => client.getLoggedInReps(), [
  {
    id: '12',
    name: 'John Smith',
    publicName: 'John',
    privateName: 'John Smith',
    username: null,
    type: 'Normal',
    startUrl: 'https://support.example.com/api/start_session?id=12&name=John',
    loggedInSince: 1_574_601_234_000,
    supportSessions: 2,
    presentations: 0,
    onRepList: true,
    other: {},
  },
])

reads('get_logged_in_reps-2011.xml', (client) => client.getLoggedInReps(), [
  {
    id: '12',
    name: 'John Smith',
    publicName: null,
    privateName: null,
    username: null,
    type: 'Normal',
    startUrl: 'https://support.example.com/api/start_session.ns?id=12&name=John%20Smith',
    // Without a zone it would be a guess.
    loggedInSince: null,
    supportSessions: 0,
    presentations: 0,
    onRepList: false,
    other: {},
  },
  {
    id: '14',
    name: 'Åsa Öberg & Co <intern>',
    publicName: null,
    privateName: null,
    username: null,
    type: 'Embassy',
    startUrl: null,
    loggedInSince: null,
    supportSessions: null,
    presentations: null,
    onRepList: null,
    other: { skill_count: '3' },
  },
])

reads('get_support_teams.xml', (client) => client.getSupportTeams({ members: true }), [
  {
    id: '5',
    name: 'Troubleshooting',
    members: [{ id: '12', name: 'John Smith', username: null }],
    issues: [{ id: '3', title: 'Printer', codeName: null }],
  },
])

reads('get_support_teams-attributes.xml', (client) => client.getSupportTeams(), [
  {
    id: '5',
    name: 'Troubleshooting',
    members: [
      { id: '12', name: 'John Smith', username: null },
      { id: '14', name: 'aoberg', username: 'aoberg' },
    ],
    issues: [
      { id: '3', title: 'Printer', codeName: 'printer' },
      { id: '4', title: 'Network', codeName: 'network' },
      { id: '5', title: 'Other', codeName: null },
    ],
  },
  { id: '6', name: 'Second line', members: [], issues: [] },
])

reads(
  'generate_session_key.xml',
  (client) => client.generateSessionKey({ queue: 'team:5', externalKey: 'INC0010023' }),
  {
    type: 'support',
    expiresAt: 1_574_686_400_000,
    queue: 'team',
    queueId: '5',
    available: true,
    externalKey: 'INC0010023',
    shortKey: '1234567',
    url: 'https://support.example.com/?ak=00112233445566778899aabbccddeeff',
    mailSubject: 'Remote Support Invitation',
    mailBody: 'Open the link below.\n\nhttps://support.example.com/?ak=00112233445566778899aabbccddeeff',
    externalKeyLost: false,
  },
)

reads('transfer_session.xml', (client) => client.transferSession({ lsid: LSID, to: 'rep:12' }), undefined)
reads('join_session.xml', (client) => client.joinSession({ lsid: LSID, repId: 12 }), undefined)
reads('leave_session.xml', (client) => client.leaveSession({ lsid: LSID, customer: true }), undefined)
reads('terminate_session.xml', (client) => client.terminateSession({ lsid: LSID }), undefined)
reads(
  'set_session_attributes.xml',
  (client) => client.setSessionAttributes({ lsid: LSID, externalKey: 'INC0010023' }),
  undefined,
)

reads('get_session_attributes.xml', (client) => client.getSessionAttributes({ lsid: LSID }), [
  { codeName: 'external_key', displayName: 'External Key', value: 'INC0010023' },
  { codeName: 'asset_no', displayName: 'Asset', value: 'PC-4711' },
])

reads('check_health.xml', (client) => client.checkHealth(), {
  applianceId: '00112233445566778899aabbccddeeff',
  host: 'box-1',
  version: '19.1.8 (00000-example)',
  ok: true,
  errorMessage: null,
  failoverRole: 'none',
  sharedIps: [],
  lastSyncAt: null,
  lastSyncStatus: null,
})

reads('check_health-failover.xml', (client) => client.checkHealth(), {
  applianceId: '00112233445566778899aabbccddeeff',
  host: 'box-1',
  version: '21.1.2 (00000-example)',
  ok: false,
  errorMessage: 'The backup cannot be reached',
  failoverRole: 'primary',
  sharedIps: ['198.51.100.10', '198.51.100.11'],
  lastSyncAt: 1_574_601_600_000,
  lastSyncStatus: 'Data sync was successful',
})

reads('get_connected_client_list.xml', (client) => client.getConnectedClients(), {
  counts: [
    { applianceId: '00112233445566778899aabbccddeeff', type: 'representative', count: 4 },
    { applianceId: '00112233445566778899aabbccddeeff', type: 'support_customer', count: 2 },
  ],
  clients: [{ type: 'representative', id: '12' }],
})
