/**
 * `npm test [FILE…]`: sees to what the tests need, builds, and runs them all (or the files named). Ends with the line
 * `N passed, N failed`, with what was skipped in a third part.
 */
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { ensureBuilt } from './built.ts'
import { ensurePrerequisites, findChromium } from './prerequisites.ts'

const root = resolve(import.meta.dirname, '..')

/** One file that takes longer than this hangs (ms). */
const FILE_TIMEOUT = 240_000

function prepare(): void {
  ensurePrerequisites()
  process.env['CHROMIUM_PATH'] = findChromium() ?? ''
  ensureBuilt(root, '--force')
}

async function test(files: string[]): Promise<void> {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const skipped: string[] = []
  const stream = run({ files, concurrency: Math.max(2, availableParallelism()), timeout: FILE_TIMEOUT, cwd: root })
  stream.on('test:pass', (data) => {
    if (data.details.type === 'suite') return
    if (data.skip !== undefined) {
      counts.skipped += 1
      skipped.push(`${data.name}: ${String(data.skip)}`)
    } else counts.passed += 1
  })
  stream.on('test:fail', (data) => {
    if (data.details.type !== 'suite') counts.failed += 1
  })
  const reported = stream.compose(new spec())
  for await (const chunk of reported) process.stdout.write(chunk as string)
  for (const line of skipped) console.log(`skipped: ${line}`)
  const { passed, failed } = counts
  console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
  if (failed > 0 || passed === 0) process.exitCode = 1
}

try {
  prepare()
  const named = process.argv.slice(2)
  await test(
    named.length > 0
      ? named.map((file) => resolve(file))
      : globSync('test/**/*.test.ts', { cwd: root }).map((file) => join(root, file)),
  )
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
