/** Who the user is: one of those who are logged in to the representative console. */
import { LIMITS, type RepCandidate, type SettingKey, type Settings } from '../preload/contract.ts'
import type { ApplianceClient } from './appliance/client.ts'
import type { SupportTeam } from './appliance/command-result.ts'
import { isApplianceError } from './appliance/errors.ts'
import type { ApplianceLink } from './appliance/link.ts'
import type { Handlers } from './command.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import { Unable } from './unable.ts'

export interface MeOptions {
  readonly link: Pick<ApplianceLink, 'client'>
  readonly settings: SettingsKeeper
  readonly changeSettings: (change: () => string | null) => void
}

/** By name; whoever is logged in twice stands there once. Guests of a session have no account to be found by later. */
async function candidates(client: ApplianceClient): Promise<readonly RepCandidate[]> {
  const found = new Map<string, RepCandidate>()
  for (const { id, name, username, type } of await client.getLoggedInReps()) {
    if (/^\d{1,18}$/.test(id) && type !== 'Invited') found.set(id, { id, name, username })
  }
  return [...found.values()].toSorted((one, other) => one.name.localeCompare(other.name))
}

/** With their members; null if the appliance does not tell whose they are. */
async function teamsOf(client: ApplianceClient): Promise<readonly SupportTeam[] | null> {
  try {
    const teams = await client.getSupportTeams({ members: true })
    return teams.some(({ members }) => members.length > 0) ? teams : null
  } catch (error) {
    // What it does not let the account see can be entered by hand; that it is out of reach is another matter.
    if (isApplianceError(error) && ['forbidden', 'unsupported', 'box'].includes(error.kind)) return null
    throw error
  }
}

/** Both commands ask the appliance anew: it alone knows who is there. */
export function createMe({ link, settings, changeSettings }: MeOptions): Pick<Handlers, 'me.candidates' | 'me.choose'> {
  function refuseOther(key: 'me.repId' | 'me.username', chosen: string | null): void {
    const set = settings.get()[key]
    const isLocked = settings.info().some((info) => info.key === key && info.locked)
    if (isLocked && set !== '' && chosen !== null && set.toLowerCase() !== chosen.toLowerCase()) {
      throw new Unable(`Your administrator has set who you are (${set}), and that is somebody else.`)
    }
  }

  return {
    'me.candidates': () => candidates(link.client()),
    'me.choose': async ({ id }) => {
      const client = link.client()
      const [reps, teams] = await Promise.all([candidates(client), teamsOf(client)])
      const rep = reps.find((each) => each.id === id)
      const member = teams?.flatMap(({ members }) => members).find((each) => each.id === id)
      const name = rep?.name ?? member?.name
      if (name === undefined) {
        throw new Unable('This representative is not logged in to the console any more. Refresh the list.')
      }
      const username = rep?.username ?? member?.username ?? null
      refuseOther('me.repId', id)
      refuseOther('me.username', username)

      // What is known of somebody else must not stay: their username would bring their ID back.
      const before = settings.get()['me.repId']
      const isOther = before !== '' && before !== id
      const mine = teams?.filter(({ members }) => members.some((each) => each.id === id)).map((team) => team.id)
      const known: Partial<Settings> = {
        'me.repId': id,
        'me.name': name.trim().slice(0, LONGEST_NAME),
        ...(username === null && !isOther ? {} : { 'me.username': username ?? '' }),
        ...(mine === undefined && !isOther ? {} : { 'me.teams': (mine ?? []).slice(0, LIMITS.list) }),
      }
      const locked = new Set(settings.info().flatMap((info): SettingKey[] => (info.locked ? [info.key] : [])))
      const free = Object.entries(known).filter(([key]) => !locked.has(key as SettingKey))
      changeSettings(() => settings.setAll(Object.fromEntries(free))[0]?.message ?? null)
      return null
    },
  }
}

/** Characters that the setting takes. */
const LONGEST_NAME = 200
