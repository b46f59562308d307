/** `npm run relay -- …`: builds what is out of date, then starts the relay. All arguments go to it; see main/relay.ts. */
import { join, resolve } from 'node:path'
import { ensureBuilt } from './built.ts'
import { endWithNpm } from './parent.ts'

const root = resolve(import.meta.dirname, '..')
endWithNpm()
try {
  ensureBuilt(root)
  const { main } = (await import(join(root, 'dist/main/relay.js'))) as {
    main: (argv: readonly string[]) => Promise<void>
  }
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
