/** The bridge that stands in for the preload's in the tests of the window. */
import type { Command, Reply, State } from '../../preload/contract.ts'

/** What a browser says of the permission to show notifications. */
export type Permission = 'granted' | 'denied' | 'default' | 'unsupported'

declare global {
  interface Window {
    fake: {
      push: (state: State) => void
      link: (up: boolean) => void
      permission: Permission | null
    }
    fakeMain: (command: Command) => Promise<Reply>
    fakeFault: (fault: string) => void
  }
}

/** Runs in the page, before its own script: puts the bridge where the preload puts it. Must stand by itself. */
export function installBridge(first: { readonly state: State | null; readonly permission: Permission | null }): void {
  let onState: ((state: State) => void) | null = null
  let onLink: ((up: boolean) => void) | null = null
  window.fake = {
    push: (state) => onState?.(state),
    link: (up) => onLink?.(up),
    permission: first.permission,
  }
  const bridge = {
    connect(state: (state: State) => void, link: (up: boolean) => void) {
      onState = state
      onLink = link
      if (first.state !== null) state(first.state)
      return () => {
        onState = null
        onLink = null
      }
    },
    command: (command: Command) => window.fakeMain(command),
    ...(first.permission === null
      ? {}
      : {
          notifications: {
            permission: () => window.fake.permission,
            request: () => {
              window.fake.permission = 'granted'
              return Promise.resolve()
            },
          },
        }),
  }
  Object.assign(window, { repTray: bridge })
  document.addEventListener('securitypolicyviolation', (event) => {
    window.fakeFault(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
  })
}
