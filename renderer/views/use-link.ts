import { useEffect, useRef, useState } from 'react'
import type { ConnectorChoice, ConnectorUrl } from '../../preload/contract.ts'
import { useTools, useView } from '../context.ts'

/** So long after the last key the link is made anew (ms). */
const PAUSE_MS = 80

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
