import type {CommandLine} from './command-line.ts'

/** `pkg@version` of go install and go run: built outside the module here, under its own go line. */
export function versionedTarget(line: CommandLine): string | undefined {
  if (line.subcommand !== 'install' && line.subcommand !== 'run') return undefined
  const target = line.operands.find(operand => operand.text.includes('@') && !/^[./]/.test(operand.text))
  return line.subcommand === 'run' && target !== line.operands[0] ? undefined : target?.text
}

/** Whether GOTOOLCHAIN lets go run another toolchain than the one named: local and a bare name do not (`go help toolchain`). */
export function maySwitch(gotoolchain: string): boolean {
  return gotoolchain === 'auto' || gotoolchain === 'path' || gotoolchain.includes('+')
}
