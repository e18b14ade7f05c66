/** Where a repository may keep its policy, the first that exists counts; for package.json only its key "gowarden". */
export const policyPlaces = [
  '.gowardenrc.yaml',
  '.gowardenrc.yml',
  '.gowardenrc.json',
  'package.json',
] as const

/** A policy file that holds what the schema allows. */
export type PolicyFile = {path: string; value: Record<string, unknown>}
