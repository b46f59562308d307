import type { ReactElement } from 'react'
import type { SessionRow } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { customerOf, isolate, ownerOf, whyNotKey } from '../text.ts'
import { Hidden, Name } from '../ui/bits.tsx'
import { OutIcon, TeamIcon } from '../ui/icons.tsx'
import { EditKeyButton, KeyChip } from '../ui/key-chip.tsx'
import { Cell, useInTabOrder } from '../ui/row.tsx'
import { StatusMark, StatusWords } from '../ui/status.tsx'
import { isHeading, type BoardItem } from './board-model.ts'

/** A line of the board: a heading or a session. */
export function BoardLine({ item }: { readonly item: BoardItem }): ReactElement {
  if (!isHeading(item)) return <SessionLine row={item} />
  return (
    <Cell heading className={`group-heading group-${item.heading}`}>
      {LABELS.board.groups[item.heading]}
      <span className="group-count">{item.count}</span>
    </Cell>
  )
}

function SessionLine({ row }: { readonly row: SessionRow }): ReactElement {
  const { model } = useTools()
  const customer = customerOf(row)
  const reason = useMain(({ appliance }) => whyNotKey(row, appliance))
  const picking = useView(({ editing }) => editing?.from === 'board') && reason === null
  return (
    <div className="session-line" data-status={row.status} data-relation={row.relation}>
      {picking ? <PickBox row={row} /> : <StatusMark status={row.status} />}
      <Cell className="session-who">
        <div className="session-customer" title={customer} {...(customer === row.customer ? {} : { 'data-empty': '' })}>
          <Name>{customer}</Name>
          {row.status === 'active' && row.customer !== null && !row.customerPresent ? <CustomerLeft /> : null}
        </div>
        <div className="session-meta">
          <StatusWords row={row} />
          <OwnerWords row={row} />
        </div>
      </Cell>
      <Cell className="session-key">
        <KeyChip lsid={row.lsid} externalKey={row.externalKey}>
          <EditKeyButton reason={reason} onPress={() => model.edit(row.lsid, 'board')} />
        </KeyChip>
      </Cell>
    </div>
  )
}

/** Takes a session among those whose key is edited. It stands where the status was; that is in words, too. */
function PickBox({ row }: { readonly row: SessionRow }): ReactElement {
  const { model } = useTools()
  const inTabOrder = useInTabOrder()
  const picked = useView(({ editing }) => editing?.lsids.includes(row.lsid) ?? false)
  return (
    <Cell className="pick">
      <label className="pick-box">
        <input
          type="checkbox"
          checked={picked}
          tabIndex={inTabOrder ? 0 : -1}
          aria-label={LABELS.key.pick(isolate(customerOf(row)))}
          onChange={() => model.pick(row.lsid)}
        />
      </label>
    </Cell>
  )
}

function CustomerLeft(): ReactElement {
  return (
    <span className="session-note" title={LABELS.board.customerLeft}>
      <OutIcon />
      <Hidden>{LABELS.board.customerLeft}</Hidden>
      <span aria-hidden="true">{LABELS.board.left}</span>
    </span>
  )
}

function OwnerWords({ row }: { readonly row: SessionRow }): ReactElement {
  const words = ownerOf(row)
  const shared = row.owner?.kind === 'team' || row.owner?.kind === 'general'
  return (
    <span className="session-owner" title={words} {...(row.relation === 'mine' ? { 'data-mine': '' } : {})}>
      {shared ? <TeamIcon /> : null}
      <Name>{words}</Name>
    </span>
  )
}
