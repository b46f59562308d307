/** A program for kill.test.ts: a real listener and journal; prints its port and runs until it is killed. */
import { join } from 'node:path'
import { openJournal } from '../../main/events/journal.ts'
import { createListener, tokenHash } from '../../main/events/listener.ts'
import { TOKEN } from './support.ts'

const journal = openJournal(join(process.argv[2] ?? '', 'journal.db'))
const listener = createListener({
  journal: () => journal,
  tokens: () => [tokenHash(TOKEN)],
  names: () => new Set(),
  allow: () => null,
  now: Date.now,
  onEvent: () => {},
  onQuarantine: () => {},
  onStoreFailure: (error) => console.error(error),
  onRefused: () => {},
  onProcessingFailure: (error) => console.error(error),
  onToken: () => {},
})
console.log(await listener.listen('127.0.0.1', 0))
