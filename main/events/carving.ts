/**
 * Reads rows of a damaged journal out of its pages, without the trees that lead to them: one bit in the wrong place there
 * would hide thousands of rows that are as sound as ever. Of a page that is damaged itself, the rows that can be made out.
 * Format: https://www.sqlite.org/fileformat2.html
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Numbered, Portion, Row } from './salvage.ts'
import { PAGE_SIZE, pagesOfLog } from './wal.ts'

/** A page with rows of a table. */
const LEAF = 0x0d
/** The first page begins with the header of the file. */
const FILE_HEADER = 100
/** Pages read at a time. */
const AT_ONCE = 32
/** A row that claims to be longer than this is none. */
const LONGEST = 32 * 1024 * 1024

type Value = string | number | Uint8Array | null
type Kind = 'number' | 'text' | 'bytes' | 'none'
type Column = readonly [name: string, kinds: readonly Kind[]]

/** Columns of the tables in the order in which rows have them, and what they may be. */
const SHAPES: Readonly<Record<Numbered, readonly Column[]>> = {
  events: [
    ['seq', ['none']],
    ['digest', ['bytes']],
    ['received', ['number']],
    ['at', ['number']],
    ['event', ['text']],
    ['lsid', ['text', 'none']],
    ['source', ['text']],
    ['variables', ['text']],
    ['seen', ['number']],
  ],
  quarantine: [
    ['id', ['none']],
    ['digest', ['bytes']],
    ['received', ['number']],
    ['source', ['text']],
    ['reason', ['text']],
    ['content_type', ['text']],
    ['body', ['bytes']],
    ['seen', ['number']],
    ['parameters', ['text']],
    ['cut', ['number']],
  ],
}
/** Columns that came later: an older row ends before them. */
const LEAST: Readonly<Record<Numbered, number>> = { events: 9, quarantine: 8 }

class Unreadable extends Error {}

interface Pages {
  readonly count: number
  /** A page by its number, which begins at 1. @throws Unreadable */
  read(number: number): Buffer
  close(): void
}

/** The pages of a file, as its log has them last. */
function openPages(file: string): Pages {
  const log = pagesOfLog(`${file}-wal`)
  const descriptor = openSync(file, 'r')
  const inFile = Math.floor(fstatSync(descriptor).size / PAGE_SIZE)
  const count = Math.max(inFile, ...log.keys())
  return {
    count,
    read: (number) => {
      const logged = log.get(number)
      if (logged !== undefined) return logged
      if (number < 1 || number > inFile) throw new Unreadable()
      const page = Buffer.alloc(PAGE_SIZE)
      readSync(descriptor, page, 0, PAGE_SIZE, (number - 1) * PAGE_SIZE)
      return page
    },
    close: () => closeSync(descriptor),
  }
}

/** A number of one to nine bytes, and where it ends. */
function varint(bytes: Buffer, at: number): readonly [value: number, end: number] {
  let value = 0n
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index]
    if (byte === undefined) throw new Unreadable()
    if (index === 8) return [Number((value << 8n) | BigInt(byte)), at + 9]
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) return [Number(value), at + index + 1]
  }
  throw new Unreadable()
}

/** What a row consists of; what does not fit into its page is in a chain of others. */
function payloadOf(pages: Pages, page: Buffer, at: number, length: number): Buffer {
  if (length > LONGEST) throw new Unreadable()
  const most = PAGE_SIZE - 35
  if (length <= most) {
    if (at + length > PAGE_SIZE) throw new Unreadable()
    return page.subarray(at, at + length)
  }
  const least = Math.floor(((PAGE_SIZE - 12) * 32) / 255) - 23
  const rest = least + ((length - least) % (PAGE_SIZE - 4))
  const local = rest <= most ? rest : least
  if (at + local + 4 > PAGE_SIZE) throw new Unreadable()
  const parts = [page.subarray(at, at + local)]
  let next = page.readUInt32BE(at + local)
  for (let left = length - local; left > 0; left -= PAGE_SIZE - 4) {
    const more = pages.read(next)
    parts.push(more.subarray(4, 4 + Math.min(left, PAGE_SIZE - 4)))
    next = more.readUInt32BE(0)
  }
  return Buffer.concat(parts)
}

const kindOf = (type: number): Kind => (type === 0 ? 'none' : type < 10 ? 'number' : type % 2 === 0 ? 'bytes' : 'text')
const FIXED = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const
const sizeOf = (type: number) => (type < 10 ? (FIXED[type] ?? 0) : Math.floor((type - 12) / 2))

function valueAt(payload: Buffer, at: number, type: number): Value {
  const size = sizeOf(type)
  if (at + size > payload.length) throw new Unreadable()
  if (type === 0) return null
  if (type === 8 || type === 9) return type - 8
  if (type === 6) return Number(payload.readBigInt64BE(at))
  if (type === 7) return payload.readDoubleBE(at)
  if (type < 7) return payload.readIntBE(at, size)
  const bytes = payload.subarray(at, at + size)
  return kindOf(type) === 'text' ? bytes.toString('utf8') : new Uint8Array(bytes)
}

/** Which table a row with columns of these types belongs to. */
function tableOf(types: readonly number[]): Numbered | null {
  const fits = (name: Numbered) =>
    types.length >= LEAST[name] &&
    types.length <= SHAPES[name].length &&
    types.every((type, index) => SHAPES[name][index]?.[1].includes(kindOf(type)))
  return fits('events') ? 'events' : fits('quarantine') ? 'quarantine' : null
}

/** A row of one of the tables; null: of another. @throws Unreadable */
function rowAt(pages: Pages, page: Buffer, at: number): readonly [Numbered, Row] | null {
  const [length, afterLength] = varint(page, at)
  const [number, begin] = varint(page, afterLength)
  const payload = payloadOf(pages, page, begin, length)
  const [headerEnd, first] = varint(payload, 0)
  if (headerEnd > payload.length) throw new Unreadable()
  const types: number[] = []
  for (let place = first; place < headerEnd;) {
    const [type, end] = varint(payload, place)
    if (type === 10 || type === 11) throw new Unreadable()
    types.push(type)
    place = end
  }
  const table = tableOf(types)
  if (table === null) return null
  const row: Record<string, Value> = {}
  let place = headerEnd
  for (const [index, type] of types.entries()) {
    row[SHAPES[table][index]?.[0] ?? ''] = valueAt(payload, place, type)
    place += sizeOf(type)
  }
  row[SHAPES[table][0]?.[0] ?? ''] = number
  return [table, row]
}

/** Rows of a page by their table, and how many of its places made no sense. */
function rowsOf(pages: Pages, number: number) {
  const rows: (readonly [Numbered, Row])[] = []
  let lost = 0
  const page = pages.read(number)
  const start = number === 1 ? FILE_HEADER : 0
  if (page[start] !== LEAF) return { rows, lost }
  const cells = Math.min(page.readUInt16BE(start + 3), Math.floor((PAGE_SIZE - start - 8) / 2))
  for (let cell = 0; cell < cells; cell += 1) {
    try {
      const row = rowAt(pages, page, page.readUInt16BE(start + 8 + cell * 2))
      if (row !== null) rows.push(row)
    } catch {
      lost += 1
    }
  }
  return { rows, lost }
}

/** All rows of events and quarantine that can be made out, in no order, in portions. @throws if there is no file */
export function* carve(file: string): Generator<Portion> {
  const pages = openPages(file)
  try {
    for (let first = 1; first <= pages.count; first += AT_ONCE) {
      const portion = { events: [] as Row[], quarantine: [] as Row[], lost: 0 }
      for (let number = first; number < Math.min(first + AT_ONCE, pages.count + 1); number += 1) {
        const { rows, lost } = tryPage(pages, number)
        for (const [table, row] of rows) portion[table].push(row)
        portion.lost += lost
      }
      yield portion
    }
  } finally {
    pages.close()
  }
}

function tryPage(pages: Pages, number: number): ReturnType<typeof rowsOf> {
  try {
    return rowsOf(pages, number)
  } catch {
    return { rows: [], lost: 1 }
  }
}
