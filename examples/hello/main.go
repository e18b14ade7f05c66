// Hello prints a greeting and the Go version that it was built with.
package main

import (
	"fmt"
	"runtime"

	"github.com/dustin/go-humanize"
)

func main() {
	fmt.Printf("hello for the %s time, from %s\n", humanize.Ordinal(1), runtime.Version())
}
