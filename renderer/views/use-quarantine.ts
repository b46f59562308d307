import { useEffect, useState } from 'react'
import { LIMITS, type QuarantineItem, type Reply } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'

interface Page {
  /** Newest first; null: not known yet. */
  readonly items: readonly QuarantineItem[] | null
  /** Why it is not known. */
  readonly error: string | null
  /** There are older ones. */
  readonly hasMore: boolean
}

export interface QuarantineList extends Page {
  readonly loadMore: () => void
  readonly again: () => void
}

/** What is known with one more answer of main's. */
function withReply(was: Page, reply: Reply<'quarantine.list'>, newer: readonly QuarantineItem[]): Page {
  if (!reply.ok) return { ...was, error: reply.message }
  return { items: [...newer, ...reply.value], error: null, hasMore: reply.value.length === LIMITS.list }
}

/** What is in quarantine, asked for again whenever main says that there is more or less of it. */
export function useQuarantine(): QuarantineList {
  const { model } = useTools()
  const held = useMain(({ health }) => health.held)
  const arrived = useMain(({ health }) => health.quarantined)
  const [page, setPage] = useState<Page>({ items: null, error: null, hasMore: false })
  const [round, setRound] = useState(0)
  const question = `${held} ${arrived} ${round}`

  useEffect(() => {
    let overtaken = question === ''
    async function load(): Promise<void> {
      const reply = await model.run({ type: 'quarantine.list', before: null })
      if (!overtaken) setPage((was) => withReply(was, reply, []))
    }
    void load()
    return () => {
      overtaken = true
    }
  }, [model, question])

  async function loadMore(): Promise<void> {
    const known = page.items ?? []
    const reply = await model.run({ type: 'quarantine.list', before: known.at(-1)?.id ?? null })
    setPage((was) => withReply(was, reply, known))
  }

  return { ...page, loadMore: () => void loadMore(), again: () => setRound((was) => was + 1) }
}
