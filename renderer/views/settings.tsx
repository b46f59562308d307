import { useMemo, useState, type ReactElement, type ReactNode } from 'react'
import type { SettingInfo, SettingKey, State } from '../../preload/contract.ts'
import { useMain } from '../context.ts'
import { LABELS } from '../labels.ts'
import { matches } from '../match.ts'
import { groupTitle } from '../text.ts'
import { Empty, Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { ApplianceTools } from './appliance-tools.tsx'
import { ListenerTools } from './listener-tools.tsx'
import { SettingField } from './setting-field.tsx'
import { NotificationTools, QuitTools } from './settings-tools.tsx'
import { SetupTools } from './setup-tools.tsx'
import { TrustTools } from './trust-tools.tsx'

interface Group {
  readonly name: string
  readonly infos: readonly SettingInfo[]
}

/** What a group offers besides its settings, and the words by which the search finds it. */
const TOOLS: Readonly<
  Record<string, { readonly Tools: () => ReactElement; readonly words: readonly string[]; readonly last?: true }>
> = {
  notify: { Tools: NotificationTools, words: [LABELS.settings.test, LABELS.permission.title] },
  listener: {
    Tools: ListenerTools,
    words: [
      LABELS.settings.recipient,
      LABELS.settings.copyRecipient,
      LABELS.settings.renew,
      LABELS.setup.certificate.name,
      LABELS.setup.events.test,
    ],
  },
  // Who, before the proof of it.
  appliance: {
    Tools: ApplianceTools,
    words: [LABELS.appliance.test, ...Object.values(LABELS.appliance.secrets).map(({ name }) => name)],
    last: true,
  },
  journal: {
    Tools: TrustTools,
    words: [LABELS.quarantine.title, LABELS.backup.name, LABELS.forget.name, LABELS.diagnostics.name],
    last: true,
  },
  setup: {
    Tools: SetupTools,
    words: [LABELS.setup.file.assistant, LABELS.setup.file.save, LABELS.setup.file.read],
  },
}

/** Settings that a tool stands for: a bare switch would say less. */
const IN_TOOLS: ReadonlySet<SettingKey> = new Set(['setup.done'])

/** Groups that mean nothing in a shell. */
const NOT_IN: Readonly<Record<State['shell'], string>> = { electron: 'browser', browser: 'tray' }

/** All settings, as main describes them. */
export function Settings(): ReactElement {
  const infos = useMain((state) => state.settingInfo)
  const version = useMain((state) => state.version)
  const shell = useMain((state) => state.shell)
  const [filter, setFilter] = useState('')
  const groups = useMemo(() => grouped(infos).filter(({ name }) => NOT_IN[shell] !== name), [infos, shell])
  const shown = groups
    .map((group) => ({
      group,
      tools: toolsOf(group, filter),
      infos: group.infos.filter((info) => !IN_TOOLS.has(info.key) && isMatch(info, filter)),
    }))
    .filter(({ tools, infos: some }) => tools !== null || some.length > 0)

  return (
    <section className="pane settings" aria-labelledby="settings-title">
      <div className="toolbar">
        <h1 id="settings-title">{LABELS.settings.title}</h1>
        <FilterField
          label={LABELS.settings.search}
          hint={LABELS.settings.searchHint}
          value={filter}
          onChange={setFilter}
        />
      </div>
      <div className="settings-list" data-arrival="" tabIndex={-1}>
        {shown.length === 0 ? (
          <Empty title={LABELS.settings.noMatch}>
            <p className="empty-filter">
              <Name>{filter}</Name>
            </p>
            <Button onPress={() => setFilter('')}>{LABELS.clearFilter}</Button>
          </Empty>
        ) : null}
        {shown.map(({ group, tools, infos: some }) => (
          <SettingGroup key={group.name} name={group.name}>
            {isLast(group) ? null : tools}
            {some.map((info) => (
              <SettingField key={info.key} info={info} />
            ))}
            {isLast(group) ? tools : null}
          </SettingGroup>
        ))}
        {filter.trim() === '' ? (
          <footer className="settings-foot">
            <span className="muted">{LABELS.settings.version(version, LABELS.settings.shells[shell])}</span>
            <QuitTools />
          </footer>
        ) : null}
      </div>
    </section>
  )
}

function SettingGroup({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="setting-group" aria-labelledby={`group-${name}`}>
      <h2 id={`group-${name}`}>{groupTitle(name)}</h2>
      {children}
    </section>
  )
}

/** Groups in the order in which their first setting stands. */
function grouped(infos: readonly SettingInfo[]): readonly Group[] {
  return Array.from(
    Map.groupBy(infos, (info) => info.key.split('.')[0] ?? info.key),
    ([name, members]) => ({ name, infos: members }),
  )
}

function isLast(group: Group): boolean {
  return TOOLS[group.name]?.last === true
}

function isMatch(info: SettingInfo, filter: string): boolean {
  return matches(filter, [info.label, info.help, info.key, groupTitle(info.key.split('.')[0] ?? '')])
}

function toolsOf(group: Group, filter: string): ReactElement | null {
  const entry = TOOLS[group.name]
  if (entry === undefined || !matches(filter, [groupTitle(group.name), ...entry.words])) return null
  return <entry.Tools />
}
