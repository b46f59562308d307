import { useId, type ReactElement, type ReactNode } from 'react'
import type { SessionReport } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { whyNot } from '../text.ts'
import { Moment } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorIcon, WaitingIcon, WarningIcon } from '../ui/icons.tsx'
import { ReportParts } from './report-parts.tsx'
import { useReport, type Report } from './use-report.ts'

const WORDS = LABELS.report

interface ReportProps {
  readonly lsid: string
  /** It has ended, or nothing else is known of it: the report is asked for without being told to. */
  readonly auto: boolean
  readonly endedAt: number | null
  /** No event tells its story. */
  readonly storyless: boolean
  /** Nothing else tells when it was and what its key is. */
  readonly factless: boolean
}

/** What the appliance has kept of a session. */
export function ReportOf({ lsid, auto, endedAt, storyless, factless }: ReportProps): ReactElement {
  const report = useReport({ lsid, auto, endedAt })
  const id = useId()
  return (
    <section className="part report" aria-labelledby={id} aria-busy={report.status === 'asking'}>
      <div className="part-head">
        <h3 id={id}>{WORDS.title}</h3>
        <Standing report={report} isLive={!auto} />
      </div>
      {report.report === null ? null : <ReportParts report={report.report} storyless={storyless} factless={factless} />}
    </section>
  )
}

interface StandingProps {
  readonly report: Report
  /** The session goes on. */
  readonly isLive: boolean
}

/** How it stands with the report, and what can be done about it. */
function Standing({ report, isLive }: StandingProps): ReactElement {
  const reason = useMain(({ appliance }) => whyNot(appliance, 'lookup'))
  const { status, willAsk, ask } = report
  const stuck = reason !== null && (status === 'idle' || status === 'failed')
  return (
    <>
      <output className="report-standing" data-tone={stuck || status === 'failed' ? 'bad' : 'calm'}>
        {stuck ? <WarningIcon /> : <StandingIcon status={status} />}
        {stuck ? <span>{reason}</span> : <StandingWords report={report} isLive={isLive} />}
      </output>
      {stuck ? (
        <Settings />
      ) : status === 'asking' || willAsk ? null : (
        <Button look={report.report === null ? 'normal' : 'plain'} onPress={ask}>
          {ACTIONS[status]}
        </Button>
      )}
    </>
  )
}

const ACTIONS = { idle: WORDS.ask, none: WORDS.again, ready: WORDS.again, failed: WORDS.retry } as const

function StandingIcon({ status }: Pick<Report, 'status'>): ReactElement | null {
  if (status === 'failed') return <ErrorIcon />
  return status === 'asking' ? <WaitingIcon /> : null
}

function StandingWords({ report, isLive }: StandingProps): ReactNode {
  const { status, message, willAsk } = report
  switch (status) {
    case 'idle':
      return WORDS.idle
    case 'asking':
      return WORDS.asking
    case 'none':
      return willAsk ? WORDS.soon : isLive ? WORDS.notYet : WORDS.none
    case 'failed':
      return <span>{message}</span>
    case 'ready':
      return <AskedAt report={report.report} />
  }
}

function AskedAt({ report }: { readonly report: SessionReport | null }): ReactElement | null {
  return report === null ? null : (
    <span>
      {WORDS.askedAt} <Moment at={report.askedAt} />
    </span>
  )
}

function Settings(): ReactElement {
  const { model } = useTools()
  return (
    <Button look="plain" onPress={() => model.go({ view: 'settings' }, true)}>
      {LABELS.appliance.settings}
    </Button>
  )
}
