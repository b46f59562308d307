import { Component, type ReactNode } from 'react'
import { LABELS } from '../labels.ts'

interface CrashProps {
  readonly children: ReactNode
}

/** Shows words and a way out instead of an empty window when drawing fails. React offers this to classes only. */
export class Crash extends Component<CrashProps, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <main className="empty" role="alert">
        <h1>{LABELS.crash.title}</h1>
        <p>{LABELS.crash.body}</p>
        <button type="button" className="button button-main" onClick={() => window.location.reload()}>
          {LABELS.crash.again}
        </button>
      </main>
    )
  }
}
