import type { Appliance } from './appliance.ts'
import type { Generation } from './generation.ts'
import { findRepresentative, type Representative, type SupportTeam } from './world.ts'
import { element, type XmlElement } from './xml.ts'

/** What a command can see and do. */
export interface CommandContext {
  readonly appliance: Appliance
  readonly generation: Generation
  readonly parameters: URLSearchParams
  /** When the appliance was switched on, in milliseconds since 1970. */
  readonly startedAt: number
}

/** Answers a command with the root element of its reply, without the namespace; throws what becomes an `<error>`. */
export type CommandHandler = (context: CommandContext) => XmlElement

/** A new command is a new row. */
const COMMANDS: Readonly<Record<string, CommandHandler>> = {
  get_api_info: getApiInfo,
  get_logged_in_reps: getLoggedInReps,
  get_support_teams: getSupportTeams,
}

/** Carries out the command that `action` names. Whatever goes wrong is an `<error>`; its texts are invented. */
export function runCommand(context: CommandContext): XmlElement {
  const action = context.parameters.get('action')
  if (action === null || action === '') return commandError('No action was given')
  const handler = Object.hasOwn(COMMANDS, action) ? COMMANDS[action] : undefined
  if (handler === undefined) return commandError(`Unknown action: ${action}`)
  try {
    return handler(context)
  } catch (error) {
    return commandError(error instanceof Error ? error.message : String(error))
  }
}

export const commandError = (message: string): XmlElement => element('error', message)

function getApiInfo({ appliance, generation }: CommandContext): XmlElement {
  const permissions = Object.entries(PERMISSIONS).map(([name, value]) => element('permission', value, { name }))
  return element('api_information', [
    element('api_version', generation.apiVersion),
    ...(generation.companyName ? [element('company_name', appliance.world.company)] : []),
    element('timestamp', Math.floor(appliance.clock.now() / 1000)),
    ...(generation.permissions ? [element('permissions', permissions)] : []),
  ])
}

const PERMISSIONS = {
  perm_command: 'full_access',
  perm_reporting_support: '1',
  perm_reporting_presentation: '0',
  perm_reporting_license: '0',
  perm_reporting_archive: '0',
  perm_real_time_state: '0',
  perm_ecm: '0',
  perm_backup: '0',
  perm_scim: '0',
} as const

function getLoggedInReps(context: CommandContext): XmlElement {
  const reps = context.appliance.world.representatives.filter((rep) => rep.loggedInMinutes !== null)
  return element(
    'logged_in_reps',
    reps.map((rep) => loggedInRep(rep, context)),
  )
}

function loggedInRep(rep: Representative, { appliance, generation, startedAt }: CommandContext): XmlElement {
  const since = Math.floor(startedAt / 1000) - (rep.loggedInMinutes ?? 0) * 60
  const sessions = [...appliance.sessions.values()].filter((session) =>
    session.representatives.some((present) => present.id === rep.id),
  )
  const { publicName, name } = rep
  const url = `https://${appliance.world.host}/api/start_session?id=${rep.id}&amp;name=${encodeURIComponent(publicName)}`
  return element(
    'rep',
    [
      element('display_name', generation.publicNames ? publicName : name),
      ...(generation.publicNames
        ? [element('public_display_name', publicName), element('private_display_name', name)]
        : []),
      element('type', 'Normal'),
      element('direct_link', `<a href="${url}">${publicName}</a>`),
      element('logged_in_since', humanTime(since), { ts: since }),
      element('presentation_count', 0),
      element('support_session_count', sessions.length),
      element('showing_on_rep_list', 1),
    ],
    { id: rep.id },
  )
}

/** `Nov 24, 2019 01:13:54 PM`, in UTC. */
function humanTime(seconds: number): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    month: 'short',
    day: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: true,
  })
  const part = Object.fromEntries(format.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]))
  return `${part['month']} ${part['day']}, ${part['year']} ${part['hour']}:${part['minute']}:${part['second']} ${part['dayPeriod']}`
}

function getSupportTeams({ appliance, parameters }: CommandContext): XmlElement {
  const withMembers = parameters.get('showmembers') === '1'
  const members = (team: SupportTeam) =>
    team.members.map((id) => {
      const rep = findRepresentative(appliance.world, id)
      return element('representative', [element('display_name', rep.name)], { id })
    })
  return element(
    'support_teams',
    appliance.world.teams.map((team) =>
      element(
        'support_team',
        [
          element('name', team.name),
          ...(withMembers ? [element('members', members(team))] : []),
          element(
            'issues',
            team.issues.map((issue) =>
              element('issue', [element('title', issue.title), element('code_name', issue.codeName)], { id: issue.id }),
            ),
          ),
        ],
        { id: team.id },
      ),
    ),
  )
}
