/** What no page of this application may ever do: leave its place, open windows, ask for permissions, reach a network. */
import type { Session, WebContents } from 'electron'

/** Keeps a page where it is. For every WebContents there is, also those that nobody here has made. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/**
 * Refuses every permission, asked for or merely looked up (Electron grants all by default), downloads, and every
 * request that would leave the computer. The page has `connect-src 'none'`; this holds even if that were circumvented.
 * What main itself sends to the appliance uses a session of its own.
 */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null))
  // It would fetch dictionaries.
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*']
  session.webRequest.onBeforeRequest({ urls }, (_details, callback) => callback({ cancel: true }))
}
