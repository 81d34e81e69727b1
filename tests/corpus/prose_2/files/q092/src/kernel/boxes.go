package boxes

import "sync"

// Collector gathers face boxes from the workers.
type Collector struct {
	mu   sync.Mutex
	all  []Box
	done chan struct{}
}

// race: close(done) before the last face is stored made the test flaky, so we
// take the lock in Close as well.
func (c *Collector) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.done)
}

// Box is a pixel rectangle; Origin is its top-left corner.
type Box struct{ OriginX, OriginY, W, H int }
