import type { ReactElement } from 'react'
import { useMain } from '../context.ts'
import { LABELS } from '../labels.ts'
import { NotificationTools } from './settings-tools.tsx'
import { Field } from './setup-field.tsx'

/** May they be shown, are they seen, and are they wanted now? */
export function SetupNotifications(): ReactElement {
  const shell = useMain((state) => state.shell)
  return (
    <>
      <div className="setup-group">
        <NotificationTools />
        <Field name="notify.quiet" />
        <Field name="notify.details" />
      </div>
      <details className="setup-more">
        <summary>{LABELS.setup.nothing}</summary>
        <ul>
          {LABELS.setup.nothingHelp[shell].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </>
  )
}
