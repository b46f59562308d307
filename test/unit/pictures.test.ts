/** The pictures of the documents: each that is named is there, each that is there is named, and none is heavy. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '../..')
const slashed = (path: string) => path.replaceAll('\\', '/')

/** Widest, in pixels, and heaviest, in bytes. */
const MOST = { width: 900, bytes: 122_880 } as const

/** Pictures that the documents show, by their path in the repository, with what stands in for them in words. */
const shown = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).flatMap((file) =>
  Array.from(readFileSync(join(root, file), 'utf8').matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g), ([, words, path]) => ({
    words: words ?? '',
    path: slashed(relative(root, resolve(root, dirname(file), path ?? ''))),
  })),
)
const there = globSync('docs/images/*', { cwd: root }).map(slashed)

test('documents show the pictures that are there, and all of them', () => {
  assert.ok(there.length > 0)
  assert.deepEqual([...new Set(shown.map(({ path }) => path))].toSorted(), there.toSorted())
})

test('each picture is told in words, for those who do not see it', () => {
  for (const { path, words } of shown) assert.ok(words.length > 20, path)
})

test('pictures are PNG files, not wider than a page and not heavy', () => {
  for (const path of there) {
    const file = readFileSync(join(root, path))
    assert.equal(file.toString('latin1', 1, 4), 'PNG', path)
    const width = file.readUInt32BE(16)
    assert.ok(width <= MOST.width, `${path}: ${width} pixels wide`)
    assert.ok(file.length <= MOST.bytes, `${path}: ${file.length} bytes`)
  }
})
