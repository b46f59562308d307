import { useEffect, useRef, useState } from 'react'
import type { SessionReport } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { whyNot } from '../text.ts'

/** Reports lag behind what happened: so long after an answer without one it is asked for again (ms). */
const AGAIN_MS: readonly number[] = [5_000, 15_000, 45_000]

/** So long after its end the appliance may still be writing a session's report (ms). */
const LAG_MS = 10 * 60_000

/** What is known of a session's report. While a newer one is asked for, the old one stays. */
export interface Known {
  readonly report: SessionReport | null
  /** `none`: the appliance has no report (yet). */
  readonly status: 'idle' | 'asking' | 'none' | 'ready' | 'failed'
  /** Why it could not be had. */
  readonly message: string | null
  /** Answers in a row that there is none, or none that knows of the end. */
  readonly misses: number
}

export interface Report extends Known {
  readonly ask: () => void
  /** It is asked for again without anybody's doing. */
  readonly willAsk: boolean
}

interface Wanted {
  readonly lsid: string
  /** Ask without being told to: for what has ended. */
  readonly auto: boolean
  readonly endedAt: number | null
}

/** The report of a session: by itself where it will not change any more, at the rep's wish where it will. */
export function useReport({ lsid, auto, endedAt }: Wanted): Report {
  const { model, clock } = useTools()
  const linked = useView((view) => view.linked)
  const able = useMain(({ appliance }) => whyNot(appliance, 'lookup') === null)
  const [known, setKnown] = useState<Known>({ report: null, status: 'idle', message: null, misses: 0 })
  const asked = useRef(0)
  /** A report came in that was asked for by itself, so the question is settled. */
  const settled = useRef(false)

  async function ask(fresh: boolean): Promise<void> {
    const number = ++asked.current
    setKnown((was) => ({ ...was, status: 'asking', message: null }))
    const reply = await model.run({ type: 'report.get', lsid, fresh })
    // A slow answer must not replace that of a later question.
    if (number !== asked.current) return
    settled.current = reply.ok && reply.value !== null && auto
    setKnown((was) => {
      if (!reply.ok) return { ...was, status: 'failed', message: reply.message }
      if (reply.value === null) return { ...was, status: 'none', misses: was.misses + 1 }
      const lags = endedAt !== null && reply.value.endedAt === null
      return { report: reply.value, status: 'ready', message: null, misses: lags ? was.misses + 1 : 0 }
    })
  }

  useEffect(() => {
    // What is kept here is had without the appliance, so it is asked for even when that cannot be reached.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
    if (auto && linked && !settled.current) void ask(false)
    // That the appliance can be asked now is a reason to ask again, though the question is the same.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react/exhaustive-deps
  }, [auto, linked, able])

  useEffect(() => () => void asked.current++, [])

  const wait = AGAIN_MS[known.misses - 1]
  const fresh = endedAt !== null && clock.now() - endedAt < LAG_MS
  const waits = known.status === 'none' || known.status === 'ready'
  const willAsk = waits && auto && fresh && wait !== undefined

  useEffect(() => {
    if (!willAsk || !linked) return undefined
    const timer = setTimeout(() => void ask(true), wait)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react/exhaustive-deps
  }, [willAsk, wait, linked])

  return { ...known, willAsk, ask: () => void ask(true) }
}
