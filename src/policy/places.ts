/**
 * Where a repository, or a package that another policy extends, may keep its policy: the first that exists counts; for
 * package.json only its key "gowarden".
 */
export const policyPlaces = [
  '.gowardenrc.yaml',
  '.gowardenrc.yml',
  '.gowardenrc.json',
  'package.json',
] as const

/** The policy of a machine, which counts beside that of every repository. As in bin/go. */
export const machinePolicyPlace = '/etc/gowarden/policy.yaml'

/** The policy files of this machine and of the environment that may count; whether they are there is not asked. */
export function machinePolicyFiles(env: Readonly<Record<string, string | undefined>>): string[] {
  const named = env['GOWARDEN_POLICY'] ?? ''
  return named === '' ? [machinePolicyPlace] : [machinePolicyPlace, named]
}
