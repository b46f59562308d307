/** Runs sandboxed, before the page: puts the bridge on `window.repTray`, and nothing else. */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { CHANNELS, type Bridge, type State } from './contract.ts'

const bridge: Bridge = {
  connect(onState) {
    // The event stays here: it carries `ipcRenderer` to whoever has it.
    const listener = (_event: IpcRendererEvent, state: State) => onState(state)
    ipcRenderer.on(CHANNELS.state, listener)
    ipcRenderer.send(CHANNELS.connect)
    return () => {
      ipcRenderer.off(CHANNELS.state, listener)
    }
  },
  command: (command) => ipcRenderer.invoke(CHANNELS.command, command),
}

contextBridge.exposeInMainWorld('repTray', bridge)
