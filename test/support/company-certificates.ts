/** Certificates as a company makes them: an authority, and what it signs. X.509 in DER, by hand, so that no program is needed (RFC 5280). */
import {createSign, generateKeyPairSync, type KeyObject} from 'node:crypto'
import {isIP} from 'node:net'

export type Certificate = {cert: string; key: string}

export type Authority = {cert: string; sign(asked: Asked): Certificate}

/** `names` are hosts and addresses; the years are those of its first and last January. */
export type Asked = {names: string[]; from?: number; to?: number}

/** An authority that nobody trusts yet. */
export function makeAuthority(name: string): Authority {
  const pair = generateKeyPairSync('ec', {namedCurve: 'P-256'})
  const subject = nameOf(name)
  const own = certificate({
    issuer: subject,
    subject,
    years: [2020, 2049],
    key: pair.publicKey,
    signer: pair.privateKey,
    extensions: [extension('551d13', sequence(boolean), true)],
  })
  return {
    cert: own,
    sign: ({names, from = 2020, to = 2049}) => {
      const leaf = generateKeyPairSync('ec', {namedCurve: 'P-256'})
      return {
        key: leaf.privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
        cert: certificate({
          issuer: subject,
          subject: nameOf('a server'),
          years: [from, to],
          key: leaf.publicKey,
          signer: pair.privateKey,
          extensions: [extension('551d11', sequence(...names.map(alternative)), false)],
        }),
      }
    },
  }
}

type Parts = {
  issuer: Buffer
  subject: Buffer
  years: [number, number]
  key: KeyObject
  signer: KeyObject
  extensions: Buffer[]
}

let serial = 0

function certificate({issuer, subject, years, key, signer, extensions}: Parts): string {
  serial += 1
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([serial])),
    algorithm,
    issuer,
    sequence(
      ...years.map(year => tagged(0x17, Buffer.from(`${String(year % 100).padStart(2, '0')}0101000000Z`))),
    ),
    subject,
    key.export({type: 'spki', format: 'der'}),
    tagged(0xa3, sequence(...extensions)),
  )
  const signature = createSign('sha256').update(body).sign(signer)
  const whole = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function tagged(tag: number, content: Buffer): Buffer {
  const {length} = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

const oid = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'))
/** ecdsa-with-SHA256. */
const algorithm = sequence(oid('2a8648ce3d040302'))
const boolean = tagged(0x01, Buffer.of(255))

function nameOf(common: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(common)))))
}

function extension(id: string, value: Buffer, isCritical: boolean): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean] : []), tagged(0x04, value))
}

function alternative(name: string): Buffer {
  return isIP(name) === 4
    ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
    : tagged(0x82, Buffer.from(name))
}
