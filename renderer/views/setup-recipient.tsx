import type { ReactElement } from 'react'
import type { RecipientForm } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Button, CopyButton } from '../ui/button.tsx'
import { WarningIcon } from '../ui/icons.tsx'
import { RenewRecipient } from './settings-tools.tsx'

const WORDS = LABELS.setup.events

interface RecipientEntriesProps {
  readonly form: RecipientForm
  /** There is a new URL. */
  readonly onRenewed: () => void
}

/** The appliance's form, field by field, with what belongs into each. */
export function RecipientEntries({ form, onRenewed }: RecipientEntriesProps): ReactElement {
  const { model } = useTools()
  return (
    <div className="setup-group setup-card">
      <dl className="setup-entries">
        {form.fields.map(({ label, value, help }, index) => (
          <div key={label} className="setup-entry">
            <dt>{label}</dt>
            <dd>
              <span className="setup-value">
                {label === 'URL' ? <code>{value}</code> : value}
                {index === 0 ? (
                  <CopyButton
                    name={WORDS.copyName}
                    copy={() => model.copy({ type: 'recipient.copyForm', what: 'name' }, WORDS.name)}
                  />
                ) : null}
                {label === 'URL' && form.copyable ? (
                  <CopyButton
                    name={LABELS.settings.copyRecipient}
                    copy={() => model.copy({ type: 'recipient.copy' }, LABELS.settings.recipient)}
                  />
                ) : null}
              </span>
              <span className="setting-help">{help}</span>
            </dd>
          </div>
        ))}
      </dl>
      {form.copyable ? null : (
        <p className="setup-note">
          <WarningIcon />
          <span>{WORDS.hidden}</span>
        </p>
      )}
      <div className="setup-actions">
        {form.copyable ? (
          <Button look="main" onPress={() => void model.copy({ type: 'recipient.copyForm', what: 'all' }, WORDS.all)}>
            {WORDS.copyAll}
          </Button>
        ) : null}
        {form.fixed ? null : <RenewRecipient onRenewed={onRenewed} />}
      </div>
    </div>
  )
}
