/**
 * Secrets under plain Node, by the system's own tools: the keychain of macOS, the Secret Service of a Linux desktop, and
 * on Windows what encrypts for the user (DPAPI). No secret is ever an argument of a program: others can read those.
 */
import { spawn } from 'node:child_process'
import type { Vault, VaultName } from '../../settings/secrets.ts'
import type { UserSettings } from '../../settings/settings.ts'

/** The name under which the system's own tools show our secrets. */
const SERVICE = 'rep-tray'
/** A keychain may ask the user to unlock it (ms). */
const WITHIN = 60_000

/** What a program printed, and how it ended; `code` null: it could not be started, or took too long. */
export interface Ran {
  readonly code: number | null
  readonly output: string
}

/** Runs a program with `input` on its standard input. Never rejects. */
export type RunWithInput = (program: string, args: readonly string[], input: string) => Promise<Ran>

/** @see RunWithInput */
export const runWithInput: RunWithInput = (program, args, input) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: WITHIN, windowsHide: true })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.on('error', () => resolve({ code: null, output: '' }))
    child.on('close', (code) => resolve({ code, output }))
    // A program that ends early does not read; its exit tells.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })

export interface SystemVaultOptions {
  readonly platform: NodeJS.Platform
  readonly run: RunWithInput
  /** Windows only: where the ciphertexts are kept. */
  readonly file: UserSettings
}

function failed(program: string, { code }: Ran): Error {
  return new Error(code === null ? `${program} cannot be run.` : `${program} ended with ${code}.`)
}

/** The Secret Service, through libsecret's own program. */
function linuxVault(run: RunWithInput): Vault {
  const attributes = (name: VaultName) => ['service', SERVICE, 'account', name]
  return {
    read: async (name) => {
      const ran = await run('secret-tool', ['lookup', ...attributes(name)], '')
      // It ends with 1 both if there is none and if the service refuses; a refusal shows when one is written.
      return ran.code === 0 && ran.output !== '' ? ran.output : null
    },
    write: async (name, value) => {
      const label = `Rep Tray: ${name}`
      const ran =
        value === null
          ? await run('secret-tool', ['clear', ...attributes(name)], '')
          : await run('secret-tool', ['store', `--label=${label}`, ...attributes(name)], value)
      if (ran.code !== 0 && value !== null) throw failed('secret-tool', ran)
    },
  }
}

/** The login keychain. `security -i` reads its commands, and with them the secret, from its standard input. */
function macVault(run: RunWithInput): Vault {
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
  return {
    read: async (name) => {
      const ran = await run('security', ['find-generic-password', '-s', SERVICE, '-a', name, '-w'], '')
      return ran.code === 0 ? ran.output.replace(/\n$/, '') : null
    },
    write: async (name, value) => {
      if (value === null) {
        await run('security', ['delete-generic-password', '-s', SERVICE, '-a', name], '')
        return
      }
      const command = `add-generic-password -U -s ${quoted(SERVICE)} -a ${quoted(name)} -w ${quoted(value)}\n`
      const ran = await run('security', ['-i'], command)
      if (ran.code !== 0) throw failed('security', ran)
    },
  }
}

const POWERSHELL = ['-NoProfile', '-NonInteractive', '-Command']
const SEAL = '$s=[Console]::In.ReadToEnd();ConvertTo-SecureString $s -AsPlainText -Force|ConvertFrom-SecureString'
const UNSEAL =
  '$s=[Console]::In.ReadToEnd().Trim()|ConvertTo-SecureString;[Console]::Out.Write((New-Object System.Net.NetworkCredential("",$s)).Password)'

/** DPAPI, through PowerShell: encrypted for this user on this computer, in a file of ours. */
function windowsVault(run: RunWithInput, file: UserSettings): Vault {
  return {
    read: async (name) => {
      const sealed = file.read()[name]
      if (typeof sealed !== 'string') return null
      const ran = await run('powershell.exe', [...POWERSHELL, UNSEAL], sealed)
      if (ran.code !== 0) throw failed('powershell.exe', ran)
      return ran.output
    },
    write: async (name, value) => {
      const { [name]: _, ...others } = file.read()
      if (value === null) {
        file.write(others)
        return
      }
      const ran = await run('powershell.exe', [...POWERSHELL, SEAL], value)
      const sealed = ran.output.trim()
      if (ran.code !== 0 || !/^[0-9a-f]+$/i.test(sealed)) throw failed('powershell.exe', ran)
      file.write({ ...others, [name]: sealed })
    },
  }
}

/** The system's vault; null if this system has none that can be used. */
export async function openSystemVault(options: SystemVaultOptions): Promise<Vault | null> {
  const { platform, run, file } = options
  if (platform === 'darwin') return macVault(run)
  if (platform === 'win32') return windowsVault(run, file)
  // Asked for something that is not there: 1 with a Secret Service, and without one too; only a missing tool differs.
  const { code } = await run('secret-tool', ['lookup', 'service', SERVICE, 'account', 'none'], '')
  return code === null ? null : linuxVault(run)
}
