/** How a policy file names the schema, so that editors complete it: by a path in the repository, for no network host is ours. */
import {relative} from 'node:path'
import type {System} from '../system/system.ts'
import {policyDirectories} from './find.ts'

/** The name for a copy beside the policy file, where gowarden is not in node_modules: `gowarden policy --schema` prints it. */
export const schemaCopy = './.gowarden.schema.json'

/** The schema as a policy file in this directory names it: of the gowarden in node_modules, else its copy beside the file. */
export function schemaPlace(system: System, directory: string): string {
  for (const at of policyDirectories(system, directory)) {
    const path = `${at === '/' ? '' : at}/node_modules/gowarden/config/schema.json`
    if (system.files.stat(path) === undefined) continue
    const place = relative(directory, path)
    return place.startsWith('.') ? place : `./${place}`
  }
  return schemaCopy
}

/** The first line of a policy file in YAML. In JSON the same place stands under the key "$schema". */
export function schemaLine(place: string): string {
  return `# yaml-language-server: $schema=${place}`
}

/** The schema's text, as `config/schema.json` holds it. `packageFolder` is gowarden's own. */
export function readSchema(system: System, packageFolder: string): string {
  return system.files.read(`${packageFolder}/config/schema.json`)?.toString() ?? ''
}
