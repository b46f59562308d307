import { findRepresentative, isLoggedIn, type Issue, type Representative, type SupportTeam } from '../world.ts'
import type { CommandHandler } from './commands.ts'
import type { ApiContext } from './context.ts'
import { element, type XmlElement } from './xml.ts'

export const getApiInfo: CommandHandler = ({ appliance, generation, permissions }) => {
  const list = Object.entries(permissions()).map(([name, value]) => element('permission', value, { name }))
  return element('api_information', [
    element('api_version', generation.apiVersion),
    ...(generation.companyName ? [element('company_name', appliance.world.company)] : []),
    element('timestamp', Math.floor(appliance.clock.now() / 1000)),
    ...(generation.permissions ? [element('permissions', list)] : []),
  ])
}

export const getLoggedInReps: CommandHandler = (context) =>
  element(
    'logged_in_reps',
    context.appliance.world.representatives.filter(isLoggedIn).map((rep) => loggedInRep(rep, context)),
  )

function loggedInRep(rep: Representative, { appliance, generation, startedAt, publicUrl }: ApiContext): XmlElement {
  const since = Math.floor(startedAt / 1000) - (rep.loggedInMinutes ?? 0) * 60
  const sessions = [...appliance.sessions.values()].filter((session) =>
    session.representatives.some((present) => present.id === rep.id),
  )
  const { publicName, name } = rep
  const url = `${publicUrl()}${generation.startPath}?id=${rep.id}&amp;name=${encodeURIComponent(publicName)}`
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

export const getSupportTeams: CommandHandler = (context, parameters) => {
  const { world } = context.appliance
  const withMembers = parameters.get('showmembers') === '1'
  const members = (team: SupportTeam) =>
    team.members.map((id) => {
      const rep = findRepresentative(world, id)
      return element('representative', [element('display_name', rep.name)], { id })
    })
  return element(
    'support_teams',
    world.teams.map((team) =>
      element(
        'support_team',
        [
          element('name', team.name),
          ...(withMembers ? [element('members', members(team))] : []),
          element(
            'issues',
            team.issues.map((issue) => issueElement(issue, context)),
          ),
        ],
        { id: team.id },
      ),
    ),
  )
}

/** Its layout was never read anywhere: each generation has another one. */
function issueElement({ id, title, codeName }: Issue, { generation }: ApiContext): XmlElement {
  const { issueTitle, issueCode } = generation
  const attributes = { id, ...(issueCode === 'attribute' ? { code_name: codeName } : {}) }
  if (issueTitle === 'own text') return element('issue', title, attributes)
  const code = issueCode === 'child' ? [element('code_name', codeName)] : []
  return element('issue', [element(issueTitle, title), ...code], attributes)
}
