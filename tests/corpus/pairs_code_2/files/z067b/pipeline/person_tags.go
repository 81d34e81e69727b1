package pipeline

// 航线标签：检索页面按标签过滤
var ethTag = map[int]string{
	1: "沪汉",
	3: "沪宁",
	4: "沪藏",
	5: "沪疆", // 航班计划表
}

func Tags(p Flight) []string {
	var tags []string
	if p.Glasses {
		tags = append(tags, "远机位")
	}
	if p.Eth > 0 {
		tags = append(tags, ethTag[p.Eth])
	}
	return tags
}
