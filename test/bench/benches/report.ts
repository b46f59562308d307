/** A report of 50 MB: how fast it is read, in how much memory, and what the event path feels of it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SELF, type Bench } from '../bench.ts'

/** A SupportSession report of about so many bytes. */
function writeReport(file: string, size: number): number {
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<session_list xmlns="http://www.bomgar.com/namespaces/API/reporting">\n',
  ]
  for (let written = 0, number = 0; written < size; number += 1) {
    const events = Array.from(
      { length: 60 },
      (_each, at) =>
        `<event timestamp="${1_574_601_600 + at}" event_type="Chat Message"><performed_by type="customer" gsnumber="${number}">` +
        `Jane Doe</performed_by><body>Message ${at} of session ${number}: it does not print, whatever I try.</body></event>\n`,
    )
    const session =
      `<session lsid="${String(number).padStart(32, '0')}"><session_type>support</session_type><external_key>INC${number}</external_key>` +
      `<start_time timestamp="1574601600">2019-11-24T13:20:00</start_time><session_details>${events.join('')}</session_details></session>\n`
    parts.push(session)
    written += session.length
  }
  const text = `${parts.join('')}</session_list>`
  writeFileSync(file, text)
  return text.length
}

interface Reading {
  readonly took: number
  readonly grown: number
  readonly rows: number
}

function read(how: 'self' | 'bare', file: string): Reading {
  const script = join(import.meta.dirname, '../servers/report.ts')
  const { stdout, stderr } = spawnSync(process.execPath, [script, how, file], { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr.slice(0, 500))
  return JSON.parse(stdout) as Reading
}

export const bench: Bench = {
  name: 'report',
  about: 'a SupportSession report of 50 MB (short form: 4 MB) to objects',
  run: ({ short }) => {
    const folder = mkdtempSync(join(tmpdir(), 'rep-tray-bench-'))
    const file = join(folder, 'report.xml')
    const speed: Record<string, number[]> = {}
    const memory: Record<string, number[]> = {}
    const waiting: Record<string, number[]> = {}
    try {
      const size = writeReport(file, (short ? 4 : 50) * 1_000_000)
      for (let round = 0; round < (short ? 3 : 5); round += 1) {
        for (const [who, how] of [
          [SELF, 'self'],
          ['fast-xml-parser', 'bare'],
        ] as const) {
          const { took, grown } = read(how, file)
          ;(speed[who] ??= []).push(size / 1_000_000 / (took / 1000))
          if (who === SELF) (waiting[who] ??= []).push(took)
          ;(memory[who] ??= []).push(grown / size)
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return Promise.resolve([
      {
        what: 'megabytes a second',
        unit: '/s' as const,
        values: speed,
        goal: { kind: 'least' as const, to: 'fast-xml-parser', times: 0.7 },
        guard: 'ratio' as const,
      },
      {
        what: 'memory, documents',
        unit: '×' as const,
        values: memory,
        goal: { kind: 'most' as const, to: null, times: 4 },
      },
      // It is read in one go, so an event that comes meanwhile waits for all of it.
      { what: 'the event path waits', unit: 'ms' as const, values: waiting },
    ])
  },
}
