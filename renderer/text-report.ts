/** What the window says of reports and recordings, where it depends on data. */
import type { Download, ReportEntry, ReportRecording } from '../preload/contract.ts'
import { LABELS } from './labels.ts'

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const

/** `812 bytes`, `1.2 MB`: in thousands, as the systems' own file managers mostly have it. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  const power = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1000 ** power
  return `${amount.toFixed(amount < 100 ? 1 : 0)} ${UNITS[power - 1] ?? ''}`
}

/** `Session recording`, `Command shell 2`. */
export function recordingName({ kind, instance }: Pick<ReportRecording, 'kind' | 'instance'>): string {
  const name = LABELS.report.recording[kind]
  return instance === null ? name : `${name} ${instance + 1}`
}

/** How far a download is, or what became of it. */
export function downloadLine({ status, bytes, totalBytes, message }: Download): string {
  const word = LABELS.report.downloadStatus[status]
  switch (status) {
    case 'running':
      return totalBytes === null ? `${word}: ${bytesText(bytes)}` : `${bytesText(bytes)} of ${bytesText(totalBytes)}`
    case 'done':
      return `${word}: ${bytesText(bytes)}`
    case 'failed':
      return message === null ? word : `${word}: ${message}`
    case 'cancelled':
      return word
  }
}

/** The last part of a path of any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path
}

/** Whether a line of a report is something that was said. */
export function isChat({ kind, text }: ReportEntry): boolean {
  return text !== null && kind.trim().toLowerCase() === 'chat message'
}

/** The beginning of a text, never half a letter; null if all of it is short enough. */
export function beginning(text: string, most: number): string | null {
  if (text.length <= most) return null
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
}
