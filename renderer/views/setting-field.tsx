import { useId, type ReactElement } from 'react'
import type { SettingInfo } from '../../preload/contract.ts'
import { LABELS } from '../labels.ts'
import { choiceText, valueText } from '../text.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorIcon, LockIcon } from '../ui/icons.tsx'
import { ChoiceInput, ListInput, SwitchInput, TextInput, type InputProps } from './setting-inputs.tsx'
import { useSetting } from './use-setting.ts'

/** One setting: its name, its control, what it is for, and whose it is. */
export function SettingField({ info }: { readonly info: SettingInfo }): ReactElement {
  const setting = useSetting(info.key)
  const id = useId()
  const changed = valueText(setting.value) !== valueText(info.default)
  const props: InputProps = {
    info,
    setting,
    labelledBy: `${id}-label`,
    // Only what is there may be pointed at.
    describedBy: [`${id}-help`, ...(setting.error === null ? [] : [`${id}-error`])].join(' '),
  }
  return (
    <div className="setting" data-type={info.type}>
      <div className="setting-words">
        <h3 className="setting-label" id={`${id}-label`}>
          {info.label}
        </h3>
        <p className="setting-help" id={`${id}-help`}>
          {info.help} <span className="setting-default">{`${LABELS.settings.default} ${defaultText(info)}.`}</span>
        </p>
      </div>
      <div className="setting-control">
        <Control {...props} />
        {changed && !info.locked ? (
          <Button
            look="plain"
            onPress={() => {
              void setting.reset()
            }}
          >
            {LABELS.settings.reset}
            <Hidden>{` ${LABELS.settings.resetFor} ${info.label}`}</Hidden>
          </Button>
        ) : null}
        {setting.error === null ? null : (
          <p className="setting-error" id={`${id}-error`} role="alert">
            <ErrorIcon />
            {setting.error}
          </p>
        )}
        {info.locked ? (
          <p className="setting-lock">
            <LockIcon />
            {LABELS.lockedByAdmin}
          </p>
        ) : null}
      </div>
    </div>
  )
}

function defaultText(info: SettingInfo): string {
  return info.type === 'choice' ? choiceText(String(info.default)) : valueText(info.default)
}

function Control(props: InputProps): ReactElement {
  switch (props.info.type) {
    case 'boolean':
      return <SwitchInput {...props} />
    case 'text':
    case 'lines':
    case 'number':
      return <TextInput {...props} />
    case 'list':
      return <ListInput {...props} />
    case 'choice':
      return <ChoiceInput {...props} />
  }
}
