package api

import "testing"

// persons?skin=... narrows the gallery of walkers
func TestPersonFilterSkin(t *testing.T) {
	q := parse("skin=dark&upper=red")
	if q.Skin != "dark" {
		t.Fatalf("skin = %q", q.Skin)
	}
	if q.Upper != "red" {
		t.Fatalf("upper = %q", q.Upper)
	}
	got := match(q, []Walker{
		{ID: "a", Skin: "dark", Upper: "red"},
		{ID: "b", Skin: "light", Upper: "red"},
	})
	if len(got) != 1 || got[0].ID != "a" {
		t.Fatalf("got %v", got)
	}
}
