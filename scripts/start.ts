/**
 * `npm start`: builds what is out of date, then starts the application: in Electron where that can be had, else in
 * browser mode. `--browser` wants browser mode. All arguments go to the application.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { ensureBuilt } from './built.ts'
import { findElectron } from './electron.ts'
import { endWithNpm } from './parent.ts'

const root = resolve(import.meta.dirname, '..')

/** Runs Electron until it ends, and ends as it did. */
function runElectron(binary: string, args: readonly string[]): void {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const child = spawn(binary, [root, ...args], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}

const args = process.argv.slice(2)
endWithNpm()
try {
  ensureBuilt(root)
} catch {
  // It has said why.
  process.exit(1)
}
const electron = args.includes('--browser') ? null : await findElectron(root)
if (electron !== null && 'binary' in electron) {
  runElectron(electron.binary, args)
} else {
  if (electron !== null) console.log(`Electron is not available (${electron.reason}); Rep Tray runs in browser mode.`)
  const { main } = (await import(join(root, 'dist/main/web.js'))) as {
    main: (argv: readonly string[]) => Promise<void>
  }
  try {
    await main(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
