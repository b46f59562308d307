import { useMemo, type ComponentType, type ReactElement } from 'react'
import type { Alert, AlertKind } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { alertKind } from '../text.ts'
import { Empty, Hidden, Moment, Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import {
  ActiveIcon,
  ArrowIcon,
  BellIcon,
  BellOffIcon,
  EndedIcon,
  InIcon,
  OutIcon,
  SummaryIcon,
  SurveyIcon,
  WaitingIcon,
} from '../ui/icons.tsx'
import { Cell } from '../ui/row.tsx'
import { Rows } from '../ui/rows.tsx'

const ICONS: Readonly<Record<AlertKind, ComponentType>> = {
  transferred: ArrowIcon,
  started: ActiveIcon,
  teamQueue: WaitingIcon,
  generalQueue: WaitingIcon,
  customerJoined: InIcon,
  customerLeft: OutIcon,
  ended: EndedIcon,
  survey: SurveyIcon,
  digest: SummaryIcon,
  test: BellIcon,
}

/** All that the rep was told, newest first. Opening one marks it read and shows its session. */
export function Alerts(): ReactElement {
  const { model } = useTools()
  const alerts = useMain((state) => state.alerts)
  const unread = useMemo(() => alerts.filter((alert) => !alert.read).length, [alerts])

  function open(alert: Alert): void {
    if (!alert.read) void model.run({ type: 'alerts.read', ids: [alert.id] })
    if (alert.lsid !== null) model.go({ view: 'session', lsid: alert.lsid }, true)
  }

  return (
    <section className="pane alerts" aria-labelledby="alerts-title">
      <div className="toolbar">
        <h1 id="alerts-title">
          {LABELS.alerts.title}
          <span className="muted">{unread === 0 ? '' : ` ${unread} ${LABELS.alerts.unread}`}</span>
        </h1>
        <Button
          disabled={unread === 0}
          onPress={() => {
            void model.order({ type: 'alerts.read', ids: 'all' })
          }}
        >
          {LABELS.alerts.markAll}
        </Button>
      </div>
      {alerts.length === 0 ? (
        <Empty icon={<BellIcon />} title={LABELS.alerts.none}>
          <p>{LABELS.alerts.noneBody}</p>
        </Empty>
      ) : (
        <Rows
          label={LABELS.alerts.title}
          kind="alerts"
          items={alerts}
          keyOf={alertKey}
          Content={AlertLine}
          onOpen={open}
        />
      )}
    </section>
  )
}

function alertKey(alert: Alert): string {
  return String(alert.id)
}

function AlertLine({ item }: { readonly item: Alert }): ReactElement {
  const Icon = ICONS[item.kind]
  return (
    <Cell className={item.read ? 'alert-line' : 'alert-line alert-unread'}>
      <span className="alert-mark" title={alertKind(item.kind)}>
        <Icon />
      </span>
      <div className="alert-words">
        <div className="alert-title" title={item.title}>
          {item.read ? null : <Hidden>{LABELS.alerts.unread} </Hidden>}
          <Name>{item.title}</Name>
        </div>
        <div className="alert-body" title={item.body}>
          <Name>{item.body}</Name>
        </div>
      </div>
      <div className="alert-side">
        <Moment at={item.at} />
        {item.popup ? null : (
          <span className="alert-quiet" title={LABELS.alerts.quiet}>
            <BellOffIcon />
            <Hidden>{LABELS.alerts.quiet}</Hidden>
          </span>
        )}
      </div>
    </Cell>
  )
}
