/** Long work on a database file in a thread of its own: the event path does not wait for it. */
import { Worker } from 'node:worker_threads'

/** As text, since the application is one file when it is built. It only ever reads the file that it is given. */
const THREAD = `
  const { DatabaseSync } = require('node:sqlite')
  const { parentPort, workerData } = require('node:worker_threads')
  let answer
  try {
    const database = new DatabaseSync(workerData.file, { readOnly: true, timeout: 5000 })
    try {
      answer = { rows: workerData.statements.map(([sql, ...values]) => database.prepare(sql).all(...values)) }
    } finally {
      database.close()
    }
  } catch (error) {
    answer = { message: String(error.message), code: error.code, errcode: error.errcode }
  }
  parentPort.postMessage(answer)
`

/** A statement and its values. */
export type Statement = readonly [sql: string, ...values: (string | number)[]]

type Answer =
  | { readonly rows: readonly (readonly Readonly<Record<string, unknown>>[])[] }
  | { readonly message: string; readonly code?: string; readonly errcode?: number }

/** What statements answer on a read-only connection of their own. Rejects with SQLite's error. */
export function askApart(
  file: string,
  statements: readonly Statement[],
): Promise<Extract<Answer, { rows: unknown }>['rows']> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD, { eval: true, workerData: { file, statements } })
    worker.on('message', (answer: Answer) => {
      if ('rows' in answer) resolve(answer.rows)
      else reject(Object.assign(new Error(answer.message), answer))
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('The thread ended without an answer.')))
  })
}

/** What is wrong with the structure of a database; null: nothing. Rejects if it cannot be looked at now. */
export async function faultOf(file: string): Promise<string | null> {
  // The quick check would not see what is missing in an index: an event that is sent again would be stored twice.
  const [rows = []] = await askApart(file, [['PRAGMA integrity_check(1)']])
  const found = String(Object.values(rows[0] ?? {})[0])
  return found === 'ok' ? null : found
}
