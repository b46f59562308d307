/** Copying from a dialog, with its words beside the buttons: what stands behind a dialog is out of sight and out of hearing. */
import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { Command, Reply } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button, useMoment } from '../ui/button.tsx'
import { Failure } from './link-field.tsx'

interface Copy {
  readonly command: Extract<Command, { type: 'connector.copy' | 'sessionKey.copy' }>
  /** What it is, for a sentence. */
  readonly what: string
}

export interface Copying {
  readonly run: (copy: Copy) => Promise<void>
  /** What was copied a moment ago, or null. */
  readonly copied: string | null
  readonly failure: string | null
  /** What is to be copied by hand, since the clipboard is out of reach. */
  readonly byHand: string | null
}

/** @see Copying */
export function useCopying(): Copying {
  const { model } = useTools()
  const [isFresh, mark] = useMoment()
  const [last, setLast] = useState<Omit<Copying, 'run'>>({ copied: null, failure: null, byHand: null })

  async function run({ command, what }: Copy): Promise<void> {
    const reply: Reply<'connector.copy'> = await model.run(command)
    if (!reply.ok) setLast({ copied: null, failure: reply.message, byHand: null })
    else if (!reply.value.copied) setLast({ copied: null, failure: LABELS.copyByHand(what), byHand: reply.value.text })
    else {
      setLast({ copied: what, failure: null, byHand: null })
      mark()
    }
  }
  return { ...last, copied: isFresh ? last.copied : null, run }
}

interface CopyTextProps extends Copy {
  readonly copying: Copying
  readonly label: string
  readonly look?: 'normal' | 'main' | 'plain'
  readonly disabled?: boolean
}

export function CopyText({ copying, command, what, label, ...look }: CopyTextProps): ReactElement {
  return (
    <Button
      {...look}
      onPress={() => {
        void copying.run({ command, what })
      }}
    >
      {copying.copied === what ? LABELS.copied : label}
    </Button>
  )
}

/** What came of it: why not, and the text itself where only a hand can copy it. */
export function CopyOutcome({ copying: { copied, failure, byHand } }: { readonly copying: Copying }): ReactElement {
  return (
    <>
      <output>
        <Hidden>{copied === null ? '' : `${copied} ${LABELS.copied.toLowerCase()}`}</Hidden>
      </output>
      {failure === null ? null : <Failure>{failure}</Failure>}
      {byHand === null ? null : <ByHand key={byHand} text={byHand} name={failure ?? ''} />}
    </>
  )
}

function ByHand({ text, name }: { readonly text: string; readonly name: string }): ReactElement {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  return <textarea ref={field} className="link-text" rows={3} readOnly aria-label={name} value={text} />
}
