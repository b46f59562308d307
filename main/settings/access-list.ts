/** Who may change a file on Windows, by its security descriptor in words (SDDL). https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format */

/** Administrators, the system, domain's and enterprise's administrators, and the installer of Windows. */
const TRUSTED: ReadonlySet<string> = new Set([
  'BA',
  'SY',
  'LA',
  'DA',
  'EA',
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
])

const RIGHTS: Readonly<Record<string, number>> = {
  FA: 0x1f01ff,
  FR: 0x120089,
  FW: 0x120116,
  FX: 0x1200a0,
  GA: 0x10000000,
  GW: 0x40000000,
  RC: 0x20000,
  SD: 0x10000,
  WD: 0x40000,
  WO: 0x80000,
  CC: 0x1,
  DC: 0x2,
  LC: 0x4,
  SW: 0x8,
  RP: 0x10,
  WP: 0x20,
  DT: 0x40,
  LO: 0x80,
  CR: 0x100,
}

/** Deleting or moving it, changing its list or its owner, or anything. */
const CONTROL = 0x10000 | 0x40000 | 0x80000 | 0x10000000
/** Of a file: also writing into it. Of a folder: also deleting what is in it, so that it can be replaced. */
const CHANGING = { file: CONTROL | 0x2 | 0x4 | 0x40000000, folder: CONTROL | 0x40 } as const

function maskOf(rights: string): number {
  if (/^0x[\da-f]+$/i.test(rights)) return Number(rights)
  return (rights.match(/../g) ?? []).reduce((mask, each) => mask | (RIGHTS[each] ?? 0), 0)
}

/** May anybody but administrators change or replace it? What cannot be understood counts as yes. */
export function othersMayChange(descriptor: string, kind: 'file' | 'folder'): boolean {
  const owner = /^O:(S-[\d-]+|[A-Z]{2})/.exec(descriptor)?.[1]
  const list = /D:[A-Z_]*((?:\([^)]*\))+)/.exec(descriptor)?.[1]
  if (owner === undefined || !TRUSTED.has(owner) || list === undefined) return true
  return (list.match(/\([^)]*\)/g) ?? []).some((entry) => {
    const [type = '', flags = '', rights = '', , , who = ''] = entry.slice(1, -1).split(';')
    const applies = type.startsWith('A') && !/^(..)*IO/.test(flags)
    return applies && !TRUSTED.has(who) && (maskOf(rights) & CHANGING[kind]) !== 0
  })
}
