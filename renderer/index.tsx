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
import { Quick } from './views/quick.tsx'

/** The hash by which Electron opens this page as the window for a quick lookup. */
const QUICK = '#quick'

/** The preload (Electron) or bridge.js (browser mode) has put the bridge there; nobody has in a page of anybody else. */
function bridgeOf(page: Window): Bridge | undefined {
  return (page as { repTray?: Bridge }).repTray
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
        <ToolsContext value={tools}>{window.location.hash === QUICK ? <Quick /> : <App />}</ToolsContext>
      </Crash>
    </StrictMode>,
  )
}

const root = document.getElementById('root')
if (root !== null) start(root, bridgeOf(window))
