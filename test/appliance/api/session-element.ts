import { answersOf, inventDetails, recordingsOf } from '../archive/details.ts'
import { consoleOf, machineOf } from '../archive/machine.ts'
import type { Connection, Snapshot } from '../archive/record.ts'
import type { ApiContext } from './context.ts'
import { eventElements } from './session-events.ts'
import { surveyElement } from './survey-element.ts'
import { element, type XmlElement } from './xml.ts'

/** The `session` of a `SupportSession` report, as the generation writes it. */
export function sessionElement(snapshot: Snapshot, context: ApiContext): XmlElement {
  const { lsid, customer, startedAt, endedAt, primaryCustomer, primaryRep, connections } = snapshot
  const { appliance, generation, horizon } = context
  const details = appliance.inventsDetails ? inventDetails(snapshot, horizon.now) : []
  const entries = [...snapshot.entries, ...details].toSorted((one, other) => one.at - other.at)
  const files = (type: string) => entries.filter((entry) => entry.kind === 'log' && entry.entry.type === type).length
  const repOf = ({ who, gsnumber }: Connection) =>
    who === 'customer' ? [] : [element('primary_rep', who.name, { gsnumber, id: who.id })]
  return element(
    'session',
    [
      element('session_type', 'support'),
      element('lseq', snapshot.lseq),
      timeElement('start_time', startedAt),
      endedAt === null ? element('end_time', '') : timeElement('end_time', endedAt),
      element('duration', clockTime(wholeSeconds(endedAt ?? horizon.now) - wholeSeconds(startedAt))),
      ...(generation.fullReports ? [element('public_site', 'Default', { id: 1 })] : []),
      element('external_key', snapshot.externalKey ?? ''),
      ...(generation.fullReports ? [customAttributes(snapshot, context), ...links(snapshot, context)] : []),
      element('file_transfer_count', files('File Upload') + files('File Download')),
      element('file_move_count', 0),
      element('file_delete_count', files('File Deleted')),
      ...(primaryCustomer === null
        ? []
        : [element('primary_customer', customer.name, { gsnumber: primaryCustomer.gsnumber })]),
      ...(primaryRep === null ? [] : repOf(primaryRep)),
      ...teamList(snapshot),
      element(
        'customer_list',
        connections.filter(({ who }) => who === 'customer').map((each) => customerElement(each, snapshot)),
      ),
      element(
        'rep_list',
        connections.map((each) => repElement(each, snapshot, context)).filter((each) => each !== null),
      ),
      ...surveyLists(snapshot, context),
      element('session_details', eventElements(entries, snapshot)),
    ],
    { lsid },
  )
}

/** `2019-11-24T13:20:00+00:00`, with the seconds since 1970 beside it. */
export const timeElement = (name: string, at: number): XmlElement => {
  const seconds = Math.floor(at / 1000)
  return element(name, new Date(seconds * 1000).toISOString().replace('.000Z', '+00:00'), { timestamp: seconds })
}

/** The times of a report are in seconds, and its duration is what lies between them. */
const wholeSeconds = (ms: number) => Math.floor(ms / 1000) * 1000

/** `HH:MM:SS`; the hours may be more than 24. */
export function clockTime(ms: number): string {
  const seconds = Math.max(Math.floor(ms / 1000), 0)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
}

const customAttributes = ({ attributes }: Snapshot, { appliance }: ApiContext): XmlElement =>
  element(
    'custom_attributes',
    appliance.world.customFields.flatMap(({ codeName, displayName }) => {
      const value = attributes.get(codeName)
      return value === undefined
        ? []
        : [element('custom_attribute', value, { display_name: displayName, code_name: codeName })]
    }),
  )

/** Links to the web interface, of ended sessions. */
function links(snapshot: Snapshot, { publicUrl, horizon }: ApiContext): readonly XmlElement[] {
  const { lsid, endedAt } = snapshot
  if (endedAt === null) return []
  const { screen, shells } = recordingsOf(snapshot, horizon.now)
  const pair = (name: string, action: string) => {
    const url = `${publicUrl()}/session_download?lsid=${encodeURIComponent(`l=${lsid};t=sd`)}&dl_action=${action}`
    return [element(`${name}view_url`, `${url}&view=1`), element(`${name}download_url`, url)]
  }
  const shell = (_: unknown, index: number) =>
    element('command_shell_recording', pair('', `shell${index}`), { instance: index })
  return [
    ...pair('session_chat_', 'chat'),
    ...(screen ? pair('session_recording_', 'recording') : []),
    ...(shells === 0 ? [] : [element('command_shell_recordings', Array.from({ length: shells }, shell))]),
  ]
}

function teamList({ team }: Snapshot): readonly XmlElement[] {
  const id = team?.id.split(':')[1]
  return team === null || id === undefined ? [] : [element('team_list', [element('team', team.name, { id })])]
}

function customerElement({ gsnumber }: Connection, { customer, primaryCustomer }: Snapshot): XmlElement {
  const { username, publicIp, privateIp, hostname, os } = machineOf(customer)
  const { name, company, companyCode, issue, details } = customer
  const info = { name, company, company_code: companyCode, issue, details }
  return element(
    'customer',
    [
      element('username', username),
      element('public_ip', publicIp),
      element('private_ip', privateIp),
      element('hostname', hostname),
      element('os', os),
      element('primary_cust', gsnumber === primaryCustomer?.gsnumber ? 1 : 0),
      element(
        'info',
        Object.entries(info).flatMap(([field, value]) => (value === undefined ? [] : [element(field, value)])),
      ),
    ],
    { gsnumber },
  )
}

function repElement(
  { who, gsnumber, joinedAt, leftAt }: Connection,
  { primaryRep }: Snapshot,
  { generation, horizon }: ApiContext,
): XmlElement | null {
  if (who === 'customer') return null
  const { publicIp, privateIp, hostname, os } = consoleOf(who)
  return element(
    'representative',
    [
      element('username', who.username),
      element('display_name', who.name),
      ...(generation.publicNames
        ? [element('public_display_name', who.publicName), element('private_display_name', who.name)]
        : []),
      element('public_ip', publicIp),
      element('private_ip', privateIp),
      element('hostname', hostname),
      element('os', os),
      element(generation.ownerFlag, gsnumber === primaryRep?.gsnumber ? 1 : 0),
      element('seconds_involved', Math.floor(((leftAt ?? horizon.now) - joinedAt) / 1000)),
      element('invited', 0),
    ],
    { gsnumber, id: who.id },
  )
}

function surveyLists(snapshot: Snapshot, context: ApiContext): readonly XmlElement[] {
  const list = (by: 'customer' | 'representative', name: string) => {
    const surveys = snapshot.surveys.filter((survey) => survey.by === by)
    if (surveys.length === 0) return []
    const children = surveys.map(({ at }) => {
      if (context.generation.surveyForm === 'questions') {
        return surveyElement(`${name}_exit_survey`, snapshot, by, at)
      }
      const connection = by === 'customer' ? snapshot.primaryCustomer : snapshot.primaryRep
      const values = answersOf(snapshot.lsid, by).map((answer) =>
        element('value', '', { name: answer.name, value: answer.value ?? '' }),
      )
      return element(`${name}_exit_survey`, values, { gsnumber: connection?.gsnumber ?? 0 })
    })
    return [element(`${name}_survey_list`, children)]
  }
  return [...list('customer', 'cust'), ...list('representative', 'rep')]
}
