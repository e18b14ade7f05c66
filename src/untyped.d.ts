// What dependencies have and do not declare.
declare module 'cosmiconfig/dist/defaults.js' {
  export const metaSearchPlaces: string[]
}
declare const GOWARDEN_VERSION: string
