import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { mailOf, proposedMail } from '../../main/link-mail.ts'
import { SETTINGS } from '../../main/settings/table.ts'

const LINK = 'https://support.example.com/api/start_session?id=3'
const TEMPLATE =
  'Hello {customer},\n\nplease open this link to start your support session:\n{link}\n\nYour ticket: {ticket}'

const mail = (template: string, customer = '', ticket = '') => mailOf(template, { link: LINK, customer, ticket })

test('the entries are filled in', () => {
  assert.equal(
    mail(TEMPLATE, 'Jane Doe', 'INC1'),
    `Hello Jane Doe,\n\nplease open this link to start your support session:\n${LINK}\n\nYour ticket: INC1`,
  )
})

test('the template that comes with the application has all three', () => {
  const { default: template } = SETTINGS['link.mail']
  assert.match(mail(template, 'Jane Doe', 'INC1'), /Jane Doe[^]*https:[^]*INC1/)
})

test('a line whose entries are all empty is left out, and no gap stays where it was', () => {
  const opened = `please open this link to start your support session:\n${LINK}`
  assert.equal(mail(TEMPLATE, '', 'INC1'), `${opened}\n\nYour ticket: INC1`)
  assert.equal(mail(TEMPLATE, 'Jane Doe', ''), `Hello Jane Doe,\n\n${opened}`)
  assert.equal(mail(TEMPLATE), opened)
  assert.equal(mail('{customer}\n\n{ticket}\n\n{link}'), LINK)
  assert.equal(mail('A\n\n{ticket}\n\nB {link}'), `A\n\nB ${LINK}`)
  assert.equal(mail('{link}\n\n\nB'), `${LINK}\n\n\nB`, 'blank lines of the user’s own stay')
  assert.equal(mail('{customer} {ticket}\n{link}', '', 'INC1'), ` INC1\n${LINK}`, 'one of two is enough')
  assert.equal(mail('{link}\n{customer}\n\n'), LINK)
})

test('without {link} the link comes last', () => {
  assert.equal(mail('Hello {customer}', 'Jane'), `Hello Jane\n\n${LINK}`)
  assert.equal(mail('Hello {customer}'), LINK)
  assert.equal(mail(''), LINK)
})

test('what a name holds is text and nothing else', () => {
  assert.equal(mail('{customer}: {link}', '{link} {ticket} $& $1', 'T'), `{link} {ticket} $& $1: ${LINK}`)
  assert.equal(
    mail('{customer}: {link}', 'Jane\r\nBcc: all@example.com\u2028x\0'),
    `Jane Bcc: all@example.com x: ${LINK}`,
  )
  assert.equal(mail('{customer}: {link}', '\u202egnihsihp\u2066'), `gnihsihp: ${LINK}`)
  assert.equal(mail('{link}\n{customer}', ' \r\n\t'), LINK, 'blanks alone count as empty')
  assert.equal(mail('{link} {Customer} {other} {}', 'x'), `${LINK} {Customer} {other} {}`)
  assert.equal(mail('a\r\nb\rc {link}'), `a\nb\nc ${LINK}`)
})

test('any name and ticket give the lines of the template, and the link once', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('\r', '\n', '{', '}', 'link', 'customer', '$&', '\u2028', 'é', '\0', ' '),
  })
  fc.assert(
    fc.property(hostile, hostile, (customer, ticket) => {
      const lines = mail('To {customer}\n{link}\nTicket {ticket}', customer, ticket).split(/[\r\n\u2028\u2029]/)
      assert.ok(lines.length <= 3)
      assert.equal(lines.filter((line) => line === LINK).length, 1)
      assert.ok(lines.every((line) => line === LINK || /^(To|Ticket) /.test(line)))
    }),
  )
})

test('the appliance’s own mail: subject, blank line, text', () => {
  assert.equal(
    proposedMail('Invitation', '\nOpen the link.\r\n\r\nhttps://x\n\t'),
    'Invitation\n\nOpen the link.\n\nhttps://x',
  )
  assert.equal(proposedMail(null, ' text '), 'text')
  assert.equal(proposedMail('Invitation', null), 'Invitation')
  assert.equal(proposedMail(null, '\n'), '')
})
