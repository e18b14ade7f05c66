/** The man page: what `gowarden --help` and each verb's `--help` say, so it cannot drift. `gowarden` runs the command. */
export function manPage(gowarden, version, date) {
  const help = gowarden(['--help'])
  const verbs = [...help.matchAll(/^ {2}([a-z]+)(?= [[<]| {2,}|\|)/gm)]
    .map(match => match[1])
    .filter(verb => verb !== 'help' && help.includes('Commands:'))
  const sections = verbs.map(verb => `.SS gowarden ${verb}\n${preformatted(gowarden([verb, '--help']))}`)
  return [
    `.TH GOWARDEN 1 "${date.toISOString().slice(0, 10)}" "gowarden ${version}"`,
    '.SH NAME',
    'gowarden \\- Git hook and build wrapper for Go',
    '.SH SYNOPSIS',
    '.B gowarden',
    'VERB [OPTIONS]',
    '.SH DESCRIPTION',
    preformatted(help),
    '.SH VERBS',
    ...sections,
    '',
  ].join('\n')
}

function preformatted(text) {
  const lines = text.trimEnd().split('\n')
  return `.nf\n${lines.map(line => escaped(line)).join('\n')}\n.fi`
}

/** A line that troff prints as it stands. */
function escaped(line) {
  const text = line.replaceAll('\\', '\\e').replaceAll('-', '\\-')
  return /^[.']/.test(text) ? `\\&${text}` : text
}
