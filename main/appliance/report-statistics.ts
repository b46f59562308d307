/** Summaries and team activity. */
import type { SessionEvent, SummaryLine, TeamActivity } from './report.ts'
import { textOrNull } from './value.ts'
import type { XmlElement } from './xml.ts'

/** One line of a summary; its figures are the leaves below it, and its attributes. */
export function readSummaryLine(line: XmlElement): SummaryLine {
  const figures: [string, number | string][] = []
  for (const [name, value] of line.attrs()) if (name !== 'id' && name !== 'name') figures.push([name, figure(value)])
  for (const leaf of line.children()) {
    if (leaf.children().length === 0 && !NAMES.has(leaf.name)) figures.push([leaf.name, figure(leaf.text)])
  }
  const name = [...NAMES].map((each) => textOrNull(line.textOf(each))).find((each) => each !== null)
  return {
    kind: line.name,
    id: line.attr('id'),
    name: name ?? textOrNull(line.attr('name')) ?? textOrNull(line.text),
    figures: Object.fromEntries(figures),
  }
}

const NAMES: ReadonlySet<string> = new Set(['private_display_name', 'display_name', 'name', 'public_display_name'])

function figure(text: string): number | string {
  return /^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text
}

/** @param events those of the team, which were taken out of the tree while it was read */
export function readTeamActivity(team: XmlElement, events: readonly SessionEvent[]): TeamActivity {
  const name = textOrNull(team.attr('name')) ?? textOrNull(team.textOf('name'))
  return { id: team.attr('id'), name, events }
}
