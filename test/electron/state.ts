/** What a window's page is told, without a page. */
import type { State } from '../../preload/contract.ts'
import type { Launched } from './harness.ts'

/** The State that the application gives to the page of this window, counted from 1; left out: of the newest. */
export function stateOf(app: Launched, number?: number): Promise<State> {
  return app.evaluate(({ windows, electron }, wanted) => {
    const sender = windows.at(wanted - 1)?.webContents
    if (sender === undefined) throw new Error('There is no such window')
    const send = sender.send.bind(sender)
    return new Promise<State>((resolve) => {
      sender.send = (_channel, state) => {
        sender.send = send
        resolve(state as State)
      }
      void electron.ipcMain.deliver('send', { sender, senderFrame: sender.mainFrame }, 'connect', [])
    })
  }, number ?? 0)
}
