import { randomInt } from 'node:crypto'

/** A repeatable stream of chance: the same seed gives the same numbers on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number
  /** True with the given probability, 0 to 1. */
  chance(probability: number): boolean
  /** One of the list; throws if it is empty. */
  pick<Item>(list: readonly Item[]): Item
  /** One of the list, each as likely as its weight says; undefined if no weight is above 0. */
  weighted<Item>(list: readonly (readonly [weight: number, item: Item])[]): Item | undefined
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string
  /** A gap between two things that happen independently of each other, with this mean. */
  gap(mean: number): number
  /** A stream of its own that depends on the seed and the label alone, not on what was drawn here before. */
  fork(label: string): Random
}

/** The largest seed. */
export const LARGEST_SEED = 2 ** 32 - 1

/** A seed for those who gave none. */
export const chooseSeed = (): number => randomInt(2 ** 32)

/** Mixes text into 32 bits (FNV-1a). */
function hash(text: string, start: number): number {
  let value = (start ^ 0x811c9dc5) >>> 0
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return value
}

/** Makes a stream (sfc32). `seed` is a whole number from 0 to 2^32 - 1. */
export function createRandom(seed: number): Random {
  let a = hash('a', seed)
  let b = hash('b', a)
  let c = hash('c', b)
  let counter = 1

  function bits(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The first numbers of close seeds are alike; these are thrown away.
  for (let round = 0; round < 15; round += 1) bits()

  const next = () => bits() / 2 ** 32
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))

  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const item = list[int(0, list.length - 1)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    weighted: (list) => {
      const total = list.reduce((sum, [weight]) => sum + weight, 0)
      let left = next() * total
      for (const [weight, item] of list) {
        left -= weight
        if (left < 0 && weight > 0) return item
      }
      return undefined
    },
    hex: (digits) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join(''),
    gap: (mean) => -Math.log(1 - next()) * mean,
    fork: (label) => createRandom(hash(label, seed)),
  }
}
