/** A reply that is a file: checked for not being an error instead, and written so that it is there whole or not at all. */
import { randomBytes } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Progress } from './connection.ts'
import { ApplianceError, isApplianceError, unreadable } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { notThere } from './failure.ts'
import { readReply } from './reply.ts'

/** What is known of a file before its first byte. */
export interface Offer {
  readonly contentType: string | null
  /** The name that the appliance suggests, without any folder; null if it suggests none. */
  readonly suggestedName: string | null
}

/** A file that was downloaded. */
export interface Downloaded extends Offer {
  readonly file: string
  readonly bytes: number
}

/** Where to write, replaced if it is there; or who says so once it is known what comes, each time that it is tried. */
export type Target = string | ((offer: Offer) => Promise<string>)

export interface DownloadOptions {
  /** What was asked for, for errors. */
  readonly name: string
  readonly file: Target
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** An error or a page in place of the file has at most so many bytes. */
const PAGE = 256 * 1024
/** Enough to see what the file begins with. */
const HEAD = 64

/**
 * Writes the body into a temporary file beside `file`, and renames that when all is on the disk.
 * @throws ApplianceError what the appliance says instead of the file, `invalid` if it cannot be written
 */
export async function download(exchange: Exchange, options: DownloadOptions): Promise<Downloaded> {
  const { name, onProgress } = options
  const contentType = exchange.headers.get('content-type')
  const offer: Offer = { contentType, suggestedName: suggestedName(exchange.headers.get('content-disposition')) }
  const chunks = exchange.chunks()
  let part: string | null = null
  let handle: FileHandle | null = null
  let bytes = 0
  try {
    const head = await readHead(chunks)
    if (looksLikePage(head.bytes, contentType)) await throwPage(head, chunks, name)
    const file = typeof options.file === 'string' ? options.file : await options.file(offer)
    part = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}.part`)
    handle = await writing(open(part, 'wx', 0o600))
    for (let chunk: Uint8Array | null = head.bytes; chunk !== null; chunk = await next(chunks)) {
      await writing(handle.writeFile(chunk))
      bytes += chunk.byteLength
      onProgress?.({ bytes, totalBytes: exchange.length, part: 1, parts: 1 })
    }
    if (bytes === 0) throw unreadable(`${name}: It is empty.`, 'empty')
    if (exchange.length !== null && bytes !== exchange.length) throw unreadable(`${name}: It ended too early.`, 'short')
    await writing(handle.sync())
    await writing(handle.close())
    handle = null
    await writing(rename(part, file))
    return { file, bytes, ...offer }
  } catch (error) {
    exchange.close()
    await handle?.close().catch(() => undefined)
    if (part !== null) await rm(part, { force: true }).catch(() => undefined)
    throw error
  }
}

type Chunks = AsyncGenerator<Uint8Array, void, undefined>

async function next(chunks: Chunks): Promise<Uint8Array | null> {
  const { done, value } = await chunks.next()
  return done === true ? null : value
}

/** The first bytes: as many as it takes to see what they are. */
async function readHead(chunks: Chunks): Promise<{ bytes: Uint8Array }> {
  let bytes = new Uint8Array()
  while (bytes.byteLength < HEAD) {
    const chunk = await next(chunks)
    if (chunk === null) break
    bytes = Buffer.concat([bytes, chunk])
  }
  return { bytes }
}

/** Is it XML, HTML, or the text "Document Not Found", rather than a recording? */
function looksLikePage(head: Uint8Array, contentType: string | null): boolean {
  const start = Buffer.from(head.subarray(0, HEAD))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  return (
    /^(<\?xml|<error|<!doctype|<html|<[a-z]+:error|document not found)/i.test(start) ||
    /\bxml\b/i.test(contentType ?? '')
  )
}

async function throwPage(head: { bytes: Uint8Array }, chunks: Chunks, name: string): Promise<never> {
  let body = Buffer.from(head.bytes)
  for (let chunk = await next(chunks); chunk !== null && body.byteLength < PAGE; chunk = await next(chunks)) {
    body = Buffer.concat([body, chunk])
  }
  const text = body.toString('utf8')
  if (/^\s*document not found/i.test(text)) throw notThere(`"Document Not Found" (${name})`)
  const root = readReply(text, name)
  throw unreadable(`${name}: It is XML with the root <${root.name.slice(0, 60)}>, not a file.`, 'root')
}

/** What a failure to write means to the rep. */
async function writing<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise
  } catch (error) {
    if (isApplianceError(error)) throw error
    const code = (error as { code?: unknown }).code
    const name = typeof code === 'string' ? code : 'unknown'
    const full = name === 'ENOSPC' || name === 'EDQUOT' ? ': the disk is full.' : '.'
    throw new ApplianceError('invalid', `The file could not be written${full}`, { detail: name, code: name })
  }
}

/** The file name of a Content-Disposition header, as a bare name that every file system takes. */
export function suggestedName(header: string | null): string | null {
  const extended = /\bfilename\*\s*=\s*[\w-]*'[^']*'([^;]+)/i.exec(header ?? '')?.[1]
  const plain = /\bfilename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header ?? '')
  let name = (plain?.[1] ?? plain?.[2] ?? '').replaceAll(/\\(.)/g, '$1')
  try {
    if (extended !== undefined) name = decodeURIComponent(extended.trim())
  } catch {
    // Not well encoded: the plain one does.
  }
  const bare = name
    .split(/[/\\]/)
    .at(-1)
    ?.replaceAll(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, 200)
  return bare === undefined || bare === '' ? null : bare
}
