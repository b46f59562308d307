/** The events of a session's or a team's history. */
import type { SessionEvent, SystemInformation } from './report.ts'
import { readParty } from './report-people.ts'
import { listOf, textOrNull, timeOf, wholeNumber } from './value.ts'
import type { XmlElement } from './xml.ts'

/** Text that XML could not carry comes in base64. */
function decodeBody(text: string): string {
  const bytes = Buffer.from(text.replaceAll(/\s+/g, ''), 'base64')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function readText(event: XmlElement): string | null {
  const encoded = event.textOf('encoded_body')
  const text = encoded === null || encoded === '' ? event.textOf('body') : decodeBody(encoded)
  return textOrNull(text)
}

function readSystemInformation(element: XmlElement | null): readonly SystemInformation[] {
  return listOf(element?.children('category'), (category) => {
    const description = listOf(category.child('description')?.children('field'), (field) => field.text)
    const rows = listOf(category.child('data')?.children('row'), (row) =>
      row.children('field').map((field, at) => ({
        name: field.attr('name') ?? description[at] ?? null,
        value: field.text,
      })),
    )
    return { category: category.attr('name') ?? '', description, rows }
  })
}

/** One event of a session's or a team's history. */
export function readEvent(event: XmlElement): SessionEvent {
  const details = event.child('data') ?? event
  return {
    at: timeOf(event),
    type: event.attr('event_type') ?? '',
    by: readParty(event.child('performed_by')),
    to: readParty(event.child('destination')),
    text: readText(event),
    filename: textOrNull(event.textOf('filename')),
    filesize: wholeNumber(event.textOf('filesize')),
    files: listOf(event.child('files')?.children('file'), (file) => ({
      name: file.text || file.textOf('name') || file.textOf('filename') || file.attr('name') || '',
      bytes: wholeNumber(file.textOf('filesize') ?? file.attr('filesize') ?? file.attr('size')),
    })),
    data: listOf(details.children('value'), (value) => ({
      name: value.attr('name') ?? '',
      value: value.attr('value') ?? value.text,
    })),
    systemInformation: readSystemInformation(event.child('system_information')),
  }
}
