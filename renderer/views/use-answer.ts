import { useEffect, useState } from 'react'
import type { AnswerOf, Command } from '../../preload/contract.ts'
import { useTools } from '../context.ts'

/** Commands that only ask, without saying more. */
type Question = 'me.candidates' | 'recipient.form'

export interface Asked<Value> {
  /** What main said last; null: nothing yet. */
  readonly value: Value | null
  /** Why it did not say anything. */
  readonly error: string | null
  readonly busy: boolean
  readonly again: () => void
}

/**
 * Asks main, and once more whenever `since` changes. An answer that was overtaken by another question is nobody's.
 * @param since null: it is not asked
 */
export function useAnswer<Type extends Question>(type: Type, since: string | null): Asked<AnswerOf<Type>> {
  const { model } = useTools()
  const [round, setRound] = useState(0)
  const question = since === null ? null : `${round} ${since}`
  const [answer, setAnswer] = useState<{
    /** What it answers. */
    readonly to: string | null
    readonly value: AnswerOf<Type> | null
    readonly error: string | null
  }>({ to: null, value: null, error: null })

  useEffect(() => {
    if (question === null) return undefined
    let overtaken = false
    async function ask(): Promise<void> {
      const reply = await model.run<Type>({ type } as Extract<Command, { type: Type }>)
      if (overtaken) return
      setAnswer((was) =>
        reply.ok
          ? { to: question, value: reply.value, error: null }
          : { to: question, value: was.value, error: reply.message },
      )
    }
    void ask()
    return () => {
      overtaken = true
    }
  }, [model, type, question])

  return { ...answer, busy: answer.to !== question, again: () => setRound((was) => was + 1) }
}
