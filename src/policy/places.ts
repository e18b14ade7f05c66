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
