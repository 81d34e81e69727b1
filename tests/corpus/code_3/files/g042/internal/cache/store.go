package cache

import "sync"

// Store is a small in-memory map guarded by a mutex. Earlier versions had a
// data race between Get and the janitor goroutine; run tests with -race.
type Store struct {
	mu    sync.RWMutex
	items map[string]entry
}

type entry struct {
	val    []byte
	expiry int64
}

func (s *Store) Get(k string, now int64) ([]byte, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, ok := s.items[k]
	if !ok || e.expiry < now {
		return nil, false
	}
	return e.val, true
}
