/** Each names which machines of one architecture a build is for (internal/buildcfg); GO386 among them. */
export const levelVariables = [
  'GO386',
  'GOAMD64',
  'GOARM',
  'GOARM64',
  'GOMIPS',
  'GOMIPS64',
  'GOPPC64',
  'GORISCV64',
  'GOWASM',
] as const

/** Whether a name is one of them. */
export function isLevelVariable(name: string): boolean {
  return (levelVariables as readonly string[]).includes(name)
}
