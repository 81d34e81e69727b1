package store

import "time"

// FaceRow is one row per detection.
type FaceRow struct {
	ID        uint64 `gorm:"primaryKey"`
	Camera    string `gorm:"index"`
	SeenAt    time.Time
	Age       int
	Race      string `gorm:"size:16;index"` // argmax of the attr net
	Glasses   bool
	Embedding []byte
}

func (FaceRow) TableName() string { return "faces" }
