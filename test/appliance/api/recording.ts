import { recordingsOf, type Recordings } from '../archive/details.ts'
import { createRandom } from '../random.ts'
import type { ApiContext } from './context.ts'
import type { BytesBody } from './reply.ts'
import type { ReportHandler } from './reports.ts'

/** The text of the real box. */
const EXPIRED = 'This recording has expired and can no longer be viewed or downloaded.'

export const sessionRecording: ReportHandler = (context, parameters) => {
  const { lsid, recordings } = find(context, parameters)
  if (!recordings.screen) throw new Error('There is no recording of this session.')
  if (recordings.expired) throw new Error(EXPIRED)
  return recordingBody(lsid, 'video/mp4', `${lsid}.mp4`, context.recordingSize)
}

export const commandShellRecording: ReportHandler = (context, parameters) => {
  const { lsid, recordings } = find(context, parameters)
  const instance = parameters.get('instance') ?? ''
  if (!/^\d+$/.test(instance)) throw new Error('Invalid instance')
  if (Number(instance) >= recordings.shells) throw new Error('There is no such recording of this session.')
  if (recordings.expired) throw new Error(EXPIRED)
  return recordingBody(`${lsid} ${instance}`, 'video/mp4', `${lsid}-shell-${instance}.mp4`, context.recordingSize)
}

/** The appliance has a few presentations, of which nothing but their recordings can be asked for. */
export const presentationRecording: ReportHandler = (context, parameters) => {
  const lsid = lsidOf(parameters)
  const presentation = context.appliance.presentations.find((candidate) => candidate.lsid === lsid)
  if (presentation === undefined) throw new Error('Invalid Session ID')
  if (presentation.expired) throw new Error(EXPIRED)
  return recordingBody(lsid, 'video/mp4', `presentation-${lsid}.mp4`, context.recordingSize)
}

function find(context: ApiContext, parameters: URLSearchParams): { lsid: string; recordings: Recordings } {
  const lsid = lsidOf(parameters)
  const record = context.appliance.archive.find(lsid)
  const snapshot = record === undefined ? null : context.horizon.look(record)
  if (snapshot === null) throw new Error('Invalid Session ID')
  return { lsid, recordings: recordingsOf(snapshot, context.horizon.now) }
}

function lsidOf(parameters: URLSearchParams): string {
  const lsid = parameters.get('lsid') ?? ''
  if (lsid === '') throw new Error('The parameter lsid is missing')
  return lsid
}

const CHUNK = 64 * 1024

/** Bytes that look like a film from outside; the same label always gives the same. */
export function recordingBody(label: string, contentType: string, filename: string, length: number): BytesBody {
  function* chunks(): Generator<Buffer> {
    const pattern = Buffer.from(createRandom(0).fork(`recording ${label}`).hex(512), 'hex')
    const head = Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex')
    for (let at = 0; at < length; at += CHUNK) {
      const chunk = Buffer.alloc(Math.min(CHUNK, length - at), pattern)
      if (at === 0) head.copy(chunk)
      yield chunk
    }
  }
  return { kind: 'bytes', contentType, filename, length, chunks: chunks() }
}
