/** Permissions of the account, as `get_api_info` names them. */
export type Permissions = Readonly<Record<PermissionName, string>>

export type PermissionName = keyof typeof DEFAULT_PERMISSIONS

/** `perm_command` is `deny`, `read_only` or `full_access`; the others are `0` or `1`. */
export const DEFAULT_PERMISSIONS = {
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

/** Reads `NAME=VALUE`, with or without `perm_` in front; throws if there is no such permission or value. */
export function parsePermission(text: string): Partial<Permissions> {
  const [given = '', value = ''] = text.split('=', 2)
  const name = given.startsWith('perm_') ? given : `perm_${given}`
  if (!isPermission(name)) throw new Error(`there is no permission ${given}`)
  const values = name === 'perm_command' ? ['deny', 'read_only', 'full_access'] : ['0', '1']
  if (!values.includes(value)) throw new Error(`${name} wants one of ${values.join(', ')}, not '${value}'`)
  return { [name]: value }
}

const isPermission = (name: string): name is PermissionName => Object.hasOwn(DEFAULT_PERMISSIONS, name)
