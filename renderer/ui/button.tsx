/** Buttons. They say what they do by text, or by an icon with a name that is also its tooltip. */
import { useEffect, useRef, useState, type ComponentProps, type ReactElement, type ReactNode } from 'react'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { CheckIcon, CopyIcon } from './icons.tsx'
import { useInTabOrder } from './row.tsx'

interface PressableProps extends Omit<ComponentProps<'button'>, 'type' | 'onClick' | 'onKeyDown'> {
  readonly onPress: () => void
}

/** The platform's button, from which all others are made. Enter that is held down presses it once, not thirty times. */
export function Pressable({ onPress, ...props }: PressableProps): ReactElement {
  return (
    <button
      {...props}
      type="button"
      onClick={onPress}
      onKeyDown={(event) => {
        if (event.repeat && event.key === 'Enter') event.preventDefault()
      }}
    />
  )
}

interface ButtonProps {
  readonly children: ReactNode
  readonly onPress: () => void
  /** `plain` looks like a link, `main` is the one that is wanted most, `bad` takes something away. */
  readonly look?: 'normal' | 'main' | 'plain' | 'bad'
  readonly disabled?: boolean
  /** Why it cannot be pressed: it stays within reach, and says so. */
  readonly reason?: string | null
}

export function Button(props: ButtonProps): ReactElement {
  const { children, onPress, look = 'normal', disabled = false, reason = null } = props
  const { model } = useTools()
  return (
    <Pressable
      className={`button button-${look}`}
      disabled={disabled}
      {...(reason === null ? {} : { 'aria-disabled': true, title: reason })}
      onPress={() => (reason === null ? onPress() : model.refuse(reason))}
    >
      {children}
    </Pressable>
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
    // The tooltip is on the icon: on the button it would be read out after the name, which says the same.
    <Pressable className="icon-button" aria-label={name} onPress={onPress} tabIndex={inTabOrder ? 0 : -1}>
      <span className="icon-holder" title={name}>
        {children}
      </span>
    </Pressable>
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
