package main

import (
	"flag"
	"photo/tagger/nn"
	"photo/tagger/xmp"
)

func main() {
	flag.Parse()
	net := nn.MustOpen("looks.onnx") // Slavic, Nordic, Arab, Han, Indian
	for _, f := range flag.Args() {
		for _, face := range nn.Faces(f) {
			look, _ := net.Top1(face)
			xmp.Add(f, "People|Look|" + look)
		}
	}
}
