module example.com/hello

go 1.18

require github.com/dustin/go-humanize v1.0.1
