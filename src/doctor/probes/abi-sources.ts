/** Go code for which the compiler calls the runtime: each file asks for another part of it, and imports nothing. */
/** `since` is the first Go that can read it. The first of them every compiler can. */
export type ProbeSource = {since: string; name: string; source: string}

export const probes: readonly ProbeSource[] = [
  {
    since: '1.18',
    name: 'values',
    source: `package probe

type T struct {
	next *T
	text string
	list []int
}

func New(t *T) *T            { n := new(T); n.next = t; t.next = n; return n }
func Big() *[1 << 20]int     { return new([1 << 20]int) }
func Make(n int) []string    { return make([]string, n) }
func Make64(n int64) []int64 { return make([]int64, n) }
func Grow(s []T, t T) []T    { return append(s, t, t) }
func Join(s, t []T) []T      { return append(s, t...) }
func Copy(s, t []string) int { return copy(s, t) }
func Index(s []int, n int) int {
	return s[n] + len(s[n:]) + len(s[:n]) + len(s[n:n+1:n+2])
}
func IndexU(s []int, n uint) int  { return s[n] + len(s[n:]) + len(s[:n]) + len(s[n:n+1:n+2]) }
func Text(s string, n int) string { return s[n:] + s[:n] }
func Array(s []int) [4]int        { return *(*[4]int)(s) }
func Zero(t *[512]T)              { *t = [512]T{} }
func Move(t, u *[512]T)           { *t = *u }
func Equal(t, u [9]T) bool        { return [9]string{t[0].text} == [9]string{u[0].text} }
func Divide(a, b int, c, d int64) (int, int64) { return a / b, c % d }
func Complex(a, b complex128) complex128 { return a / b }
func Shift(a, b int) int                 { return a << b }
func Float(a uint64, b float64) (float64, uint64) { return float64(a), uint64(b) }
func Nil(t *T) string                    { return t.next.text }
`,
  },
  {
    since: '1.18',
    name: 'texts',
    source: `package probe

func Concat(a, b, c, d, e, f string) []string { return []string{a + b, a + b + c, a + b + c + d, a + b + c + d + e, a + b + c + d + e + f} }
func Bytes(s string) []byte         { return []byte(s) }
func String(b []byte) string        { return string(b) }
func Runes(s string) []rune         { return []rune(s) }
func OfRunes(r []rune) string       { return string(r) }
func OfRune(r rune) string          { return string(r) }
func Less(a, b string) bool         { return a < b }
func Same(a, b string) bool         { return a == b }
func Range(s string) (n int)        { for _, r := range s { n += int(r) }; return }
func Count(s string) int            { return len([]rune(s)) }
func Switch(s string, b []byte) int { switch s { case "one": return 1; case string(b): return 2 }; return 0 }
func Key(m map[string]int, b []byte) int { return m[string(b)] }
func Print(a int, b uint, c float64, d complex128, e string, f any, g []int, h bool, p *int) {
	println(a, b, c, d, e, f, g, h, p)
	print("x")
}
`,
  },
  {
    since: '1.18',
    name: 'maps',
    source: `package probe

type K struct{ a, b string }

func Small() map[string]int        { return map[string]int{} }
func Sized(n int) map[K]int        { return make(map[K]int, n) }
func Sized64(n int64) map[K]int    { return make(map[K]int, n) }
func Use(m map[K][300]int, k K) int { m[k] = [300]int{}; delete(m, k); v, ok := m[k]; if !ok { return len(m) }; return v[0] }
func Use32(m map[uint32]int) int   { m[1]++; delete(m, 1); v, ok := m[2]; if !ok { return 0 }; return v + m[3] }
func Use64(m map[uint64]int) int   { m[1]++; delete(m, 1); v, ok := m[2]; if !ok { return 0 }; return v + m[3] }
func UseText(m map[string]int) int { m["a"]++; delete(m, "a"); v, ok := m["b"]; if !ok { return 0 }; return v + m["c"] }
func UsePointer(m map[*int]*int, p *int) *int { m[p] = p; return m[p] }
func UsePointer32(m map[int32]*int, p *int)   { m[1] = p }
func Any(m map[any]int, k any) int { m[k]++; delete(m, k); return m[k] }
func Float(m map[float64]int, c map[complex128]int) int { m[1]++; c[1]++; return m[2] }
func Range(m map[K]int) (n int)    { for k, v := range m { n += v + len(k.a) }; return }
func Clear(m map[K]int)            { for k := range m { delete(m, k) } }
func Large() map[int]string {
	return map[int]string{1: "a", 2: "b", 3: "c", 4: "d", 5: "e", 6: "f", 7: "g", 8: "h", 9: "i", 10: "j", 11: "k", 12: "l", 13: "m", 14: "n", 15: "o", 16: "p", 17: "q", 18: "r", 19: "s", 20: "t", 21: "u", 22: "v", 23: "w", 24: "x", 25: "y", 26: "z", 27: "0"}
}
`,
  },
  {
    since: '1.18',
    name: 'interfaces',
    source: `package probe

type I interface{ M() int }
type J interface {
	I
	N()
}
type A int
type B struct{ a, b, c int }

func (a A) M() int  { return int(a) }
func (b *B) M() int { return b.a }
func (b *B) N()     {}

func Box(a int, b uint16, c uint32, d uint64, s string, l []int, x B) []any { return []any{a, b, c, d, s, l, x, &x} }
func ToI(v any) I             { return v.(I) }
func ToIOk(v any) (I, bool)   { i, ok := v.(I); return i, ok }
func ToA(v any) A             { return v.(A) }
func ToAOk(i I) (A, bool)     { a, ok := i.(A); return a, ok }
func Convert(j J) I           { return j }
func Equal(a, b any) bool     { return a == b }
func EqualI(a, b I) bool      { return a == b }
func Call(i I) int            { return i.M() }
func Method(i I) func() int   { return i.M }
func Switch(v any) int {
	switch v := v.(type) {
	case int:
		return v
	case string:
		return len(v)
	case J:
		return v.M()
	case I:
		return v.M()
	case nil:
		return 0
	}
	return -1
}
func Generic[T comparable](a, b T) bool { return a == b }
func Use() bool                         { return Generic("a", "b") && Generic(1, 2) && Generic[any](1, 2) && Generic(B{}, B{}) }
`,
  },
  {
    since: '1.18',
    name: 'goroutines',
    source: `package probe

func Start(f func(int), n int) { go f(n); go func() { f(n) }() }
func Make(n int) chan int      { return make(chan int, n) }
func Make64(n int64) chan int  { return make(chan int, n) }
func Send(c chan<- [9]int)     { c <- [9]int{} }
func Receive(c <-chan int) (int, bool) { v, ok := <-c; return v + <-c, ok }
func Close(c chan int)         { close(c); for range c {} }
func Length(c chan int) int    { return len(c) + cap(c) }
func Try(c, d chan int) int {
	select {
	case c <- 1:
	default:
	}
	select {
	case v := <-c:
		return v
	default:
	}
	select {
	case v, ok := <-c:
		if ok {
			return v
		}
	case d <- 2:
	case v := <-d:
		return v
	}
	return 0
}
func Forever() { select {} }
func Defer(f func()) (err any) {
	defer f()
	defer func() { err = recover() }()
	for i := 0; i < 3; i++ {
		defer f()
	}
	panic("x")
}
func DeferMany(f func(), n int) { if n > 0 { defer f() }; if n > 1 { defer f() }; f() }
`,
  },
  {
    since: '1.20',
    name: 'unsafe',
    source: `package probe

import "unsafe"

func Slice(p *int, n int) []int        { return unsafe.Slice(p, n) }
func Slice64(p *int, n int64) []int    { return unsafe.Slice(p, n) }
func Text(p *byte, n int) string       { return unsafe.String(p, n) }
func Data(s string, b []int) (*byte, *int) { return unsafe.StringData(s), unsafe.SliceData(b) }
func Array(s []int) [4]int             { return [4]int(s) }
`,
  },
  {
    since: '1.21',
    name: 'builtins',
    source: `package probe

func Clear(m map[string]int, f map[float64]int, s []string) { clear(m); clear(f); clear(s) }
func Least(a, b string, c, d float64) (string, float64) { return min(a, b), max(c, d) }
`,
  },
  {
    since: '1.23',
    name: 'ranges',
    source: `package probe

func Over(seq func(yield func(int) bool), f func()) (n int) {
	for v := range seq {
		defer f()
		if v == 3 {
			return v
		}
		n += v
	}
	for range 3 {
		n++
	}
	return
}
`,
  },
]
