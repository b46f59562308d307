import { useEffect, useRef, useState } from 'react'
import type { LookupHit } from '../../preload/contract.ts'
import { useTools, useView } from '../context.ts'

/** So long after the last key the sessions known here are searched (ms). */
const PAUSE_MS = 80

/** What the search among the sessions known here gave. While a newer answer is on its way, the old one stays. */
export interface Found {
  /** What was searched for; null: nothing yet. */
  readonly query: string | null
  readonly hits: readonly LookupHit[]
  readonly error: string | null
}

const NOTHING: Found = { query: null, hits: [], error: null }

/** Searches while the rep types. An answer that a later question has overtaken is dropped. */
export function useSearch(query: string): Found {
  const { model } = useTools()
  const linked = useView((view) => view.linked)
  const [found, setFound] = useState<Found>(NOTHING)
  const asked = useRef(0)

  useEffect(() => {
    const number = ++asked.current
    if (query === '' || !linked) return undefined
    async function search(): Promise<void> {
      const reply = await model.run({ type: 'lookup.search', query })
      if (number !== asked.current) return
      setFound(reply.ok ? { query, hits: reply.value, error: null } : { query, hits: [], error: reply.message })
    }
    const timer = setTimeout(() => {
      void search()
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [model, query, linked])

  return query === '' ? NOTHING : found
}
