/** Who we are to a host, by ~/.netrc (cmd/go/internal/auth). */

export type Login = {user: string; password: string}

/** The first login of a host; undefined where the file has none. A macro ends at an empty line. */
export function loginFor(host: string, netrc: string): Login | undefined {
  let machine = ''
  let user = ''
  let password = ''
  let isMacro = false
  for (const line of netrc.split('\n')) {
    if (isMacro) {
      isMacro = line.trim() !== ''
      continue
    }
    const words = line.split(/\s+/).filter(word => word !== '')
    for (let at = 0; at + 1 < words.length; at += 2) {
      const value = words[at + 1] ?? ''
      switch (words[at]) {
        case 'machine':
          ;[machine, user, password] = [value, '', '']
          break
        case 'login':
          user = value
          break
        case 'password':
          password = value
          break
        case 'macdef':
          isMacro = true
          break
        default:
          break
      }
      if (machine === host && user !== '' && password !== '') return {user, password}
    }
    if (words.length % 2 === 1 && words.at(-1) === 'default') return undefined
  }
  return undefined
}
