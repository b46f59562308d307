import { checkHealth, getConnectedClientList } from './command-health.ts'
import { getApiInfo, getLoggedInReps, getSupportTeams } from './command-info.ts'
import { generateSessionKey } from './command-key.ts'
import {
  getSessionAttributes,
  joinSession,
  leaveSession,
  setSessionAttributes,
  terminateSession,
  transferSession,
} from './command-session.ts'
import type { ApiContext } from './context.ts'
import { element, type XmlElement } from './xml.ts'

/** Answers a command with the root element of its reply, without the namespace; throws what becomes an `<error>`. */
export type CommandHandler = (context: ApiContext, parameters: URLSearchParams) => XmlElement

/** What `perm_command` must be at least. */
type Level = 'deny' | 'read_only' | 'full_access'

const LEVELS: readonly string[] = ['deny', 'read_only', 'full_access'] satisfies readonly Level[]

/** A new command is a new row. */
const COMMANDS: Readonly<Record<string, readonly [least: Level, handler: CommandHandler]>> = {
  get_api_info: ['deny', getApiInfo],
  get_logged_in_reps: ['read_only', getLoggedInReps],
  get_support_teams: ['read_only', getSupportTeams],
  get_connected_client_list: ['read_only', getConnectedClientList],
  get_session_attributes: ['read_only', getSessionAttributes],
  generate_session_key: ['full_access', generateSessionKey],
  transfer_session: ['full_access', transferSession],
  join_session: ['full_access', joinSession],
  leave_session: ['full_access', leaveSession],
  terminate_session: ['full_access', terminateSession],
  set_session_attributes: ['full_access', setSessionAttributes],
  check_health: ['full_access', checkHealth],
}

/** Carries out the command that `action` names. Whatever goes wrong is an `<error>`; its texts are invented. */
export function runCommand(context: ApiContext, parameters: URLSearchParams): XmlElement {
  const action = parameters.get('action')
  if (action === null || action === '') return errorElement('No action was given')
  const row = Object.hasOwn(COMMANDS, action) ? COMMANDS[action] : undefined
  if (row === undefined || !context.generation.commands.has(action)) return errorElement(`Unknown action: ${action}`)
  const [least, handler] = row
  if (LEVELS.indexOf(context.permissions().perm_command) < LEVELS.indexOf(least)) {
    return errorElement('You do not have permission to issue this command')
  }
  try {
    return handler(context, parameters)
  } catch (error) {
    return errorElement(error instanceof Error ? error.message : String(error))
  }
}

export const errorElement = (message: string): XmlElement => element('error', message)
