package main

import (
	"flag"
	"photo/tagger/nn"
	"photo/tagger/xmp"
)

func main() {
	flag.Parse()
	net := nn.MustOpen("scripts.onnx") // Latin, Cyrillic, Arab, Han, Devanagari
	for _, f := range flag.Args() {
		for _, line := range nn.TextLines(f) {
			script, _ := net.Top1(line)
			xmp.Add(f, "Text|Script|" + script)
		}
	}
}
