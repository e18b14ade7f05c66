/** Numbers that look random and are the same in every run, so that a failure comes again. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** One of a few small damages: a byte flipped, a range removed, doubled, or filled with other bytes. */
export function damage(bytes: Buffer, random: (below: number) => number): Buffer {
  const at = random(bytes.length)
  const length = 1 + random(Math.min(40, bytes.length - at))
  switch (random(5)) {
    case 0: {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random(8))
      return flipped
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
    case 3: {
      const filled = Buffer.from(bytes)
      for (let i = 0; i < length; i++) filled[at + i] = random(256)
      return filled
    }
    default:
      return bytes.subarray(0, at)
  }
}
