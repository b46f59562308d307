import type { ReactElement } from 'react'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { isLoopback, type Scope } from '../text.ts'
import { Empty, Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { TrayIcon } from '../ui/icons.tsx'
import { SetupLine } from '../ui/setup-line.tsx'

interface BoardEmptyProps {
  readonly filter: string
  /** Sessions of all scopes that match the filter. */
  readonly elsewhere: number
  readonly clearFilter: () => void
  readonly counts: Readonly<Record<Scope, number>>
}

/** Why the board is empty, and what the rep can do about it. */
export function BoardEmpty({ filter, elsewhere, clearFilter, counts }: BoardEmptyProps): ReactElement {
  const { model } = useTools()
  const scope = useView((view) => view.scope)
  const everCame = useMain((state) => state.health.lastEventAt !== null || state.sessions.length > 0)
  const known = useMain(
    ({ settings }) => `${settings['me.repId']}${settings['me.username']}${settings['me.name']}`.trim() !== '',
  )

  if (filter.trim() !== '') {
    return (
      <Empty title={LABELS.board.noMatch}>
        <p className="empty-filter">
          <Name>{filter}</Name>
        </p>
        <div className="empty-actions">
          {elsewhere === 0 ? null : (
            <Button look="main" onPress={() => model.setScope('all')}>
              {LABELS.board.elsewhere(elsewhere)}
            </Button>
          )}
          <Button onPress={clearFilter}>{LABELS.clearFilter}</Button>
        </div>
      </Empty>
    )
  }
  if (!everCame) return <NothingEver />
  if (!known && scope !== 'all') {
    return (
      <Empty icon={<TrayIcon />} title={LABELS.board.nobody}>
        <p>{LABELS.board.nobodyBody}</p>
        <div className="empty-actions">
          <Button look="main" onPress={() => model.go({ view: 'settings' }, true)}>
            {LABELS.board.openSettings}
          </Button>
          <Button onPress={() => model.setScope('all')}>{`${LABELS.board.show('all')} (${counts.all})`}</Button>
        </div>
        <SetupLine />
      </Empty>
    )
  }
  const wider = ([scope === 'mine' ? 'team' : null, 'all'] as const).find(
    (other) => other !== null && counts[other] > counts[scope],
  )
  return (
    <Empty icon={<TrayIcon />} title={LABELS.board.calm[scope]}>
      <p>{LABELS.board.calmBody}</p>
      {wider === undefined || wider === null ? null : (
        <Button onPress={() => model.setScope(wider)}>{`${LABELS.board.show(wider)} (${counts[wider]})`}</Button>
      )}
      <SetupLine />
    </Empty>
  )
}

function NothingEver(): ReactElement {
  const { model } = useTools()
  const addresses = useMain((state) => state.health.listener.addresses)
  const [first] = addresses
  return (
    <Empty icon={<TrayIcon />} title={LABELS.board.nothingEver}>
      <p>{LABELS.board.nothingEverBody}</p>
      <ol className="steps">
        {LABELS.board.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div className="empty-actions">
        <Button
          look="main"
          onPress={() => {
            void model.copy({ type: 'recipient.copy' }, LABELS.settings.recipient)
          }}
        >
          {LABELS.board.copyRecipient}
        </Button>
        <Button onPress={() => model.go({ view: 'settings' }, true)}>{LABELS.board.openSettings}</Button>
      </div>
      {first !== undefined && addresses.every(isLoopback) ? (
        <p className="empty-note">{LABELS.board.onlyHere(first)}</p>
      ) : null}
      <SetupLine />
    </Empty>
  )
}
