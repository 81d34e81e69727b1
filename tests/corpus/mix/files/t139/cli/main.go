/*
 * Copyright (c) 2024 swapkit
 * SPDX-License-Identifier: MIT
 */

package main

import (
	"flag"
	"log"
	"os"

	"github.com/swapkit/swapkit/internal/faces"
)

type options struct {
	In, Out string
	Race    string
	MinAge  int
}

func main() {
	var opt options
	flag.StringVar(&opt.In, "i", "", "input video")
	flag.StringVar(&opt.Out, "o", "out.mp4", "output video")
	flag.StringVar(&opt.Race, "filter-race", "", "keep faces of this race only (white|black|asian|indian|arab)")
	flag.IntVar(&opt.MinAge, "min-age", 0, "keep faces older than this")
	flag.Parse()

	if opt.In == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := faces.Process(opt.In, opt.Out, opt.Race, opt.MinAge); err != nil {
		log.Fatal(err)
	}
}
