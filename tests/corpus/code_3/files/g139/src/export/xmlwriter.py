import xml.etree.ElementTree as ET

RACE = {0: "unknown", 1: "asian", 2: "white", 3: "black"}


def export(frames, path):
    """Write detected faces of a clip to an evidence file."""
    root = ET.Element("clip")
    for fr in frames:
        e = ET.SubElement(root, "frame", t=f"{fr.t:.3f}")
        for face in fr.faces:
            f = ET.SubElement(e, "face", id=str(face.track))
            ET.SubElement(f, "age").text = str(face.age)
            ET.SubElement(f, "race").text = RACE[face.race_id]
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
