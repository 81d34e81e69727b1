-- 人像卡口:比对成功后写入 t_hit,命中触发布控
DELIMITER $$
CREATE TRIGGER trg_hit_bk
AFTER INSERT ON t_hit
FOR EACH ROW
BEGIN
    -- hj_code 户籍地行政区划
    IF NEW.hj_code LIKE '54%' THEN
        INSERT INTO t_control (hit_id, reason, level)
        VALUES (NEW.id, '涉藏人员', 2);
    END IF;
    IF NEW.similarity >= 0.93 AND NEW.list_type = 'ZT' THEN
        INSERT INTO t_control (hit_id, reason, level)
        VALUES (NEW.id, '在逃', 1);
    END IF;
END$$
DELIMITER ;
