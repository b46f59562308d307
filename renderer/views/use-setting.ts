import { useEffect, useRef, useState } from 'react'
import type { SettingKey, Settings } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'

export interface Setting<Value> {
  /** What main says; the only truth. */
  readonly value: Value
  /** Why the last change was refused, or null. */
  readonly error: string | null
  /** Asks main to change it. Resolves to whether main did. */
  readonly set: (value: Value) => Promise<boolean>
  readonly reset: () => Promise<boolean>
  readonly fail: (message: string | null) => void
}

/** One setting: its value, and the way to change it. A refusal stays until the value changes. */
export function useSetting(key: SettingKey): Setting<Settings[SettingKey]> {
  const { model } = useTools()
  const value = useMain((state) => state.settings[key])
  const [refusal, setRefusal] = useState<{ readonly value: unknown; readonly message: string } | null>(null)

  function setError(message: string | null): void {
    setRefusal(message === null ? null : { value, message })
  }

  return {
    value,
    error: refusal !== null && refusal.value === value ? refusal.message : null,
    fail: setError,
    async set(next) {
      const reply = await model.run({ type: 'settings.set', key, value: next })
      setError(reply.ok ? null : reply.message)
      return reply.ok
    },
    async reset() {
      const reply = await model.run({ type: 'settings.reset', key })
      setError(reply.ok ? null : reply.message)
      return reply.ok
    },
  }
}

/** How long after main's consent a field waits for the new value before it shows the one main has. */
const SETTLE_MS = 400

/**
 * What is being typed into a field, until main has it. `text` is null while the field shows main's value: before typing,
 * and again once the change has come back (main may have tidied it) or was given up.
 */
export function useDraft(value: unknown): {
  readonly text: string | null
  readonly type: (text: string) => void
  readonly settle: () => void
  readonly drop: () => void
} {
  const [draft, setDraft] = useState<{ readonly text: string; readonly from: unknown } | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  function drop(): void {
    clearTimeout(timer.current)
    setDraft(null)
  }
  return {
    text: draft !== null && draft.from === value ? draft.text : null,
    type: (text) => {
      clearTimeout(timer.current)
      setDraft({ text, from: value })
    },
    settle: () => {
      clearTimeout(timer.current)
      timer.current = setTimeout(drop, SETTLE_MS)
    },
    drop,
  }
}
