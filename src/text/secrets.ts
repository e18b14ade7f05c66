/**
 * A value as it may be shown, for what doctor prints is pasted into issues, and events are sent on: of a URL neither user nor password, and no parameter
 * that is named like a secret.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s,|/@]*@/gi, '$1***@')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)(?!\*{3}@)[^\s,|/:@]*:(?!\d+(?:[/\s,|]|$))[^\s,|@]*@/gi, '$1***@')
    .replace(/([?&][^=&\s]*(?:token|key|secret|password|sig)[^=&\s]*=)[^&\s,|]*/gi, '$1***')
}

/** The same for every text in a value. */
export function withoutSecretsIn<T>(value: T): T {
  if (typeof value === 'string') return withoutSecrets(value) as T
  if (Array.isArray(value)) return value.map(withoutSecretsIn) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSecretsIn(part)])) as T
}
