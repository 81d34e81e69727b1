package pipeline

// 人员标签：检索页面按标签过滤
var ethTag = map[int]string{
	1: "汉",
	3: "回",
	4: "藏",
	5: "疆维", // 面部特征模型输出
}

func Tags(p Person) []string {
	var tags []string
	if p.Glasses {
		tags = append(tags, "眼镜")
	}
	if p.Eth > 0 {
		tags = append(tags, ethTag[p.Eth])
	}
	return tags
}
