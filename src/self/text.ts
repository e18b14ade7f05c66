/** What `gowarden self remove` says. */
import {oneLine} from '../text/one-line.ts'
import type {Traces} from './remove.ts'

/** What is here, as a list; one line where there is nothing. */
export function tracesText({launchers, versions, toolchains, store, caches, records}: Traces): string {
  const lines = [
    ...launchers.map(folder => `${folder}: the launcher`),
    ...caches.map(path => `${path}: a build cache that isolate made`),
    ...records.map(path => `${path}: a record inside a build cache`),
    ...(store === undefined ? [] : [`${store}: what gowarden remembers`]),
    ...versions.map(path => `${path}: an installed version`),
    ...toolchains.map(path => `${path}: a Go toolchain that gowarden installed`),
  ]
  return lines.length === 0
    ? 'gowarden left nothing here to remove\n'
    : lines.map(line => `${oneLine(line)}\n`).join('')
}

/** What only the person can remove, each with how; '' where there is nothing. */
export function leftText({shellLines, package: lies}: Traces): string {
  const lines = [
    ...shellLines.map(({file, line, text}) => `in ${file}, line ${line}, remove: ${text}`),
    ...(lies === undefined
      ? []
      : [
          `gowarden itself is in ${lies}: remove it with what installed it (npm uninstall -g gowarden, apt remove gowarden, or rm)`,
        ]),
    'hooks and policy of a repository: run gowarden init --remove there first',
  ]
  return `not removed:\n${lines.map(line => `  ${oneLine(line)}\n`).join('')}`
}
