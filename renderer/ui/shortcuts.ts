import { useEffect } from 'react'
import { useTools } from '../context.ts'
import type { WindowModel } from '../store.ts'
import { VIEWS } from './header.tsx'

/** Keys that work everywhere in the window: Ctrl+1 to 5 for the views, Ctrl+6 for the last session, Ctrl+Z
 * takes the last edit of a key back, `/` and Ctrl+F for the filter, Escape to leave. */
export function useShortcuts(): void {
  const { model } = useTools()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!event.defaultPrevented && handle(event, model)) event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [model])
}

/** True: the key was one of ours. */
function handle(event: KeyboardEvent, model: WindowModel): boolean {
  const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
  if (command && /^[1-6]$/.test(event.key)) return goTo(Number(event.key), model)
  if (command && event.key === 'f') return focusFilter(model)
  if (command && event.key === 'z' && !isTyping(event.target)) return undo(model)
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  if (event.key === '/' && !isTyping(event.target)) return focusFilter(model)
  if (event.key === 'Escape') return leave(model)
  return false
}

function goTo(number: number, model: WindowModel): boolean {
  const view = VIEWS[number - 1]
  const { lastSession } = model.store.getState()
  if (view !== undefined) model.go({ view }, true)
  else if (lastSession !== null) model.go({ view: 'session', lsid: lastSession }, true)
  return true
}

function focusFilter(model: WindowModel): boolean {
  const field = visibleFilter()
  if (field !== null) {
    field.focus()
    field.select()
    return true
  }
  // Views without a filter lead to the board's, which is where one looks for something.
  model.go({ view: 'board' })
  requestAnimationFrame(() => visibleFilter()?.focus())
  return true
}

/** The latest edit of keys that can be undone still. */
function undo(model: WindowModel): boolean {
  const edit = model.store.getState().state?.keyEdits.find((one) => one.status === 'set' && one.undoUntil > Date.now())
  if (edit === undefined) return false
  void model.order({ type: 'key.undo', id: edit.id })
  return true
}

function visibleFilter(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('.pane:not([hidden]) [data-filter]')
}

function leave(model: WindowModel): boolean {
  const { place, notice, healthOpen, editing } = model.store.getState()
  if (healthOpen) {
    model.showHealth(false)
    return true
  }
  if (notice !== null) {
    model.closeNotice()
    return true
  }
  if (editing !== null && document.querySelector('.pane:not([hidden]) .key-editor') !== null) {
    model.endEdit()
    return true
  }
  if (place.view !== 'session') return false
  model.goBack()
  return true
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'radio' && target.type !== 'checkbox'
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
