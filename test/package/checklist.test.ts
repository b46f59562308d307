import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** The lines of all tables, cell by cell. */
const rows = read('docs/security-checklist.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:-|guard )/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))

test('every guard of the checklist has its place and a test that is there', () => {
  assert.ok(rows.length > 40)
  for (const [, guard = '', where = '', what = ''] of rows) {
    const place = /`([^`]+)`/.exec(where)?.[1] ?? ''
    assert.ok(existsSync(join(root, place)), `${guard}: ${place}`)
    const programs = [...what.matchAll(/`npm run trust -- ([\w-]+)`/g)].map(([, name]) => name)
    for (const name of programs)
      assert.ok(existsSync(join(root, `test/trust/programs/${name}.ts`)), `${guard}: ${name}`)
    const [, file, name] = /^`(test\/[^`]+)`: (.+)$/.exec(what) ?? []
    if (programs.length > 0) continue
    assert.ok(file !== undefined && name !== undefined, `${guard}: ${what}`)
    assert.ok(read(file).includes(name), `${guard}: ${file} has no test “${name}”`)
  }
})

test('every test of a shell’s guards is worth a line there', () => {
  const listed = rows.map((cells) => cells.at(-2)).join('\n')
  for (const file of globSync('test/integration/{electron-{ipc,window,protocol},web-{bridge,pages,secrecy}}.test.ts', {
    cwd: root,
  }))
    assert.ok(listed.includes(file.replaceAll('\\', '/')), file)
})
