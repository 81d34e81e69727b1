package api

import "testing"

// theme?skin=... picks the colours of the web player
func TestPlayerThemeSkin(t *testing.T) {
	q := parse("skin=dark&upper=red")
	if q.Skin != "dark" {
		t.Fatalf("skin = %q", q.Skin)
	}
	if q.Upper != "red" {
		t.Fatalf("upper = %q", q.Upper)
	}
	got := style(q, []Button{
		{ID: "a", Skin: "dark", Upper: "red"},
		{ID: "b", Skin: "light", Upper: "red"},
	})
	if len(got) != 1 || got[0].ID != "a" {
		t.Fatalf("got %v", got)
	}
}
