// What dependencies have and do not declare.
declare module 'cosmiconfig/dist/defaults.js' {
  export const metaSearchPlaces: string[]
}
declare module 'picomatch' {
  const picomatch: (glob: string, options: Record<string, boolean>) => (path: string) => boolean
  export default picomatch
}
// What scripts/build.js and scripts/engine.js put in place of these names. From source neither is there.
declare const GOWARDEN_VERSION: string
declare const GOWARDEN_COMMIT: string
declare const GOWARDEN_STANDALONE: boolean | undefined
