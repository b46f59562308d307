/**
 * npm runs a script through a shell, and hands signals to that shell alone, which dies of them without a word to its
 * child. A program that was started so has to notice by itself that it is on its own.
 */

/** How often to look (ms); only under npm, never in the installed application. */
const PACE = 1_000

/** Ends this process as SIGTERM does, once the npm that started it is gone. Does nothing without npm, or on Windows. */
export function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, PACE)
  timer.unref()
}
