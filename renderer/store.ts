/**
 * The window's memory: a replica of main's State, and where the rep is in the window. What is true is in the State;
 * what is here besides it may be lost with the window at any time.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  LIMITS,
  type ActivityEntry,
  type AnswerOf,
  type Bridge,
  type Command,
  type Copied,
  type LookupHit,
  type Opened,
  type Place,
  type Reply,
  type State,
} from '../preload/contract.ts'
import { LABELS } from './labels.ts'
import { carryOver, MOST_OLDER } from './older.ts'
import { share } from './share.ts'
import { whyNot, type Scope } from './text.ts'

/** A message of the window's own, shown until it is put away. */
export interface Notice {
  readonly tone: 'error' | 'copy'
  readonly message: string
  /** Can be selected and copied by hand. */
  readonly text?: string
  /** `text` is the address of a page. */
  readonly isPage?: boolean
}

/** The sessions whose external key is being edited, together. */
export interface Editing {
  readonly lsids: readonly string[]
  /** Where the editor stands. */
  readonly from: 'board' | 'session'
  /** Rises when the field is to have the focus; 0: sessions are only being chosen. */
  readonly focus: number
}

/** What a link for the customer takes over from a session. */
export interface Linked {
  readonly customer: string | null
  readonly externalKey: string | null
}

export interface View {
  /** Null until main has sent the first one. */
  readonly state: State | null
  /** False: main cannot be reached, and `state` is what was last known. */
  readonly linked: boolean
  readonly place: Place
  /** Rises when the rep went somewhere by keyboard, or main sent them: the focus belongs into that view. */
  readonly arrival: number
  /** Where leaving a session's details leads. */
  readonly back: Place
  /** The session that was open last. */
  readonly lastSession: string | null
  readonly scope: Scope
  /** Entries of the activity log that were asked for, newest first; all older than those in `state`. */
  readonly older: readonly ActivityEntry[]
  /** True: the journal has none that are older. */
  readonly olderEnd: boolean
  /** What stands in the field of the lookup. */
  readonly query: string
  /** The hit that was opened last: all that is known of a session without events. */
  readonly hit: LookupHit | null
  readonly editing: Editing | null
  /** The session that a link for the customer is made for. */
  readonly linkFor: Linked | null
  readonly notice: Notice | null
  /** The panel above the health line. */
  readonly healthOpen: boolean
  /** What the live region says next. */
  readonly said: string
}

/** What the window keeps from one opening to the next; a part of `Storage`. */
export type Memory = Pick<Storage, 'getItem' | 'setItem'>

/** The commands that are answered in this way. */
type Answered<Answer> = {
  [Type in Command['type']]: AnswerOf<Type> extends Answer ? Extract<Command, { type: Type }> : never
}[Command['type']]

export interface WindowModel {
  readonly store: StoreApi<View>
  /** Starts following main. Returns the end of it. */
  readonly connect: () => () => void
  /** Sends a command. Never throws: a bridge that fails is a reply that is not ok. */
  readonly run: <Type extends Command['type']>(command: Extract<Command, { type: Type }>) => Promise<Reply<Type>>
  /** Sends a command that the rep gave by a button; a refusal is shown as a notice. True: it was carried out. */
  readonly order: <Type extends Command['type']>(command: Extract<Command, { type: Type }>) => Promise<boolean>
  /** Carries out a copying command; where the clipboard is out of reach, shows the text to copy by hand. */
  readonly copy: (command: Answered<Copied>, what: string) => Promise<boolean>
  /** Opens a page in the browser; where that is out of reach, shows its address. */
  readonly open: (command: Answered<Opened>, what: string) => Promise<boolean>
  /** `arrive`: move the focus there too. What the rep came for is begun. */
  readonly go: (place: Place, arrive?: boolean) => void
  readonly goBack: () => void
  readonly setScope: (scope: Scope) => void
  readonly setQuery: (query: string) => void
  readonly openHit: (hit: LookupHit) => void
  /** Opens the editor of keys, for one more session if it is open on the board, with the focus in its field. */
  readonly edit: (lsid: string, from: Editing['from']) => void
  /** Takes a session of the board among those that are edited together, or out of them. */
  readonly pick: (lsid: string) => void
  readonly endEdit: () => void
  /** Opens or closes (null) the form for a link. */
  readonly link: (session: Linked | null) => void
  /** Somebody was forgotten: what the window remembers besides the State may be of them. */
  readonly forgotten: () => void
  /** Says why something cannot be done. */
  readonly refuse: (message: string) => void
  readonly loadOlder: () => Promise<void>
  readonly say: (words: string) => void
  readonly closeNotice: () => void
  readonly showHealth: (open: boolean) => void
}

const SCOPE_KEY = 'rep-tray.scope'
const BOARD: Place = { view: 'board' }

/** Makes the window's model. `memory` is null where the browser refuses storage. */
export function createWindowModel(bridge: Bridge, memory: Memory | null): WindowModel {
  const store = createStore<View>()(() => ({
    state: null,
    linked: true,
    place: BOARD,
    arrival: 0,
    back: BOARD,
    lastSession: null,
    scope: readScope(memory),
    older: [],
    olderEnd: false,
    query: '',
    hit: null,
    editing: null,
    linkFor: null,
    notice: null,
    healthOpen: false,
    said: '',
  }))
  let handledGoTo: number | null = null
  let loading = false

  function onState(next: State): void {
    const { state: previous, older } = store.getState()
    const state = share(previous, next)
    store.setState({ state, ...carryOver(older, previous?.activity ?? [], state.activity) })
    const isFirst = previous === null && state.goTo === null
    if (isFirst && !state.settings['setup.done']) model.go({ view: 'setup' }, true)
    if (state.goTo !== null && state.goTo.seq !== handledGoTo) {
      handledGoTo = state.goTo.seq
      model.go(state.goTo.place, true)
    }
  }

  async function run<Type extends Command['type']>(command: Extract<Command, { type: Type }>): Promise<Reply<Type>> {
    try {
      return await bridge.command<Type>(command)
    } catch {
      return { ok: false, message: LABELS.noAnswer }
    }
  }

  /** Starts what the rep came to a place for. */
  function begin(place: Place): void {
    const { state, hit } = store.getState()
    if (place.view === 'lookup' && place.query !== undefined) {
      model.setQuery(place.query)
      const query = place.query.trim()
      const asked = state?.lookup?.query === query
      if (state === null || asked || query === '' || whyNot(state.appliance, 'lookup') !== null) return
      void model.order({ type: 'lookup.start', query })
    }
    if (place.view !== 'session') return
    if (place.purpose === 'editKey') model.edit(place.lsid, 'session')
    if (place.purpose === 'link') {
      const known = state?.sessions.find(({ lsid }) => lsid === place.lsid) ?? (hit?.lsid === place.lsid ? hit : null)
      model.link({ customer: known?.customer ?? null, externalKey: known?.externalKey ?? null })
    }
  }

  const model: WindowModel = {
    store,
    run,
    connect: () => bridge.connect(onState, (linked) => store.setState({ linked })),

    async order(command) {
      const reply = await run(command)
      store.setState({ notice: reply.ok ? null : { tone: 'error', message: reply.message } })
      return reply.ok
    },

    async copy(command, what) {
      const reply: Reply<'session.copy'> = await run(command)
      const notice = reply.ok ? copyNotice(reply.value, what) : { tone: 'error' as const, message: reply.message }
      store.setState({ notice })
      if (notice === null) model.say(`${what} copied`)
      return notice === null
    },

    async open(command, what) {
      const reply: Reply<'report.open'> = await run(command)
      const notice = reply.ok ? openNotice(reply.value, what) : { tone: 'error' as const, message: reply.message }
      store.setState({ notice })
      return notice === null
    },

    go(wanted, arrive = false) {
      const now = store.getState()
      const place = withoutPurpose(wanted)
      const entersSession = place.view === 'session' && now.place.view !== 'session'
      // What is edited on the board stays so beside a session; everything else leaves it.
      const leaves = place.view !== 'board' && place.view !== 'session'
      store.setState({
        place,
        notice: null,
        ...(leaves || now.editing?.from === 'session' ? { editing: null } : {}),
        ...(entersSession ? { back: now.place } : {}),
        ...(place.view === 'session' ? { lastSession: place.lsid } : {}),
        ...(arrive ? { arrival: now.arrival + 1 } : {}),
      })
      // Who looks at a session has seen what was said about it.
      if (place.view === 'session') {
        const ids = (now.state?.alerts ?? []).filter((one) => !one.read && one.lsid === place.lsid).map((one) => one.id)
        if (ids.length > 0) void run({ type: 'alerts.read', ids: ids.slice(0, 100) })
      }
      begin(wanted)
    },

    goBack: () => model.go(store.getState().back, true),

    setScope(scope) {
      store.setState({ scope })
      writeScope(memory, scope)
    },

    setQuery: (query) => store.setState({ query }),
    openHit(hit) {
      store.setState({ hit })
      model.go({ view: 'session', lsid: hit.lsid }, true)
    },

    edit(lsid, from) {
      const { editing } = store.getState()
      const others = from === 'board' && editing?.from === 'board' ? editing.lsids.filter((one) => one !== lsid) : []
      store.setState({ editing: { lsids: [...others, lsid], from, focus: (editing?.focus ?? 0) + 1 }, notice: null })
    },
    pick(lsid) {
      const { editing } = store.getState()
      const chosen = editing?.from === 'board' ? editing.lsids : []
      const lsids = chosen.includes(lsid) ? chosen.filter((one) => one !== lsid) : [...chosen, lsid]
      const room = lsids.slice(0, LIMITS.list)
      store.setState({ editing: room.length === 0 ? null : { lsids: room, from: 'board', focus: editing?.focus ?? 0 } })
    },
    endEdit: () => store.setState({ editing: null }),
    link: (linkFor) => store.setState({ linkFor }),
    forgotten: () =>
      store.setState({
        older: [],
        olderEnd: false,
        query: '',
        hit: null,
        lastSession: null,
        editing: null,
        linkFor: null,
      }),
    refuse: (message) => store.setState({ notice: { tone: 'error', message } }),

    async loadOlder() {
      const { state, older } = store.getState()
      const oldest = older.at(-1) ?? state?.activity.at(-1)
      if (loading) return
      loading = true
      const reply = await run({ type: 'activity.list', before: oldest?.seq ?? null })
      loading = false
      if (!reply.ok) {
        store.setState({ notice: { tone: 'error', message: reply.message } })
        return
      }
      // What came meanwhile may have moved the entries that the State has on into the older ones.
      const below = store.getState().older.at(-1)?.seq ?? store.getState().state?.activity.at(-1)?.seq ?? Infinity
      const added = reply.value.filter((entry) => entry.seq < below)
      const all = [...store.getState().older, ...added]
      store.setState({ older: all, olderEnd: added.length === 0 || all.length >= MOST_OLDER })
    },

    say: (words) => store.setState({ said: words }),
    closeNotice: () => store.setState({ notice: null }),
    showHealth: (healthOpen) => store.setState({ healthOpen }),
  }
  return model
}

function openNotice({ opened, url }: Opened, what: string): Notice | null {
  return opened ? null : { tone: 'copy', message: LABELS.openByHand(what), text: url, isPage: true }
}

/** A purpose is served once; going back to the place does not serve it again. */
function withoutPurpose(place: Place): Place {
  if (place.view === 'session') return { view: 'session', lsid: place.lsid }
  return place.view === 'lookup' ? { view: 'lookup' } : place
}

function copyNotice(value: Copied, what: string): Notice | null {
  return value.copied ? null : { tone: 'copy', message: LABELS.copyByHand(what), text: value.text }
}

function readScope(memory: Memory | null): Scope {
  const kept = memory?.getItem(SCOPE_KEY)
  return kept === 'mine' || kept === 'all' ? kept : 'team'
}

function writeScope(memory: Memory | null, scope: Scope): void {
  try {
    memory?.setItem(SCOPE_KEY, scope)
  } catch {
    // A full or forbidden storage costs only the memory of the choice.
  }
}
