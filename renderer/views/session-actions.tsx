import { useState, type ReactElement } from 'react'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import type { Linked } from '../store.ts'
import { Button, useMoment } from '../ui/button.tsx'

const WORDS = LABELS.report

interface SessionActionsProps {
  readonly lsid: string
  /** What a link for the customer takes over. */
  readonly linked: Linked
  /** The appliance's web interface has a report of it. */
  readonly reported: boolean
}

/** What a rep does with a session besides reading: takes it to the ticket, to the web report, to the customer. */
export function SessionActions({ lsid, linked, reported }: SessionActionsProps): ReactElement {
  const { model } = useTools()
  const tickets = useMain(({ settings }) => settings['ticket.url'] !== '')
  const appliance = useMain((state) => state.appliance.status !== 'unset')
  const keyless = linked.externalKey === null || linked.externalKey === ''
  return (
    <div className="session-actions">
      <CopySummary lsid={lsid} />
      {tickets ? (
        <Button
          reason={keyless ? WORDS.noTicket : null}
          onPress={() => void model.open({ type: 'ticket.open', lsid }, WORDS.ticket)}
        >
          {WORDS.openTicket}
        </Button>
      ) : null}
      {reported && appliance ? (
        <Button
          onPress={() => void model.open({ type: 'report.open', lsid, page: 'report', instance: null }, WORDS.page)}
        >
          {WORDS.webReport}
        </Button>
      ) : null}
      <Button onPress={() => model.link(linked)}>{LABELS.link.open}</Button>
    </div>
  )
}

/** Main may ask the appliance first, which takes its time. */
function CopySummary({ lsid }: { readonly lsid: string }): ReactElement {
  const { model } = useTools()
  const [copying, setCopying] = useState(false)
  const [copied, mark] = useMoment()

  async function copy(): Promise<void> {
    if (copying) return
    setCopying(true)
    const done = await model.copy({ type: 'session.copy', lsid, what: 'summary' }, WORDS.summary)
    setCopying(false)
    if (done) mark()
  }

  return (
    <Button onPress={() => void copy()}>{copying ? WORDS.copying : copied ? LABELS.copied : WORDS.copySummary}</Button>
  )
}
