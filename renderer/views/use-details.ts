import { useCallback, useEffect, useState } from 'react'
import type { SessionDetails } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'

/** What is known of a session's details. While newer ones are on their way, the old ones stay. */
export type Details =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly details: SessionDetails }
  | { readonly status: 'missing' }
  | { readonly status: 'failed'; readonly message: string }

/** Asks main for a session's details: at first, whenever an event has touched it, and when main is back again. */
export function useDetails(lsid: string): readonly [Details, retry: () => void] {
  const { model } = useTools()
  const revision = useMain(({ sessions }) => sessions.find((row) => row.lsid === lsid)?.revision ?? null)
  const linked = useView((view) => view.linked)
  const [tries, setTries] = useState(0)
  const [known, setKnown] = useState<Details>({ status: 'loading' })

  useEffect(() => {
    if (!linked) return undefined
    // A slow answer must not replace that of a later question.
    let current = true
    async function ask(): Promise<void> {
      const reply = await model.run({ type: 'session.get', lsid })
      if (!current) return
      if (!reply.ok) setKnown({ status: 'failed', message: reply.message })
      else setKnown(reply.value === null ? { status: 'missing' } : { status: 'ready', details: reply.value })
    }
    void ask()
    return () => {
      current = false
    }
    // A new revision and a new try are reasons to ask again, though the question is the same.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [model, lsid, revision, linked, tries])

  return [known, useCallback(() => setTries((before) => before + 1), [])]
}
