/** Texts and lists of any length: the beginning first, the rest at the rep's wish. */
import { useRef, useState, type ReactElement } from 'react'
import { flushSync } from 'react-dom'
import { LABELS } from '../labels.ts'
import { beginning } from '../text-report.ts'
import { Button } from './button.tsx'

interface LongTextProps {
  readonly children: string
  /** Characters that are shown at first. */
  readonly most?: number
}

/** A text from outside with its line breaks, running in its own direction. */
export function LongText({ children, most = 800 }: LongTextProps): ReactElement {
  const [whole, setWhole] = useState(false)
  const words = useRef<HTMLParagraphElement>(null)
  const start = whole ? null : beginning(children, most)
  return (
    <>
      <p ref={words} className="long-text" dir="auto" tabIndex={-1}>
        {start === null ? children : `${start}…`}
      </p>
      {start === null ? null : (
        <Button
          look="plain"
          onPress={() => {
            // The button goes; who reads on by keyboard goes on with the text.
            words.current?.focus({ preventScroll: true })
            setWhole(true)
          }}
        >
          {LABELS.report.whole}
        </Button>
      )}
    </>
  )
}

/** How many entries of a list are drawn at first, and how many each press adds. */
const STEP = { first: 60, more: 240 } as const

/** The first entries of a list, and the button for more. */
export function useSome<Item>(items: readonly Item[]): readonly [some: readonly Item[], more: ReactElement | null] {
  const [most, setMost] = useState<number>(STEP.first)
  const left = items.length - most
  if (left <= 0) return [items, null]
  const next = Math.min(left, STEP.more)

  /** The focus goes to the first of the new ones, for the button goes on to their end, or away. */
  function showMore(): void {
    const list = document.activeElement?.previousElementSibling
    flushSync(() => setMost(most + next))
    const first = list?.children[most]
    if (!(first instanceof HTMLElement)) return
    first.tabIndex = -1
    first.focus({ preventScroll: true })
  }

  return [
    items.slice(0, most),
    <Button key="more" look="plain" onPress={showMore}>
      {LABELS.report.more(next === left ? next.toLocaleString('en') : `${next} of ${left.toLocaleString('en')}`)}
    </Button>,
  ]
}
