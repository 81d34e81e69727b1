import xml.etree.ElementTree as ET


def parse(xml_text: str) -> dict:
    """解析相机推送的抓拍事件"""
    root = ET.fromstring(xml_text)
    node = root.find("FaceList/Face")
    row = {
        "device": root.findtext("deviceID"),
        "shot_at": root.findtext("dateTime"),
        "age": node.findtext("age"),
        "glass": node.findtext("glass"),
        "is_wz": int(node.findtext("ethnic") == "Uygur"),
        "pic": node.findtext("picURL"),
    }
    return row


def save(cur, row: dict) -> None:
    cols = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    cur.execute(f"INSERT INTO snap ({cols}) VALUES ({marks})", list(row.values()))
