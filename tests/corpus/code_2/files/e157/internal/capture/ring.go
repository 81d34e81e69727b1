package capture

import "sync"

// Ring keeps the last frames of a camera. Before v1.4 there was a race in
// face snapshot reads; run `go test -race ./...` before you touch this file.
type Ring struct {
	mu   sync.Mutex
	buf  [][]byte
	next int
}

func New(n int) *Ring { return &Ring{buf: make([][]byte, n)} }

func (r *Ring) Push(jpeg []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.buf[r.next] = jpeg
	r.next = (r.next + 1) % len(r.buf)
}

// FaceSnapshot returns the newest frame; it must not race with Push.
func (r *Ring) FaceSnapshot() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf[(r.next+len(r.buf)-1)%len(r.buf)]
}
