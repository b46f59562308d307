/**
 * Where an administrator puts the policy of a computer, and whether it is the administrator's: each system has one place,
 * which only administrators may write. What others can write is reported, and nothing in it holds, since whoever wrote it
 * could lead a rep's secrets to a host of their own.
 */
import { execFileSync } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { dirname, posix, win32 } from 'node:path'
import { othersMayChange } from './access-list.ts'
import { NO_POLICY, readPolicy, type Policy } from './policy.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The place for this system. */
export function policyPlace(platform: NodeJS.Platform, env: Env): string {
  if (platform === 'win32') return win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'Rep Tray', 'policy.json')
  const folder = platform === 'darwin' ? '/Library/Application Support/Rep Tray' : '/etc/rep-tray'
  return posix.join(folder, 'policy.json')
}

/** What is asked of the system about files; tests have others. */
export interface Owners {
  /** Where the file is, links followed. @throws if it is not there */
  realpath(file: string): string
  stat(file: string): { readonly uid: number; readonly mode: number }
  /** Windows: the descriptors of these files as SDDL; null if the system does not say. */
  descriptors(files: readonly string[]): readonly string[] | null
}

/** As this system has it. PowerShell takes half a second, so it is asked only if there is a policy. */
export function systemOwners(env: Env): Owners {
  return {
    realpath: realpathSync,
    stat: (file) => statSync(file),
    descriptors: (files) => {
      const shell = win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32\\WindowsPowerShell\\v1.0\\powershell.exe')
      const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')
      const command = `${list} | ForEach-Object { (Get-Acl -LiteralPath $_).Sddl }`
      try {
        const output = execFileSync(shell, ['-NoProfile', '-NonInteractive', '-Command', command], {
          encoding: 'utf8',
          timeout: 10_000,
          windowsHide: true,
          stdio: ['ignore', 'pipe', 'ignore'],
        })
        const lines = output.split(/\r?\n/).filter((line) => line !== '')
        return lines.length === files.length ? lines : null
      } catch {
        return null
      }
    },
  }
}

/** Who else than an administrator can write it, in a sentence; null: nobody, or this system does not say. */
function whyUntrusted(file: string, platform: NodeJS.Platform, owners: Owners): string | null {
  const real = owners.realpath(file)
  if (platform === 'win32') {
    const [own, folder] = owners.descriptors([real, win32.dirname(real)]) ?? []
    if (own !== undefined && othersMayChange(own, 'file')) return 'Others than administrators can change it.'
    if (folder !== undefined && othersMayChange(folder, 'folder')) return 'Others than administrators can replace it.'
    return null
  }
  for (const each of new Set([real, dirname(real), dirname(file)])) {
    const { uid, mode } = owners.stat(each)
    if (uid !== 0) return `${each} belongs to another than root.`
    if ((mode & 0o022) !== 0) return `${each} can be written by others than root: chmod go-w.`
  }
  return null
}

/** The policy that holds, and the file that it, or what is wrong with it, comes from. */
export interface FoundPolicy {
  readonly file: string | null
  readonly policy: Policy
}

/**
 * Reads the computer's policy if there is one, else the one that was named at the start (`--policy`). Who may write that
 * one is not asked: it is the choice of whoever starts the program.
 */
export function findPolicy(
  given: string | null,
  place: string,
  platform: NodeJS.Platform,
  owners: Owners,
): FoundPolicy {
  let reason: string | null
  try {
    reason = whyUntrusted(place, platform, owners)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return { file: given, policy: readPolicy(given) }
    reason = `It cannot be read: ${(error as Error).message}`
  }
  if (reason !== null) return { file: place, policy: { ...NO_POLICY, problems: [`${reason} Nothing in it holds.`] } }
  return { file: place, policy: readPolicy(place) }
}
