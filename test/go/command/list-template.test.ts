import * as assert from 'uvu/assert'
import {withToolchainHash} from '../../../src/go/command/list-template.ts'
import {suite} from '../../support/suite.ts'

/** A template, and what becomes of it with the hash `h`; the same text where nothing does. */
const cases: [template: string, after: string][] = [
  ['{{.ImportPath}}', '{{.ImportPath}}'],
  ['.ToolchainHash', '.ToolchainHash'],
  ['{{.ToolchainHash}}', '{{"h"}}'],
  ['{{$.ToolchainHash}}', '{{"h"}}'],
  ['{{- .ToolchainHash -}}', '{{- "h" -}}'],
  ['{{-\n.ToolchainHash\t-}}', '{{-\n"h"\t-}}'],
  ['{{.ImportPath}} {{.ToolchainHash}}\n', '{{.ImportPath}} {{"h"}}\n'],
  ['{{.ToolchainHash | printf "%q"}}', '{{"h" | printf "%q"}}'],
  ['{{printf "%s %s" .ToolchainHash .Name}}', '{{printf "%s %s" "h" .Name}}'],
  ['{{if .ToolchainHash}}{{.Name}}{{end}}', '{{if "h"}}{{.Name}}{{end}}'],
  ['{{if eq (.ToolchainHash) "x"}}{{end}}', '{{if eq ("h") "x"}}{{end}}'],
  ['{{if .DepOnly}}{{else if .ToolchainHash}}{{end}}', '{{if .DepOnly}}{{else if "h"}}{{end}}'],
  ['{{$h := .ToolchainHash}}{{$h}}', '{{$h := "h"}}{{$h}}'],
  ['{{$h:=.ToolchainHash}}', '{{$h:="h"}}'],
  ['{{with .ToolchainHash}}{{.}}{{end}}', '{{with "h"}}{{.}}{{end}}'],
  ['{{range .Deps}}{{$.ToolchainHash}}{{end}}', '{{range .Deps}}{{"h"}}{{end}}'],
  ['{{range .Deps}}{{end}}{{.ToolchainHash}}', '{{range .Deps}}{{end}}{{"h"}}'],
  ['{{range .Deps}}{{else}}{{.ToolchainHash}}{{end}}', '{{range .Deps}}{{else}}{{"h"}}{{end}}'],
  ['{{with .}}{{.ToolchainHash}}{{end}}', '{{with .}}{{"h"}}{{end}}'],
  ['{{with $ -}}{{.ToolchainHash}}{{end}}', '{{with $ -}}{{"h"}}{{end}}'],
  ['{{block "b" .}}{{.ToolchainHash}}{{end}}', '{{block "b" .}}{{"h"}}{{end}}'],
  ['{{"}}"}}{{.ToolchainHash}}', '{{"}}"}}{{"h"}}'],
  ['{{"\\"}}"}}{{.ToolchainHash}}', '{{"\\"}}"}}{{"h"}}'],
  ['{{/* }} */}}{{.ToolchainHash}}', '{{/* }} */}}{{"h"}}'],
  // What is not the package's field.
  ['{{".ToolchainHash"}}', '{{".ToolchainHash"}}'],
  ['{{`.ToolchainHash`}}', '{{`.ToolchainHash`}}'],
  ['{{/* .ToolchainHash */}}', '{{/* .ToolchainHash */}}'],
  ['{{- /* {{.ToolchainHash}} */ -}}', '{{- /* {{.ToolchainHash}} */ -}}'],
  ['{{.ToolchainHashes}}', '{{.ToolchainHashes}}'],
  ['{{.ToolchainHash.Name}}', '{{.ToolchainHash.Name}}'],
  ['{{.Module.ToolchainHash}}', '{{.Module.ToolchainHash}}'],
  ['{{(index .Deps 0).ToolchainHash}}', '{{(index .Deps 0).ToolchainHash}}'],
  ['{{$x.ToolchainHash}}', '{{$x.ToolchainHash}}'],
  ['{{with .Module}}{{.ToolchainHash}}{{end}}', '{{with .Module}}{{.ToolchainHash}}{{end}}'],
  [
    '{{with .Module}}{{if .Main}}{{.ToolchainHash}}{{end}}{{end}}',
    '{{with .Module}}{{if .Main}}{{.ToolchainHash}}{{end}}{{end}}',
  ],
  [
    '{{with .Module}}{{else with .Error}}{{.ToolchainHash}}{{end}}',
    '{{with .Module}}{{else with .Error}}{{.ToolchainHash}}{{end}}',
  ],
  ['{{define "d"}}{{.ToolchainHash}}{{end}}', '{{define "d"}}{{.ToolchainHash}}{{end}}'],
  // What the go command refuses.
  ['{{.ToolchainHash', '{{.ToolchainHash'],
  ['{{"unclosed .ToolchainHash}}', '{{"unclosed "h"}}'],
  ['{{end}}{{else}}{{.ToolchainHash}}', '{{end}}{{else}}{{"h"}}'],
]

suite('go/command/list-template', test => {
  for (const [template, after] of cases) {
    test(JSON.stringify(template), () => {
      assert.is(withToolchainHash(template, 'h'), after)
    })
  }
})
