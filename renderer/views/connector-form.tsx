/** A link with an issue: its entries, and what becomes of them. */
import type { ReactElement } from 'react'
import type { ConnectorChoice } from '../../preload/contract.ts'
import { useMain } from '../context.ts'
import { LABELS } from '../labels.ts'
import { isolate, whyNot } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Qr } from '../ui/qr.tsx'
import { Failure, Field, ShownText, TextField } from './link-field.tsx'
import { CopyOutcome, CopyText, useCopying } from './use-copying.tsx'
import { useLink } from './use-link.ts'

type TextFieldName = keyof typeof LABELS.link.fields

const FIELDS = Object.keys(LABELS.link.fields) as readonly TextFieldName[]

interface ConnectorFormProps {
  readonly hidden: boolean
  readonly choice: ConnectorChoice
  readonly onChange: (change: Partial<ConnectorChoice>) => void
  readonly onClose: () => void
}

export function ConnectorForm({ hidden, choice, onChange, onClose }: ConnectorFormProps): ReactElement {
  const { url, qr, problems, error } = useLink(choice)
  const copying = useCopying()
  const problemOf = (name: string) => problems.find(({ field }) => field === name)?.message ?? null
  // What concerns no field of this form, the host say.
  const [other = null] = problems.filter(({ field }) => !Object.hasOwn(choice, field)).map(({ message }) => message)
  const failure = error ?? other
  // That none is chosen yet is no mistake; it is said where the link will be.
  const unchosen = choice.issueId === '' ? problemOf('issueId') : null

  return (
    <div className="link-panel" hidden={hidden}>
      <div className="link-scroll">
        <div className="link-entries">
          <p className="muted">{LABELS.link.help.issue}</p>
          <IssueField
            value={choice.issueId}
            problem={unchosen === null ? problemOf('issueId') : null}
            onChange={(issueId) => onChange({ issueId })}
          />
          {FIELDS.map((field) => (
            <TextField
              key={field}
              label={LABELS.link.fields[field]}
              problem={problemOf(field)}
              value={choice[field]}
              onChange={(value) => onChange({ [field]: value })}
            />
          ))}
        </div>
        <div className="link-result">
          {url === null && unchosen !== null ? <p className="muted">{unchosen}</p> : null}
          {url === null ? null : <ShownText label={LABELS.link.preview} text={url} rows={5} />}
          {qr === null ? null : <Qr code={qr} name={LABELS.link.qr} />}
        </div>
      </div>
      {failure === null ? null : <Failure>{failure}</Failure>}
      <CopyOutcome copying={copying} />
      <div className="confirm-actions">
        <Button onPress={onClose}>{LABELS.close}</Button>
        <CopyText
          copying={copying}
          command={{ type: 'connector.copy', choice, as: 'mail' }}
          what={LABELS.link.mail}
          label={LABELS.link.copyMail}
          disabled={url === null}
        />
        <CopyText
          copying={copying}
          command={{ type: 'connector.copy', choice, as: 'url' }}
          what={LABELS.link.preview}
          label={LABELS.link.copy}
          look="main"
          disabled={url === null}
        />
      </div>
    </div>
  )
}

interface IssueFieldProps {
  readonly value: string
  readonly problem: string | null
  readonly onChange: (id: string) => void
}

function IssueField({ value, problem, onChange }: IssueFieldProps): ReactElement {
  const appliance = useMain((state) => state.appliance)
  const teams = appliance.teams.filter((team) => team.issues.length > 0)
  const away = appliance.status === 'ready' ? LABELS.link.noIssues : whyNot(appliance, 'sessionKey')
  return (
    <Field label={LABELS.link.issue} problem={teams.length === 0 ? away : problem}>
      {(props) => (
        <select
          {...props}
          className="text-input"
          value={value}
          disabled={teams.length === 0}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="">{LABELS.link.noIssue}</option>
          {teams.map((team) => (
            <optgroup key={team.id} label={team.name}>
              {team.issues.map((issue) => (
                <option key={issue.id} value={issue.id}>
                  {isolate(issue.name)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  )
}
