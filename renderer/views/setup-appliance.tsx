import { useId, useState, type ReactElement } from 'react'
import { useMain } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Segments } from '../ui/segments.tsx'
import { ConnectionTest, Secret } from './appliance-tools.tsx'
import { Tool } from './settings-tools.tsx'
import { Field } from './setup-field.tsx'

const WORDS = LABELS.setup

/** Where the appliance is, who asks, and whether it answers. */
export function SetupAppliance(): ReactElement {
  const byUser = useMain(
    ({ settings }) => settings['appliance.clientId'] === '' && settings['appliance.username'] !== '',
  )
  const [kind, setKind] = useState<'client' | 'user'>(byUser ? 'user' : 'client')
  const id = useId()
  return (
    <div className="setup-group">
      <Field name="appliance.host" />
      <Tool name={WORDS.account} help={WORDS.accountHelp} id={id}>
        <Segments
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-help`}
          value={kind}
          options={(['client', 'user'] as const).map((value) => ({ value, label: WORDS.accounts[value] }))}
          onChange={setKind}
        />
      </Tool>
      <Field key={kind} name={kind === 'client' ? 'appliance.clientId' : 'appliance.username'} />
      <Secret key={`${kind} secret`} name={kind === 'client' ? 'appliance.clientSecret' : 'appliance.password'} />
      <ConnectionTest />
    </div>
  )
}
