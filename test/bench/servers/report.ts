/**
 * Reads a report in a process of its own: `report.ts self FILE` as the application does, `report.ts bare FILE` with
 * nothing but fast-xml-parser. Prints how long that took (ms) and by how much memory grew at most (bytes).
 */
import { readFileSync } from 'node:fs'
import { XMLParser } from 'fast-xml-parser'
import { readReply } from '../../../main/appliance/reply.ts'
import { SESSIONS } from '../../../main/appliance/report-rows.ts'
import type { SupportSession } from '../../../main/appliance/report.ts'

/** Rows that were made. */
function readAsWeDo(text: string): number {
  const rows: SupportSession[] = []
  readReply(text, 'SupportSession', { take: SESSIONS.take(rows) })
  return rows.length
}

function readBare(text: string): number {
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(text) as { session_list: { session: unknown[] } }
  return parsed.session_list.session.length
}

const [how = 'self', file = ''] = process.argv.slice(2)
const bytes = readFileSync(file)
const before = process.memoryUsage.rss()
const from = performance.now()
const rows = (how === 'self' ? readAsWeDo : readBare)(bytes.toString('utf8'))
const took = performance.now() - from
// Linux counts in KiB.
const grown = process.resourceUsage().maxRSS * 1024 - before
console.log(JSON.stringify({ took, grown, rows }))
