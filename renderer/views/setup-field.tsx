import type { ReactElement } from 'react'
import type { SettingKey } from '../../preload/contract.ts'
import { useMain } from '../context.ts'
import { SettingField } from './setting-field.tsx'

/** A setting by its name, as the settings show it, lock included. */
export function Field({ name }: { readonly name: SettingKey }): ReactElement | null {
  const info = useMain((state) => state.settingInfo.find(({ key }) => key === name))
  return info === undefined ? null : <SettingField info={info} />
}
