package models

import (
	"encoding/json"
)

// PlayerInfo 玩家信息
type PlayerInfo struct {
	// 玩家 ID
	PlayerId *string `json:"PlayerId,omitnil,omitempty" name:"PlayerId"`

	// 种族：人类、精灵、兽人、亡灵
	Race *string `json:"Race,omitnil,omitempty" name:"Race"`

	// 所属部落
	Tribe *string `json:"Tribe,omitnil,omitempty" name:"Tribe"`

	// 阵营
	Faction *string `json:"Faction,omitnil,omitempty" name:"Faction"`

	// 皮肤编号
	SkinId *int64 `json:"SkinId,omitnil,omitempty" name:"SkinId"`

}

func (r *PlayerInfo) ToJsonString() string {
	b, _ := json.Marshal(r)
	return string(b)
}

// RaceRank 竞速赛排行
type RaceRank struct {
	// 名次
	Rank *int64 `json:"Rank,omitnil,omitempty" name:"Rank"`

	// 用时（秒）
	Time *float64 `json:"Time,omitnil,omitempty" name:"Time"`

}

func (r *RaceRank) ToJsonString() string {
	b, _ := json.Marshal(r)
	return string(b)
}
