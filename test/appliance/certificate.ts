import { generateKeyPairSync, sign } from 'node:crypto'

/** A key and a certificate for 127.0.0.1 that vouches for itself; PEM. Made anew each time, so that no key is kept. */
export function createCertificate(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const name = sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from('Simulated appliance')))))
  const day = 86_400_000
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(utcTime(Date.now() - day), utcTime(Date.now() + day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        // basicConstraints: a certificate authority; subjectAltName: the address 127.0.0.1.
        extension([0x55, 0x1d, 0x13], sequence(der(0x01, Buffer.from([0xff])))),
        extension([0x55, 0x1d, 0x11], sequence(der(0x87, Buffer.from([127, 0, 0, 1])))),
      ),
    ),
  )
  const signature = sign('sha256', content, privateKey)
  const cert = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature))
  const lines = cert.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  }
}

/** One value of X.509's encoding: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const high = body.length >> 8
  const low = body.length & 0xff
  const length = body.length < 0x80 ? [low] : high === 0 ? [0x81, low] : [0x82, high, low]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content)

const objectId = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes))

const extension = (id: readonly number[], value: Buffer): Buffer => sequence(objectId(...id), der(0x04, value))

const utcTime = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))
