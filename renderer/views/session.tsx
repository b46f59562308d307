import { useLayoutEffect, useRef, type ReactElement } from 'react'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { customerOf, whyNotKey } from '../text.ts'
import { Empty, Name } from '../ui/bits.tsx'
import { Button, CopyButton, IconButton } from '../ui/button.tsx'
import { BackIcon, CloseIcon } from '../ui/icons.tsx'
import { EditKeyButton, KeyChip } from '../ui/key-chip.tsx'
import { StatusMark, StatusWords } from '../ui/status.tsx'
import { KeyEditorOf } from './key-editor.tsx'
import { HitFacts } from './lookup-row.tsx'
import { ReportOf } from './report.tsx'
import { SessionActions } from './session-actions.tsx'
import { SessionParts } from './session-parts.tsx'
import { useDetails } from './use-details.ts'

interface SessionProps {
  readonly lsid: string
  readonly wide: boolean
}

/** One session with all that is known of it. */
export function Session({ lsid, wide }: SessionProps): ReactElement {
  const { model } = useTools()
  const live = useMain(({ sessions }) => sessions.find((row) => row.lsid === lsid) ?? null)
  const [known, retry] = useDetails(lsid)
  const hit = useView((view) => (view.hit?.lsid === lsid ? view.hit : null))
  const title = useRef<HTMLHeadingElement>(null)
  // The board knows the newest; the details follow a moment later.
  const row = live ?? (known.status === 'ready' ? known.details : null)

  const keyReason = useMain(({ appliance }) => (row === null ? null : whyNotKey(row, appliance)))
  const name = row === null ? (hit?.customer ?? null) : customerOf(row)
  const { externalKey = null, endedAt = null } = row ?? hit ?? {}

  // Before the effects of what the rep may have come for, which take the focus in their turn.
  useLayoutEffect(() => {
    // Beside the board the focus stays in the list, so that the arrow keys go on from there.
    if (!wide) title.current?.focus({ preventScroll: true })
  }, [wide])

  return (
    <section className="pane session" aria-labelledby="session-title">
      {/* Alone in the window, it still belongs to the sessions. */}
      {wide ? null : <h1 className="hidden-text">{LABELS.board.title}</h1>}
      <header className="session-head">
        <IconButton name={wide ? LABELS.close : LABELS.session.back} onPress={model.goBack}>
          {wide ? <CloseIcon /> : <BackIcon />}
        </IconButton>
        <div className="session-heading">
          <h2 id="session-title" ref={title} tabIndex={-1} data-arrival="" title={name ?? ''}>
            {name === null ? LABELS.session.title : <Name>{name}</Name>}
          </h2>
          {row === null ? null : (
            <div className="session-status">
              <StatusMark status={row.status} />
              <StatusWords row={row} />
            </div>
          )}
        </div>
        {row === null && hit === null ? null : (
          <KeyChip lsid={lsid} externalKey={externalKey}>
            {row === null ? null : <EditKeyButton reason={keyReason} onPress={() => model.edit(lsid, 'session')} />}
          </KeyChip>
        )}
      </header>
      <KeyEditorOf from="session" />
      <div className="session-id">
        <span>{LABELS.session.id}</span>
        <code title={lsid}>
          <bdi>{lsid}</bdi>
        </code>
        <CopyButton
          name={LABELS.session.copyId}
          copy={() => model.copy({ type: 'session.copy', lsid, what: 'lsid' }, LABELS.session.id)}
        />
      </div>
      <SessionActions
        lsid={lsid}
        linked={{ customer: row?.customer ?? hit?.customer ?? null, externalKey }}
        reported={row === null ? known.status === 'missing' : row.status === 'ended'}
      />
      {known.status === 'loading' ? (
        <p className="session-loading" aria-busy="true">
          {LABELS.session.loading}
        </p>
      ) : null}
      {known.status === 'missing' ? (
        <>
          {hit === null ? (
            <Empty title={LABELS.session.missing}>
              <p>{LABELS.session.missingBody}</p>
            </Empty>
          ) : (
            <HitFacts hit={hit} />
          )}
          <ReportOf lsid={lsid} auto endedAt={endedAt} storyless factless={hit?.startedAt == null} />
        </>
      ) : null}
      {known.status === 'failed' ? (
        <Empty title={LABELS.session.failed}>
          <p>{known.message}</p>
          <Button onPress={retry}>{LABELS.session.retry}</Button>
        </Empty>
      ) : null}
      {known.status === 'ready' ? (
        <>
          <SessionParts details={known.details} />
          <ReportOf lsid={lsid} auto={row?.status === 'ended'} endedAt={endedAt} storyless={false} factless={false} />
        </>
      ) : null}
    </section>
  )
}
