/*
 * Copyright (c) 2023 rface devs
 * SPDX-License-Identifier: MIT
 */

//! Decoding of the attribute network output.

use ndarray::ArrayView1;

/// Labels in the order of the exported head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RaceLabel {
    Asian,
    Black,
    Indian,
    White,
    Other,
}

#[derive(Debug)]
pub struct FaceAttr {
    pub age: f32,
    pub label: RaceLabel,
}

pub fn decode(out: ArrayView1<f32>) -> FaceAttr {
    use RaceLabel::*;
    let tbl = [Asian, Black, Indian, White, Other];
    let mut best = 0;
    for i in 1..5 {
        if out[i] > out[best] {
            best = i;
        }
    }
    FaceAttr { age: out[5] * 100.0, label: tbl[best] }
}
