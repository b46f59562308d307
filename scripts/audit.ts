/**
 * `npm run audit`: known faults of what we ship, by the registry. Fails on one that is high or critical. A registry that
 * keeps no record of faults, or is out of reach, is said, and is no failure: it says nothing about the packages.
 */
import { spawnSync } from 'node:child_process'

/** What npm prints, as far as it is used here. */
export interface Report {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range?: string }>>
}

export type Finding =
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'done'; readonly grave: readonly string[]; readonly others: number }

const GRAVE: ReadonlySet<string> = new Set(['high', 'critical'])

/** Reads what `npm audit --json` printed. */
export function judge(output: string): Finding {
  let report: Report & { readonly message?: string; readonly error?: { readonly summary?: string } }
  try {
    report = JSON.parse(output) as typeof report
  } catch {
    return { kind: 'skipped', reason: 'npm gave no answer that can be read' }
  }
  const { vulnerabilities } = report
  if (vulnerabilities === undefined)
    return { kind: 'skipped', reason: report.message ?? report.error?.summary ?? 'the registry keeps no record' }
  const all = Object.entries(vulnerabilities)
  const grave = all.filter(([, { severity }]) => GRAVE.has(severity))
  return {
    kind: 'done',
    grave: grave.map(([name, { severity, range }]) => `${name} ${range ?? ''}: ${severity}`),
    others: all.length - grave.length,
  }
}

function main(): void {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { stdout } = spawnSync(npm, ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    timeout: 120_000,
    shell: process.platform === 'win32',
  })
  const finding = judge(stdout ?? '')
  if (finding.kind === 'skipped') {
    console.log(`audit: skipped: ${finding.reason.trim()}`)
    return
  }
  for (const line of finding.grave) console.error(`audit: ${line}`)
  console.log(`audit: ${finding.grave.length} grave, ${finding.others} others`)
  if (finding.grave.length > 0) process.exitCode = 1
}

if (import.meta.main) main()
