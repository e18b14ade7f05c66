import {existsSync, readdirSync, readFileSync} from 'node:fs'

/** The licences of what the executable holds: gowarden's dependencies with their texts, and Bun's runtime. */
export function licenceNotes(bunVersion) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
  const bundled = Object.entries(lock).filter(([path, {dev, optional}]) => path !== '' && !dev && !optional)
  const notes = bundled.map(([path, {version, license}]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return [`${name} ${version}: ${license}`, '', licenceText(path)].join('\n')
  })
  return [
    'gowarden: Apache-2.0, see LICENSE. The executable also holds:',
    `Bun ${bunVersion}: MIT; it is linked with JavaScriptCore (LGPL-2.1) and the libraries that Bun's licence page names.`,
    'Relinking it with another JavaScriptCore: npm run standalone in the source of gowarden, with a bun of your own in place of @oven/bun-*.',
    ...notes,
  ].join('\n\n----------------------------------------------------------------------\n\n')
}

function licenceText(path) {
  const file = existsSync(path)
    ? readdirSync(path).find(name => /^(licen[cs]e|copying)/i.test(name))
    : undefined
  return file === undefined
    ? '(its package holds no text of the licence)'
    : readFileSync(`${path}/${file}`, 'utf8').trim()
}
