/** Names of modules and packages, as go.mod, go.sum, modules.txt and the module cache write them. */
import {latin1ToUtf8} from '../../git/path-bytes.ts'

/** A module at a version; '' where the go command writes none (a main module, a wildcard). Read as latin1, like go.sum and modules.txt. */
export type ModuleVersion = {path: string; version: string}

/** `path@version`, or the path alone: a key, and what go.sum and modules.txt hold. */
export function formatModule(module: ModuleVersion): string {
  return module.version === '' ? module.path : `${module.path}@${module.version}`
}

/** The same as a person reads it. */
export function moduleName(module: ModuleVersion): string {
  return latin1ToUtf8(formatModule(module))
}

export function sameModule(a: ModuleVersion, b: ModuleVersion): boolean {
  return a.path === b.path && a.version === b.version
}

/** Upper-case letters become `!` and the lower-case one, so that case-insensitive disks keep modules apart: module.EscapePath. */
export function escapeModule(text: string): string {
  return text.replace(/[A-Z]/g, letter => `!${letter.toLowerCase()}`)
}

/**
 * Where the module cache keeps `ESC(path)/@v/ESC(version).EXT`, relative to GOMODCACHE/cache/download. Undefined when the
 * names could leave that directory: such a module cannot exist.
 */
export function cachePath(module: ModuleVersion, extension: 'zip' | 'ziphash' | 'mod'): string | undefined {
  if (!isModulePath(module.path) || !/^[A-Za-z0-9.+_-]+$/.test(module.version)) return undefined
  return `${escapeModule(module.path)}/@v/${escapeModule(module.version)}.${extension}`
}

/** A module path the go command could have downloaded: module.CheckPath, less its rules on words. */
export function isModulePath(path: string): boolean {
  return (
    /^[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/.test(path) &&
    !path.split('/').some(element => /^\.+$/.test(element))
  )
}

/** Whether `path` is `directory` or lies beneath it. */
export function isWithin(path: string, directory: string): boolean {
  if (directory === '') return true
  return path.startsWith(directory) && (path.length === directory.length || path[directory.length] === '/')
}

/** Relative to `directory`: within('a/b/c', 'a') is 'b/c', within('a', 'a') is ''. */
export function relativeTo(path: string, directory: string): string {
  return directory === '' ? path : path.slice(directory.length + 1)
}

/** The standard library has no dot in the first element of its import paths; every module that can be downloaded has one. */
export function isStandard(importPath: string): boolean {
  const slash = importPath.indexOf('/')
  return !(slash < 0 ? importPath : importPath.slice(0, slash)).includes('.')
}
