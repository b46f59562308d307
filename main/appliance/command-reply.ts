/** Replies of the Command API, from XML to types. Every reader takes what it finds: only the root is insisted upon. */
import type {
  ConnectedClients,
  CustomAttribute,
  Health,
  LoggedInRep,
  SessionKey,
  SupportTeam,
} from './command-result.ts'
import { expectRoot } from './reply.ts'
import { flag, isoTime, link, otherLeaves, textOrNull, unixTime, wholeNumber } from './value.ts'
import { parseVersion, productOf, type ApiInfo } from './version.ts'
import { decodeReferences, type XmlElement } from './xml.ts'

export function readApiInfo(root: XmlElement): ApiInfo {
  expectRoot(root, 'api_information')
  const version = root.textOf('api_version') ?? ''
  const parsed = parseVersion(version)
  const permissions = root.child('permissions')?.children('permission') ?? null
  return {
    version,
    product: parsed === null ? null : productOf(parsed),
    company: textOrNull(root.textOf('company_name')),
    clock: unixTime(root.textOf('timestamp')),
    permissions:
      permissions === null
        ? null
        : Object.fromEntries(permissions.map((each): [string, string] => [each.attr('name') ?? '', each.text])),
  }
}

const REP_ELEMENTS: ReadonlySet<string> = new Set([
  'display_name',
  'public_display_name',
  'private_display_name',
  'username',
  'type',
  'direct_link',
  'logged_in_since',
  'presentation_count',
  'support_session_count',
  'showing_on_rep_list',
])

export function readLoggedInReps(root: XmlElement): readonly LoggedInRep[] {
  return expectRoot(root, 'logged_in_reps')
    .children('rep')
    .map((rep) => {
      const since = rep.child('logged_in_since')
      const [privateName, publicName] = ['private_display_name', 'public_display_name'].map((name) =>
        textOrNull(rep.textOf(name)),
      )
      return {
        id: rep.attr('id') ?? '',
        name: privateName ?? textOrNull(rep.textOf('display_name')) ?? publicName ?? '',
        publicName: publicName ?? null,
        privateName: privateName ?? null,
        username: textOrNull(rep.textOf('username')),
        type: textOrNull(rep.textOf('type')),
        startUrl: hrefOf(rep.textOf('direct_link')),
        loggedInSince: unixTime(since?.attr('ts')) ?? unixTime(since?.attr('timestamp')) ?? isoTime(since?.text),
        supportSessions: wholeNumber(rep.textOf('support_session_count')),
        presentations: wholeNumber(rep.textOf('presentation_count')),
        onRepList: flag(rep.textOf('showing_on_rep_list')),
        other: otherLeaves(rep, REP_ELEMENTS),
      }
    })
}

/** The target of an HTML anchor: its text is HTML once more, so the references in it are decoded once more. */
function hrefOf(anchor: string | null): string | null {
  const found = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(anchor ?? '')
  return link(decodeReferences(found?.[1] ?? found?.[2] ?? ''))
}

/** A name, wherever the box writes it: as a child, as an attribute, or as the element's own text. */
function nameOf(element: XmlElement, ...names: readonly string[]): string {
  for (const name of names) {
    const found = textOrNull(element.textOf(name)) ?? textOrNull(element.attr(name))
    if (found !== null) return found
  }
  return element.text
}

export function readSupportTeams(root: XmlElement): readonly SupportTeam[] {
  return expectRoot(root, 'support_teams')
    .children('support_team')
    .map((team) => ({
      id: team.attr('id') ?? '',
      name: nameOf(team, 'name', 'display_name'),
      members: (team.child('members')?.children('representative') ?? []).map((member) => ({
        id: member.attr('id') ?? '',
        name: nameOf(member, 'private_display_name', 'display_name', 'name', 'username'),
        username: textOrNull(member.textOf('username')) ?? member.attr('username'),
      })),
      // Which child holds an issue's text is not documented; all that were heard of are taken.
      issues: (team.child('issues')?.children('issue') ?? []).map((issue) => ({
        id: issue.attr('id') ?? '',
        title: nameOf(issue, 'title', 'name', 'display_name'),
        codeName: textOrNull(issue.textOf('code_name')) ?? textOrNull(issue.attr('code_name')),
      })),
    }))
}

export function readSessionKey(root: XmlElement): SessionKey {
  expectRoot(root, 'session_key')
  const text = (name: string) => textOrNull(root.textOf(name))
  return {
    type: text('type'),
    expiresAt: unixTime(root.textOf('expires')),
    queue: text('queue'),
    queueId: text('queue_id'),
    available: flag(root.child('queue')?.attr('available')),
    externalKey: text('external_key'),
    shortKey: text('short_key'),
    url: link(root.textOf('key_url')),
    mailSubject: text('mail_subject'),
    mailBody: text('mail_body'),
  }
}

export function readAttributes(root: XmlElement): readonly CustomAttribute[] {
  return readCustomAttributes(expectRoot(root, 'custom_attributes'))
}

/** Custom fields, also as they stand in a report. */
export function readCustomAttributes(list: XmlElement | null): readonly CustomAttribute[] {
  return (list?.children('custom_attribute') ?? []).map((each) => ({
    codeName: each.attr('code_name') ?? '',
    displayName: each.attr('display_name') ?? '',
    value: each.text,
  }))
}

export function readHealth(root: XmlElement): Health {
  expectRoot(root, 'health_check')
  const sync = root.child('last_data_sync_time')
  return {
    applianceId: root.child('appliance')?.attr('id') ?? null,
    host: textOrNull(root.textOf('appliance')),
    version: textOrNull(root.textOf('version')),
    ok: flag(root.textOf('success')) === true,
    errorMessage: textOrNull(root.textOf('error_message')),
    failoverRole: textOrNull(root.textOf('failover_role')),
    sharedIps: (root.child('enabled_shared_ips')?.children('ip') ?? []).map((ip) => ip.text),
    lastSyncAt: unixTime(sync?.attr('ts')) ?? isoTime(sync?.text),
    lastSyncStatus: textOrNull(root.textOf('last_data_sync_status')),
  }
}

export function readConnectedClients(root: XmlElement): ConnectedClients {
  expectRoot(root, 'connected_client_list')
  const summaries = root.child('connected_client_summary')?.children('appliance_summary') ?? []
  return {
    counts: summaries.flatMap((summary) =>
      summary.children('count').map((count) => ({
        applianceId: summary.attr('id') ?? '',
        type: count.attr('type') ?? '',
        count: wholeNumber(count.text) ?? 0,
      })),
    ),
    clients: root.children('connected_client').map((client) => ({
      type: client.attr('type') ?? '',
      id: client.attr('id') ?? '',
    })),
  }
}

/** `<success>` or `<error>`: judged by the root's name, never by its text, which may be translated. */
export function readSuccess(root: XmlElement): string {
  return expectRoot(root, 'success').text
}
