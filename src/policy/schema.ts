/** The published schema of policy files. */
import type {System} from '../system/system.ts'

/** The schema's text, as `config/schema.json` holds it. `packageFolder` is gowarden's own. */
export function readSchema(system: System, packageFolder: string): string {
  return system.files.read(`${packageFolder}/config/schema.json`)?.toString() ?? ''
}
