-- 国家字典，用于收货地址
INSERT INTO `sys_dict_data` (`dict_type`, `dict_label`, `dict_value`, `sort`) VALUES
('country', '中国', 'CN', 1),
('country', '土耳其', 'TR', 2),
('country', '哈萨克斯坦', 'KZ', 3),
('country', '格鲁吉亚', 'GE', 4),
('country', '塔吉克斯坦', 'TJ', 5),
('country', '乌干达', 'UG', 6),
('country', '蒙古', 'MN', 7),
('country', '德国', 'DE', 8);
