import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'

/**
 * Takes OpenTelemetry's packages as ES modules, so that esbuild leaves out what is not used: 70 kB in the place of 300. By default it takes
 * the main file, which is CommonJS.
 */
export const smallerOpenTelemetry = {
  name: 'smaller-opentelemetry',
  setup(builder) {
    builder.onResolve({filter: /^@opentelemetry\/[\w-]+$/}, ({path, importer}) => {
      const file = packageFile(createRequire(importer).resolve(path))
      const {module} = JSON.parse(readFileSync(file, 'utf8'))
      return module === undefined ? undefined : {path: join(dirname(file), module), sideEffects: false}
    })
  },
}

/** The package.json above a file: one with a name, for build/esm may have its own. */
function packageFile(path) {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    try {
      const file = join(at, 'package.json')
      if (JSON.parse(readFileSync(file, 'utf8')).name !== undefined) return file
    } catch {
      // further up
    }
  }
  throw new Error(`${path} lies in no package`)
}
