/** Who we are to a host, by ~/.netrc (cmd/go/internal/auth). */

export type Login = {user: string; password: string}

/**
 * The login for a URL of https; undefined where the file has none. As for go, `machine` is a host with its port where the URL names one,
 * and perhaps the beginning of a path: the longest that fits counts, of two alike the first. A macro ends at an empty line.
 */
export function loginFor(url: URL, netrc: string): Login | undefined {
  const logins = loginsIn(netrc)
  for (
    let prefix = `${url.host}${url.pathname}`.replace(/\/$/, '');
    ;
    prefix = prefix.slice(0, prefix.lastIndexOf('/'))
  ) {
    const login = logins.find(({machine}) => machine === prefix)
    if (login !== undefined) return {user: login.user, password: login.password}
    if (!prefix.includes('/')) return undefined
  }
}

function loginsIn(netrc: string): (Login & {machine: string})[] {
  const found: (Login & {machine: string})[] = []
  const nobody = {machine: '', user: '', password: ''}
  let login = {...nobody}
  let isMacro = false
  for (const line of netrc.split('\n')) {
    if (isMacro) {
      isMacro = line !== ''
      continue
    }
    const words = line.split(/\s+/).filter(word => word !== '')
    for (let at = 0; at + 1 < words.length; at += 2) {
      const value = words[at + 1] ?? ''
      switch (words[at]) {
        case 'machine':
          login = {...nobody, machine: value}
          break
        case 'login':
          login.user = value
          break
        case 'password':
          login.password = value
          break
        case 'macdef':
          isMacro = true
          break
        default:
          break
      }
      if (login.machine !== '' && login.user !== '' && login.password !== '') {
        found.push(login)
        login = {...nobody}
      }
    }
    if (words.length % 2 === 1 && words.at(-1) === 'default') break
  }
  return found
}
