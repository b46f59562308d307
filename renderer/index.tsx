/** The window's entry: builds its parts and hands them down. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Bridge } from '../preload/contract.ts'
import { App } from './app.tsx'
import { createClock } from './clock.ts'
import { ToolsContext } from './context.ts'
import { LABELS } from './labels.ts'
import { createWindowModel, type Memory } from './store.ts'
import { createTimes } from './time.ts'
import { Crash } from './ui/crash.tsx'

declare global {
  interface Window {
    /** Put there by the preload (Electron) or by bridge.js (browser mode). */
    repTray?: Bridge
  }
}

/** Null where the browser forbids storage, which it does by throwing. */
function storage(): Memory | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

function start(element: HTMLElement, bridge: Bridge | undefined): void {
  if (bridge === undefined) {
    element.textContent = LABELS.notOpenedByApp
    return
  }
  const model = createWindowModel(bridge, storage())
  const tools = { model, clock: createClock(document), times: createTimes(), notifications: bridge.notifications }
  model.connect()
  createRoot(element).render(
    <StrictMode>
      <Crash>
        <ToolsContext value={tools}>
          <App />
        </ToolsContext>
      </Crash>
    </StrictMode>,
  )
}

const root = document.getElementById('root')
if (root !== null) start(root, window.repTray)
