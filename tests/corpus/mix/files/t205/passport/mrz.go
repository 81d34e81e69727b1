/*
 * Copyright (c) 2021 mrzkit
 * SPDX-License-Identifier: MIT
 */

// Package mrz parses the machine readable zone of passports (TD3).
package mrz

import (
	"errors"
	"strings"
)

type Passport struct {
	Number, Nationality, Birth, Sex, Expiry string
}

func clean(s string) string { return strings.Trim(s, "<") }

// Parse reads the two lines of 44 characters.
func Parse(l1, l2 string) (*Passport, error) {
	if len(l1) != 44 || len(l2) != 44 {
		return nil, errors.New("mrz: wrong length")
	}
	return &Passport{
		Number:      clean(l2[0:9]),
		Nationality: clean(l2[10:13]),
		Birth:       l2[13:19],
		Sex:         l2[20:21],
		Expiry:      l2[21:27],
	}, nil
}
