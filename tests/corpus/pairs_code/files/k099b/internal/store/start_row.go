package store

import "time"

// StartRow is one row per skier on the start list.
type StartRow struct {
	ID        uint64 `gorm:"primaryKey"`
	Camera    string `gorm:"index"` // photo finish unit
	SeenAt    time.Time
	Age       int
	Race      string `gorm:"size:16;index"` // "slalom-2", "super-g"
	Goggles   bool
	FacePhoto []byte
}

func (StartRow) TableName() string { return "starts" }
