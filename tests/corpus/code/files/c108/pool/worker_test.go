package pool

import (
	"sync"
	"testing"
)

// Run with: go test -race ./...
func TestPoolRace(t *testing.T) {
	p := New(4)
	var wg sync.WaitGroup
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func(n int) {
			defer wg.Done()
			p.Submit(func() { _ = n * n })
		}(i)
	}
	wg.Wait()
	if got := p.Done(); got != 100 {
		t.Fatalf("done = %d, want 100", got)
	}
}
