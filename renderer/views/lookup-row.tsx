/** A session that the lookup found: as a row, and with all that is known of it. */
import type { ReactElement } from 'react'
import type { LookupHit } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Moment, Name } from '../ui/bits.tsx'
import { IconButton } from '../ui/button.tsx'
import { LinkIcon } from '../ui/icons.tsx'
import { KeyChip } from '../ui/key-chip.tsx'
import { Cell } from '../ui/row.tsx'

export function HitLine({ item }: { readonly item: LookupHit }): ReactElement {
  const { model } = useTools()
  const customer = item.customer ?? LABELS.lookup.noCustomer
  return (
    <div className="hit-line">
      <Cell className="session-who">
        <div className="session-customer" title={customer} {...(item.customer === null ? { 'data-empty': '' } : {})}>
          <Name>{customer}</Name>
          <span className="hit-match" data-match={item.match}>
            {LABELS.lookup.matches[item.match]}
          </span>
        </div>
        <div className="hit-meta">
          <HitTimes hit={item} />
          {item.computer === null ? null : (
            <span className="hit-computer" title={item.computer}>
              <Name>{item.computer}</Name>
            </span>
          )}
        </div>
      </Cell>
      <Cell className="session-key">
        <KeyChip lsid={item.lsid} externalKey={item.externalKey} />
        <IconButton name={LABELS.link.open} onPress={() => model.link(item)}>
          <LinkIcon />
        </IconButton>
      </Cell>
    </div>
  )
}

/** When the session was; of one that is known by its ID alone, that. */
export function HitTimes({ hit }: { readonly hit: LookupHit }): ReactElement | null {
  if (hit.startedAt === null && hit.endedAt === null) {
    return (
      <code className="hit-id" title={hit.lsid}>
        {hit.lsid}
      </code>
    )
  }
  return (
    <span className="hit-times">
      {hit.startedAt === null ? null : <Moment at={hit.startedAt} />}
      {hit.endedAt === null ? null : (
        <>
          {hit.startedAt === null ? `${LABELS.lookup.ended} ` : ' – '}
          <Moment at={hit.endedAt} within={hit.startedAt} />
        </>
      )}
    </span>
  )
}

/** What stands for the details of a session of which no event came in here. */
export function HitFacts({ hit }: { readonly hit: LookupHit }): ReactElement {
  const { customer, computer, externalKey, startedAt, endedAt } = hit
  const texts = [
    [LABELS.lookup.customer, customer],
    [LABELS.lookup.computer, computer],
    [LABELS.lookup.key, externalKey],
  ] as const
  const times = [
    [LABELS.session.started, startedAt],
    [LABELS.session.ended, endedAt],
  ] as const
  return (
    <div className="session-parts">
      <p className="part-note">{LABELS.lookup.bare}</p>
      <dl className="facts">
        {texts.map(([name, text]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{text === null ? <Unknown /> : <Name>{text}</Name>}</dd>
          </div>
        ))}
        {times.map(([name, at]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{at === null ? <Unknown /> : <Moment at={at} />}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Unknown(): ReactElement {
  return <span className="muted">{LABELS.session.unknown}</span>
}
