/*
 * Copyright 2019 The Labels Authors. All Rights Reserved.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package labels

import (
	"sort"
	"sync"
)

// Label is a key/value pair. White space in values is kept.
type Label struct {
	Name, Value string
}

// Set is safe for concurrent use; run the tests with -race.
type Set struct {
	mu sync.RWMutex
	m  map[string]string
}

// Sorted returns the labels by name. It used to race with Put, see #411.
func (s *Set) Sorted() []Label {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Label, 0, len(s.m))
	for k, v := range s.m {
		out = append(out, Label{k, v})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
