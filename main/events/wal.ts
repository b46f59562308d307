/**
 * The write-ahead log beside a journal. SQLite takes a log up to the first frame that is not sound, and says nothing of
 * what follows. After a crash that is right, since nobody was told that it is stored; after a flipped bit it is not.
 * Format: https://www.sqlite.org/fileformat2.html#walformat
 */
import { openSync, closeSync, readFileSync, statSync, writeSync, ftruncateSync, fsyncSync } from 'node:fs'

const HEADER = 32
const FRAME_HEADER = 24
/** Checksums are made of words in this order; the last bit says so. */
const MAGIC = { little: 0x377f0682, big: 0x377f0683 } as const
const VERSION = 3_007_000
/** More than a journal ever has: 64 GiB. */
const MOST_PAGES = 2 ** 24
/** Bytes of a page of the journal: what SQLite makes of a new file. */
export const PAGE_SIZE = 4096

type Sum = readonly [number, number]

interface Frame {
  readonly at: number
  readonly isSound: boolean
  /** Of this log, and not left over from an earlier round. */
  readonly isOwn: boolean
  /** The last of its transaction. */
  readonly isCommit: boolean
}

interface Log {
  readonly bytes: Buffer
  readonly pageSize: number
  readonly salts: Buffer
  readonly isLittle: boolean
  readonly frames: readonly Frame[]
}

function sumUp(bytes: Buffer, from: number, to: number, isLittle: boolean, [a, b]: Sum): Sum {
  let [first, second] = [a, b]
  for (let at = from; at < to; at += 8) {
    const one = isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    const two = isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)
    first = (first + one + second) >>> 0
    second = (second + two + first) >>> 0
  }
  return [first, second]
}

const sumAt = (bytes: Buffer, at: number): Sum => [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
const isEqual = (one: Sum, two: Sum) => one[0] === two[0] && one[1] === two[1]

function parse(bytes: Buffer): Log | null {
  if (bytes.length < HEADER + FRAME_HEADER) return null
  const isLittle = bytes.readUInt32BE(0) !== MAGIC.big
  let sum = sumUp(bytes, 0, 24, isLittle, [0, 0])
  const isHeaderSound =
    [MAGIC.little, MAGIC.big].includes(bytes.readUInt32BE(0) as never) && isEqual(sum, sumAt(bytes, 24))
  const pageSize = isHeaderSound ? bytes.readUInt32BE(8) : PAGE_SIZE
  const salts = isHeaderSound ? bytes.subarray(16, 24) : bytes.subarray(HEADER + 8, HEADER + 16)
  const frames: Frame[] = []
  let isSound = isHeaderSound
  for (let at = HEADER; at + FRAME_HEADER + pageSize <= bytes.length; at += FRAME_HEADER + pageSize) {
    const isOwn = bytes.compare(salts, 0, 8, at + 8, at + 16) === 0
    if (isSound) {
      sum = sumUp(bytes, at, at + 8, isLittle, sum)
      sum = sumUp(bytes, at + FRAME_HEADER, at + FRAME_HEADER + pageSize, isLittle, sum)
      isSound = isOwn && isEqual(sum, sumAt(bytes, at + 16))
    }
    frames.push({ at, isSound, isOwn, isCommit: bytes.readUInt32BE(at + 4) !== 0 })
  }
  return { bytes, pageSize, salts, isLittle, frames }
}

/**
 * Is a transaction lost that was complete on disk? Each is, before the next one is begun: so one that has another one
 * after it was, and what is wrong with it is no crash. Of the last one that cannot be told; it counts as not complete.
 */
function isDamaged({ frames }: Log): boolean {
  const bad = frames.findIndex((frame) => !frame.isSound)
  if (bad < 0) return false
  const commit = frames.findIndex((frame, index) => index >= bad && frame.isOwn && frame.isCommit)
  return commit >= 0 && frames.some((frame, index) => index > commit && frame.isOwn)
}

function read(file: string): Log | null {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  return size === 0 ? null : parse(readFileSync(file))
}

/** Would SQLite leave out what was stored? False if there is no log. */
export function isLogDamaged(file: string): boolean {
  const log = read(file)
  return log !== null && isDamaged(log)
}

/** The pages in a log by their number, each as it was last; all that belong to it, sound or not. */
export function pagesOfLog(file: string): ReadonlyMap<number, Buffer> {
  const log = read(file)
  const own = log?.pageSize === PAGE_SIZE ? log.frames.filter((frame) => frame.isOwn) : []
  // Of the last transaction, what is not complete does not count.
  const last = own.findLastIndex((frame) => frame.isCommit)
  const pages = own.slice(0, last + 1).map(({ at }) => {
    const bytes = log?.bytes ?? Buffer.alloc(0)
    return [bytes.readUInt32BE(at), bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + PAGE_SIZE)] as const
  })
  // A number that no page can have is damaged itself.
  return new Map(pages.filter(([number]) => number > 0 && number < MOST_PAGES))
}

/** Writes the checksums of a damaged log anew, so that SQLite reads on where it would stop; not for one that is in use. */
export function mendLog(file: string): void {
  const log = read(file)
  if (log === null || !isDamaged(log)) return
  const { bytes, pageSize, salts, isLittle } = log
  const last = log.frames.findLastIndex((frame) => frame.isOwn)
  const header = Buffer.from(bytes.subarray(0, HEADER))
  header.writeUInt32BE(isLittle ? MAGIC.little : MAGIC.big, 0)
  header.writeUInt32BE(VERSION, 4)
  header.writeUInt32BE(pageSize, 8)
  salts.copy(header, 16)
  let sum = sumUp(header, 0, 24, isLittle, [0, 0])
  const seal = (part: Buffer, at: number) => {
    part.writeUInt32BE(sum[0], at)
    part.writeUInt32BE(sum[1], at + 4)
  }
  seal(header, 24)
  const parts = [header]
  for (const { at } of log.frames.slice(0, last + 1)) {
    // One that belongs to no page would end it all again.
    if (bytes.readUInt32BE(at) === 0) continue
    const frame = Buffer.from(bytes.subarray(at, at + FRAME_HEADER + pageSize))
    salts.copy(frame, 8)
    sum = sumUp(frame, 0, 8, isLittle, sum)
    sum = sumUp(frame, FRAME_HEADER, frame.length, isLittle, sum)
    seal(frame, 16)
    parts.push(frame)
  }
  const descriptor = openSync(file, 'r+')
  try {
    const whole = Buffer.concat(parts)
    writeSync(descriptor, whole, 0, whole.length, 0)
    ftruncateSync(descriptor, whole.length)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
