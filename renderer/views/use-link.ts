/** What the form for a link knows and asks: its entries, and the link that they make. */
import { useEffect, useMemo, useRef, useState } from 'react'
import type { ConnectorChoice, ConnectorUrl } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import type { Linked } from '../store.ts'

/** So long after the last key the link is made anew (ms). */
const PAUSE_MS = 80

/** What stands in a field stays: it is the session's own, or the rep was quick. */
function filledUp(choice: ConnectorChoice, last: ConnectorChoice): ConnectorChoice {
  const either = (field: keyof ConnectorChoice): string => choice[field] || last[field]
  return {
    issueId: either('issueId'),
    customerName: either('customerName'),
    company: either('company'),
    companyCode: either('companyCode'),
    description: either('description'),
    externalKey: either('externalKey'),
  }
}

/** The entries of a link: the session's own, then those of the last link for its ticket; and how to change them. */
export function useChoice(session: Linked): readonly [ConnectorChoice, (change: Partial<ConnectorChoice>) => void] {
  const { model } = useTools()
  const [choice, setChoice] = useState<ConnectorChoice>({
    issueId: '',
    customerName: session.customer ?? '',
    company: '',
    companyCode: '',
    description: '',
    externalKey: session.externalKey ?? '',
  })
  const teams = useMain(({ appliance }) => appliance.teams)

  useEffect(() => {
    async function recall(): Promise<void> {
      const reply = await model.run({ type: 'connector.last', externalKey: session.externalKey ?? '' })
      if (!reply.ok || reply.value === null) return
      const last = reply.value
      setChoice((was) => filledUp(was, last))
    }
    void recall()
  }, [model, session])

  const valid = useMemo(() => {
    const [first, ...others] = teams.flatMap((team) => team.issues)
    // Where there is but one issue, it is the one; one that is gone is none.
    if (first !== undefined && others.length === 0) return { ...choice, issueId: first.id }
    const isKnown = [first, ...others].some((issue) => issue?.id === choice.issueId)
    return isKnown ? choice : { ...choice, issueId: '' }
  }, [choice, teams])

  return [valid, (change) => setChoice((was) => ({ ...was, ...change }))]
}

/** The link that these entries make, or what is wrong with them. The last one stays until the next one is there. */
export interface Preview extends ConnectorUrl {
  /** Why main could not say anything. */
  readonly error: string | null
}

/** Asks main for the link while the rep types. An answer that a later question has overtaken is dropped. */
export function useLink(choice: ConnectorChoice): Preview {
  const { model } = useTools()
  const linked = useView((view) => view.linked)
  const [preview, setPreview] = useState<Preview>({ url: null, qr: null, problems: [], error: null })
  const asked = useRef(0)

  useEffect(() => {
    const number = ++asked.current
    if (!linked) return undefined
    async function build(): Promise<void> {
      const reply = await model.run({ type: 'connector.build', choice })
      if (number !== asked.current) return
      setPreview(
        reply.ok ? { ...reply.value, error: null } : { url: null, qr: null, problems: [], error: reply.message },
      )
    }
    const timer = setTimeout(() => {
      void build()
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [model, choice, linked])

  return preview
}
