/** Buttons. They say what they do by text, or by an icon with a name that is also its tooltip. */
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { LABELS } from '../labels.ts'
import { CheckIcon, CopyIcon } from './icons.tsx'
import { useInTabOrder } from './row.tsx'

interface ButtonProps {
  readonly children: ReactNode
  readonly onPress: () => void
  /** `plain` looks like a link, `main` is the one that is wanted most, `bad` takes something away. */
  readonly look?: 'normal' | 'main' | 'plain' | 'bad'
  readonly disabled?: boolean
}

export function Button({ children, onPress, look = 'normal', disabled = false }: ButtonProps): ReactElement {
  return (
    <AriaButton className={`button button-${look}`} onPress={onPress} isDisabled={disabled}>
      {children}
    </AriaButton>
  )
}

interface IconButtonProps {
  readonly name: string
  readonly onPress: () => void
  readonly children: ReactNode
}

export function IconButton({ name, onPress, children }: IconButtonProps): ReactElement {
  const inTabOrder = useInTabOrder()
  return (
    // The tooltip is on the icon, since React Aria's button takes no title.
    <AriaButton className="icon-button" aria-label={name} onPress={onPress} excludeFromTabOrder={!inTabOrder}>
      <span className="icon-holder" title={name}>
        {children}
      </span>
    </AriaButton>
  )
}

/** How long a copying button shows that it has copied. */
const COPIED_MS = 1600

/** True for a moment after each call of `mark`. */
export function useMoment(): readonly [on: boolean, mark: () => void] {
  const [on, setOn] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  function mark(): void {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setOn(false), COPIED_MS)
    setOn(true)
  }
  return [on, mark]
}

interface CopyButtonProps {
  readonly name: string
  /** Resolves to whether it is on the clipboard. */
  readonly copy: () => Promise<boolean>
}

export function CopyButton({ name, copy }: CopyButtonProps): ReactElement {
  const [copied, mark] = useMoment()
  return (
    <IconButton
      name={copied ? LABELS.copied : name}
      onPress={() => {
        void copy().then((done) => done && mark())
      }}
    >
      {copied ? <CheckIcon /> : <CopyIcon />}
    </IconButton>
  )
}
