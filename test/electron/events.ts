/** Outbound events of one session, posted as the appliance does. */
import assert from 'node:assert/strict'

/** The representative that the policy of these tests says the user is. */
export const ME = { 'me.repId': '12', 'me.username': 'jsmith' } as const

/** Posts one event; it has to be answered 200. */
export async function post(
  recipient: string,
  event: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const body = new URLSearchParams({ event, version: '1', timestamp, ...variables })
  const response = await fetch(recipient, { method: 'POST', body })
  await response.arrayBuffer()
  assert.equal(response.status, 200)
}

/** A session that was somebody else's becomes the user's, then its customer joins. */
export async function transferToMe(recipient: string, lsid: string, customer: string): Promise<void> {
  await post(recipient, 'support_conference_begin', { lsid })
  await post(recipient, 'support_conference_owner_changed', {
    lsid,
    conference_id: 'rep:7',
    conference_name: 'Ann Other',
  })
  await post(recipient, 'support_conference_member_added', { lsid, type: 'customer', display_name: customer })
  await giveToMe(recipient, lsid)
}

export async function giveToMe(recipient: string, lsid: string): Promise<void> {
  const owner = { conference_id: 'rep:12', conference_name: 'John Smith' }
  await post(recipient, 'support_conference_owner_changed', { lsid, ...owner })
}
