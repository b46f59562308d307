import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLinkChoices, MOST_CHOICES } from '../../main/link-choices.ts'
import type { ConnectorChoice } from '../../preload/contract.ts'

function choice(externalKey: string, over: Partial<ConnectorChoice> = {}): ConnectorChoice {
  return {
    issueId: '3',
    customerName: 'Jane Doe',
    company: 'ACME',
    companyCode: 'A-1',
    description: 'It burns',
    externalKey,
    ...over,
  }
}

function bench(note: string | null = null) {
  const notes = new Map<string, string>(note === null ? [] : [['links', note]])
  const journal = {
    note: (name: string) => notes.get(name) ?? null,
    keep: (name: string, value: string) => void notes.set(name, value),
  }
  return { choices: createLinkChoices(() => journal), notes }
}

test('the last choice of a ticket comes back; another ticket gets what is nobody’s', () => {
  const { choices } = bench()
  assert.equal(choices.last('INC1'), null)
  choices.remember(choice('INC1'))
  choices.remember(choice('INC2', { issueId: '7', customerName: 'John' }))
  choices.remember(choice('INC1', { company: 'ACME 2' }))
  assert.deepEqual(choices.last('INC1'), choice('INC1', { company: 'ACME 2' }))
  assert.deepEqual(choices.last('INC2'), choice('INC2', { issueId: '7', customerName: 'John' }))
  const general = {
    issueId: '3',
    customerName: '',
    company: 'ACME 2',
    companyCode: '',
    description: '',
    externalKey: '',
  }
  assert.deepEqual(choices.last('INC3'), general)
  assert.deepEqual(choices.last(''), general)
})

test('without a ticket nothing is kept of the customer', () => {
  const { choices, notes } = bench()
  choices.remember(choice('', { customerName: 'Jane Doe' }))
  choices.remember(choice('', { issueId: '9' }))
  assert.ok(!(notes.get('links') ?? '').includes('Jane'))
  assert.equal(choices.last('')?.issueId, '9')
  assert.equal(
    choices.count(() => true),
    1,
  )
})

test('as many as are needed, the one used longest ago leaves first', () => {
  const { choices } = bench()
  for (let number = 0; number < MOST_CHOICES; number += 1) choices.remember(choice(`INC${number}`))
  choices.remember(choice('INC0'))
  choices.remember(choice('one more'))
  assert.equal(
    choices.count(() => true),
    MOST_CHOICES,
  )
  assert.equal(choices.last('INC1')?.customerName, '')
  assert.equal(choices.last('INC0')?.customerName, 'Jane Doe')
})

test('some of them are counted, and what leaves the note is gone', () => {
  const { choices, notes } = bench()
  choices.remember(choice('INC1'))
  choices.remember(choice('INC2', { customerName: 'John' }))
  assert.equal(
    choices.count(({ customerName }) => customerName === 'Jane Doe'),
    1,
  )
  notes.delete('links')
  assert.equal(choices.last('INC2'), null)
})

test('what is damaged counts as empty, entry by entry', () => {
  for (const note of ['', '{', '{}', 'null', '[null, 1, {}, {"issueId": 3}]']) {
    const { choices } = bench(note)
    assert.equal(choices.last('INC1'), null, note)
    choices.remember(choice('INC1'))
    assert.equal(choices.last('INC1')?.issueId, '3', note)
  }
  const { choices } = bench(JSON.stringify([{ ...choice('INC1'), company: 1 }, choice('INC2')]))
  assert.equal(
    choices.count(() => true),
    1,
  )
})

test('a journal that is away costs the memory and nothing else', () => {
  const choices = createLinkChoices(() => {
    throw new Error('not open')
  })
  choices.remember(choice('INC1'))
  assert.equal(choices.last('INC1'), null)
  assert.throws(() => choices.count(() => true), /not open/)
})
